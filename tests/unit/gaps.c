/* SPDX-License-Identifier: ISC */
#include "gaps.h"
#include "check.h"
#include "dies.h"

#include <string.h>

#define DAY INT64_C(86400000000)

static const struct gaps_bounds open = {INT64_MIN, INT64_MAX};

static bool
is(const struct gaps_finding *found, const char *kind, int64_t from, int64_t to,
    uint64_t count)
{
	return !strcmp(found->kind, kind) && found->from == from &&
	       found->to == to && found->count == count;
}

static void
check_findings(void)
{
	const struct kline_interval *day = kline_interval("1d");
	struct gaps_finding found[GAPS_FINDINGS];
	struct gaps gaps;

	gaps_begin(&gaps, day, open);
	CHECK(gaps_add(&gaps, day, -DAY, found) == 0);
	CHECK(gaps_add(&gaps, day, -DAY, found) == 0);
	CHECK(gaps_add(&gaps, day, 3 * DAY, found) == 2);
	CHECK(is(&found[0], "duplicate", -DAY, -DAY, 1));
	CHECK(is(&found[1], "missing", 0, 2 * DAY, 3));
	CHECK(gaps_add(&gaps, day, 3 * DAY + 1, found) == 0);
	CHECK(gaps_add(&gaps, day, 3 * DAY + 1, found) == 0);
	CHECK(gaps_add(&gaps, day, 3 * DAY, found) == -1);
	CHECK(gaps_add(&gaps, day, 4 * DAY, found) == 1);
	CHECK(is(&found[0], "off-grid", 3 * DAY + 1, 3 * DAY + 1, 2));
	CHECK(gaps_end(&gaps, day, open, found) == 0);
	CHECK(gaps.present == 3 && gaps.missing == 3);
	CHECK(gaps_coverage(&gaps) == 500000);
}

static void
check_bounds(void)
{
	const struct kline_interval *month = kline_interval("1M");
	/* from within January 1970 into April */
	const struct gaps_bounds bounds = {1, 100 * DAY};
	struct gaps_finding found[GAPS_FINDINGS];
	struct gaps gaps;

	gaps_begin(&gaps, month, bounds);
	CHECK(gaps_coverage(&gaps) == -1);
	CHECK(gaps_end(&gaps, month, bounds, found) == 1);
	CHECK(is(&found[0], "missing", 31 * DAY, 90 * DAY, 3));
	CHECK(!gaps.begun && gaps_coverage(&gaps) == 0);
	gaps_begin(&gaps, month, bounds);
	CHECK(gaps_add(&gaps, month, 59 * DAY, found) == 1);
	CHECK(is(&found[0], "missing", 31 * DAY, 31 * DAY, 1));
	CHECK(gaps_end(&gaps, month, bounds, found) == 1);
	CHECK(gaps_coverage(&gaps) == 333333);
	gaps_begin(&gaps, month, open);
	CHECK(gaps_end(&gaps, month, open, found) == 0);
	CHECK(gaps_coverage(&gaps) == -1);
}

static void
ask_for_fortnights(void)
{
	struct kline_interval step;

	gaps_step_option("-s", "2w", &step);
}

static void
check_options(void)
{
	struct kline_interval step;

	gaps_step_option("-s", "7m", &step);
	CHECK(step.length == 420000 && step.phase == 0);
	gaps_step_option("-s", "1w", &step);
	CHECK(step.phase == INT64_C(4) * 86400000);
	gaps_step_option("-s", "1M", &step);
	CHECK(step.length == 0);
	CHECK(dies_saying(ask_for_fortnights,
	    "sluice: -s: '2w' is not a step like 30s, 15m, 1h, 1d, 1w or "
	    "1M\n"));
}

int
main(void)
{
	check_findings();
	check_bounds();
	check_options();
	return check_done();
}
