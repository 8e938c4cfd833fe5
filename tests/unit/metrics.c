/* SPDX-License-Identifier: ISC */
#include "metrics.h"
#include "check.h"

#include <math.h>
#include <string.h>

static double
value_of(struct metrics *metrics, const char *name)
{
	struct metric list[METRICS_COUNT];

	metrics_report(metrics, list);
	for (size_t i = 0; i < METRICS_COUNT; i++) {
		if (!strcmp(list[i].name, name))
			return list[i].value;
	}
	printf("# no metric %s\n", name);
	return -INFINITY;
}

static bool
is(struct metrics *metrics, const char *name, double want)
{
	double have = value_of(metrics, name);
	bool good =
	    isnan(want) ? isnan(have) : fabs(have - want) <= 1e-14 * fabs(want);

	if (!good)
		printf("# %s is %.17g, not %.17g\n", name, have, want);
	return good;
}

static void
check_values(void)
{
	struct metrics m = {0};

	metrics_add(&m, 1, 2);
	metrics_add(&m, 3, 3);
	metrics_add(&m, 2, 5);
	metrics_add(&m, 6, 4);
	CHECK(is(&m, "rows", 4));
	CHECK(is(&m, "missing", 0));
	CHECK(is(&m, "mean_absolute_error", 1.5));
	CHECK(is(&m, "mean_squared_error", 3.5));
	CHECK(is(&m, "root_mean_squared_error", sqrt(3.5)));
	CHECK(is(&m, "mean_squared_log_error",
	    (pow(log(2.0 / 3), 2) + pow(log(3.0 / 6), 2) +
		pow(log(7.0 / 5), 2)) /
		4));
	CHECK(is(&m, "median_absolute_error", 1.5));
	CHECK(is(&m, "r2_score", 0));
	CHECK(is(&m, "explained_variance", 1 - 13.0 / 14));
	CHECK(is(&m, "mean_absolute_percentage_error",
	    (1 + 0 + 3.0 / 2 + 2.0 / 6) / 4));
	CHECK(is(&m, "percentage_rows", 4));
	CHECK(is(&m, "residual_q1", -1.5));
	CHECK(is(&m, "residual_median", -0.5));
	CHECK(is(&m, "residual_q3", 0.5));
	/* the baseline says 1, 3, 2 to the last three rows */
	CHECK(is(&m, "baseline_rows", 3));
	CHECK(is(&m, "baseline_mean_absolute_error", 7.0 / 3));
	CHECK(is(&m, "baseline_mean_squared_error", 7));
	CHECK(is(&m, "baseline_median_absolute_error", 2));
	/* and the model is judged beside it without the first */
	CHECK(is(&m, "mean_absolute_error_skill", 1 - 5.0 / 7));
	CHECK(is(&m, "mean_squared_error_skill", 1 - 13.0 / 21));
	metrics_release(&m);
}

static void
check_missing(void)
{
	struct metrics m = {0};

	metrics_add(&m, 5, NAN); /* still what the next row follows */
	metrics_add(&m, 7, 7);
	metrics_add(&m, NAN, 3);
	metrics_add(&m, NAN, NAN);
	metrics_add(&m, 8, 9);
	CHECK(is(&m, "rows", 2));
	CHECK(is(&m, "missing", 3));
	CHECK(is(&m, "baseline_rows", 2));
	CHECK(is(&m, "baseline_mean_absolute_error", 1.5));
	CHECK(is(&m, "mean_absolute_error_skill", 1 - 1.0 / 3));
	metrics_release(&m);
}

static void
check_undefined(void)
{
	struct metrics m = {0};

	CHECK(is(&m, "rows", 0));
	CHECK(is(&m, "mean_absolute_error", NAN));
	CHECK(is(&m, "median_absolute_error", NAN));
	CHECK(is(&m, "r2_score", NAN));
	metrics_add(&m, 3, 2);
	CHECK(is(&m, "mean_absolute_error", 1));
	CHECK(is(&m, "r2_score", NAN));
	CHECK(is(&m, "explained_variance", NAN));
	CHECK(is(&m, "baseline_rows", 0));
	CHECK(is(&m, "baseline_mean_absolute_error", NAN));
	CHECK(is(&m, "mean_absolute_error_skill", NAN));
	metrics_add(
	    &m, 3, 3); /* a baseline without error has no skill over it */
	CHECK(is(&m, "baseline_mean_absolute_error", 0));
	CHECK(is(&m, "mean_absolute_error_skill", NAN));
	CHECK(is(&m, "mean_squared_log_error", pow(log(4.0 / 3), 2) / 2));
	metrics_add(&m, 1, -1);
	CHECK(is(&m, "mean_squared_log_error", NAN));
	CHECK(!isnan(value_of(&m, "baseline_mean_squared_log_error")));
	metrics_release(&m);
}

/* Small errors of large values: a million of 0.25 about 1e9. */
static void
check_stability(void)
{
	struct metrics m = {0};

	for (int i = 0; i < 1000000; i++) {
		double actual = 1e9 + (i % 2);

		metrics_add(&m, actual, actual + (i % 4 < 2 ? 0.25 : -0.25));
	}
	CHECK(is(&m, "mean_absolute_error", 0.25));
	CHECK(is(&m, "mean_squared_error", 0.0625));
	CHECK(is(&m, "r2_score", 0.75));
	CHECK(fabs(value_of(&m, "explained_variance") - 0.75) < 1e-9);
	CHECK(is(&m, "baseline_mean_absolute_error", 1));
	metrics_release(&m);
	/* ones that each vanish beside the first error */
	metrics_add(&m, 1e16, 0);
	for (int i = 0; i < 1000; i++)
		metrics_add(&m, 1, 0);
	CHECK(is(&m, "mean_absolute_error", (1e16 + 1000) / 1001));
	metrics_release(&m);
}

int
main(void)
{
	check_values();
	check_missing();
	check_undefined();
	check_stability();
	return check_done();
}
