/* SPDX-License-Identifier: ISC */
#include "moments.h"
#include "check.h"

#include <math.h>
#include <string.h>

#include "rng.h"

/*
 * The figures were made with Python's fractions: sums of the same values,
 * divided and rooted at 60 digits.
 */

static bool
mean_is(const struct moments *moments, const char *want)
{
	struct buf text = {0};
	bool same;

	moments_mean(moments, &text);
	same = !strcmp(buf_text(&text), want);
	if (!same)
		printf("# mean %s, not %s\n", buf_text(&text), want);
	buf_release(&text);
	return same;
}

static bool
deviation_is(const struct moments *moments, double want)
{
	double got = moments_deviation(moments);
	bool near = fabs(got - want) <= 1e-13 * want;

	if (!near)
		printf("# deviation %.17g, not %.17g\n", got, want);
	return near;
}

/* Wide values of eight digits behind the point, and narrow ones of two. */
static void
add_wide(struct moments *moments, uint64_t *state, size_t batch)
{
	const uint64_t span = UINT64_C(1999999999999999999);
	int64_t values[1000];

	for (int left = 5000; left > 0; left -= (int)batch) {
		for (size_t i = 0; i < batch; i++)
			values[i] = (int64_t)(rng_next(state) % span) -
				    INT64_C(999999999999999999);
		moments_add(moments, values, batch, 8);
	}
}

static void
add_narrow(struct moments *moments, uint64_t *state)
{
	int64_t values[1000];

	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 1000; i++)
			values[i] = (int64_t)(rng_next(state) % 1000000);
		moments_add(moments, values, 1000, 2);
	}
}

static void
check_scales(void)
{
	struct moments all = {0}, wide = {0}, narrow = {0}, single = {0};
	uint64_t state = 1, again = 1;

	add_wide(&all, &state, 1000);
	CHECK(mean_is(&all, "-102264328.987557073484"));
	CHECK(deviation_is(&all, 5804037006.68190403));
	add_narrow(&all, &state);
	CHECK(all.count == 8000);
	CHECK(mean_is(&all, "-63913353.572714420928"));
	CHECK(deviation_is(&all, 4588589200.54460747965));
	add_wide(&wide, &again, 1);
	add_narrow(&narrow, &again);
	CHECK(mean_is(&narrow, "4938.785357"));
	CHECK(deviation_is(&narrow, 2883.24664730415834));
	moments_merge(&wide, &narrow);
	moments_merge(&wide, &single);
	CHECK(wide.count == 8000);
	CHECK(mean_is(&wide, "-63913353.572714420928"));
	CHECK(deviation_is(&wide, 4588589200.54460747965));
}

/* Squares of such values would lose all digits of the deviation. */
static void
check_large_mean(void)
{
	struct moments moments = {0};

	for (int64_t i = 0; i < 3001; i++)
		moments_add(&moments,
		    &(int64_t){INT64_C(1700000000000000) + i % 3}, 1, 0);
	CHECK(mean_is(&moments, "1700000000000000.9997"));
	CHECK(deviation_is(&moments, 0.816700611562103328));
}

static void
check_rounding(void)
{
	static const int64_t values[] = {1, 2, 2}, negative[] = {-1, -2, -2};
	int64_t one_of_32[32] = {1}, three_of_32[32] = {3};
	struct moments moments = {0};

	moments_add(&moments, values, 3, 0);
	CHECK(mean_is(&moments, "1.6667"));
	CHECK(deviation_is(&moments, 0.577350269189625765));
	moments = (struct moments){0};
	moments_add(&moments, negative, 3, 2);
	CHECK(mean_is(&moments, "-0.016667"));
	moments = (struct moments){0};
	moments_add(&moments, one_of_32, 32, 0);
	CHECK(mean_is(&moments, "0.0312"));
	moments = (struct moments){0};
	moments_add(&moments, three_of_32, 32, 0);
	CHECK(mean_is(&moments, "0.0938"));
	moments = (struct moments){0};
	moments_add(&moments, (int64_t[]){9999999, 9999999, 10000000}, 3, 7);
	CHECK(mean_is(&moments, "0.99999993333"));
	moments = (struct moments){0};
	moments_add(&moments, values, 1, 0);
	CHECK(mean_is(&moments, "1"));
	CHECK(isnan(moments_deviation(&moments)));
}

/* A mean that rounds up through nines. */
static void
check_carry(void)
{
	int64_t values[30001];
	struct moments moments = {0};

	for (int i = 0; i < 30001; i++)
		values[i] = i ? 1 : 0;
	moments_add(&moments, values, 30001, 0);
	CHECK(mean_is(&moments, "1"));
}

/* A plain sum of these in double would be 0 or 2. */
static void
check_doubles(void)
{
	struct moments moments = {0};

	moments_add_double(&moments, 1);
	moments_add_double(&moments, 1e100);
	moments_add_double(&moments, 1);
	moments_add_double(&moments, -1e100);
	CHECK(moments.inexact);
	CHECK(mean_is(&moments, "0.5"));
	moments = (struct moments){0};
	moments_add_double(&moments, 1e-3);
	moments_add(&moments, (int64_t[]){-2003, 5}, 2, 3);
	CHECK(mean_is(&moments, "-0.665666666666667"));
}

int
main(void)
{
	check_scales();
	check_large_mean();
	check_rounding();
	check_carry();
	check_doubles();
	return check_done();
}
