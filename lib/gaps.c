/* SPDX-License-Identifier: ISC */
#include "gaps.h"

#include <string.h>

#include "clock.h"
#include "num.h"

enum { MILLION = 1000000, MOST_UNITS = 100000 };

/* Milliseconds of a unit, or 0. */
static int64_t
unit_length(char unit)
{
	switch (unit) {
	case 's':
		return 1000;
	case 'm':
		return 60 * 1000;
	case 'h':
		return 3600 * 1000;
	case 'd':
		return 24 * 3600 * 1000;
	default:
		return 0;
	}
}

void
gaps_step_option(
    const char *option, const char *text, struct kline_interval *step)
{
	const struct kline_interval *calendar = kline_interval(text);
	size_t len = strlen(text);
	struct slice digits = {text, len ? len - 1 : 0};
	int64_t unit = len ? unit_length(text[len - 1]) : 0, number;

	if (calendar) {
		*step = *calendar;
		return;
	}
	if (!unit || *text == '+' || num_int64(digits, &number) || number < 1 ||
	    number > MOST_UNITS)
		die(STATUS_TROUBLE,
		    "%s: '%s' is not a step like 30s, 15m, 1h, 1d, 1w or 1M",
		    option, text);
	*step = (struct kline_interval){.length = number * unit};
}

/* The first millisecond that is not before a time. */
static int64_t
milliseconds(int64_t time)
{
	return time / 1000 + (time % 1000 > 0);
}

void
gaps_begin(struct gaps *gaps, const struct kline_interval *step,
    struct gaps_bounds bounds)
{
	*gaps = (struct gaps){.next = INT64_MIN};
	if (bounds.since != INT64_MIN)
		gaps->next = kline_ceil(step, milliseconds(bounds.since));
}

/* Expects the intervals up to, but without, the one at end. */
static int
expect(struct gaps *gaps, const struct kline_interval *step, int64_t end,
    struct gaps_finding *found)
{
	int64_t from = gaps->next;

	if (from == INT64_MIN)
		from = end;
	if (from > end)
		return 0;
	gaps->next = end;
	if (from == end)
		return 0;
	*found = (struct gaps_finding){
	    .kind = "missing",
	    .from = from * 1000,
	    .to = kline_previous(step, end) * 1000,
	    .count = (uint64_t)kline_count(step, from, end),
	};
	gaps->missing += found->count;
	return 1;
}

/* Tells what is wrong with the last time, when it is over. */
static int
close_last(struct gaps *gaps, struct gaps_finding *found)
{
	if (!gaps->off && !gaps->repeats)
		return 0;
	*found = (struct gaps_finding){
	    .kind = gaps->off ? "off-grid" : "duplicate",
	    .from = gaps->last,
	    .to = gaps->last,
	    .count = gaps->repeats + gaps->off,
	};
	*(gaps->off ? &gaps->off_grid : &gaps->duplicate) += found->count;
	return 1;
}

int
gaps_add(struct gaps *gaps, const struct kline_interval *step, int64_t time,
    struct gaps_finding found[GAPS_FINDINGS])
{
	int64_t open_time;
	int count;

	if (gaps->begun && time < gaps->last)
		return -1;
	if (gaps->begun && time == gaps->last) {
		gaps->repeats++;
		return 0;
	}
	count = close_last(gaps, found);
	open_time = kline_ceil(step, milliseconds(time));
	count += expect(gaps, step, open_time, found + count);
	gaps->off = open_time * 1000 != time;
	if (!gaps->off) {
		gaps->present++;
		gaps->next = kline_end(step, open_time);
	}
	if (!gaps->begun)
		gaps->first = time;
	gaps->begun = true;
	gaps->last = time;
	gaps->repeats = 0;
	return count;
}

int
gaps_end(struct gaps *gaps, const struct kline_interval *step,
    struct gaps_bounds bounds, struct gaps_finding found[GAPS_FINDINGS])
{
	int count = close_last(gaps, found);
	int64_t end;

	if (bounds.until == INT64_MAX || gaps->next == INT64_MIN)
		return count;
	/* the first open time behind the bound */
	end = kline_ceil(step, milliseconds(bounds.until + 1));
	return count + expect(gaps, step, end, found + count);
}

int64_t
gaps_coverage(const struct gaps *gaps)
{
	uint64_t expected = gaps->present + gaps->missing;

	return expected ? (int64_t)(gaps->present * MILLION / expected) : -1;
}
