/* SPDX-License-Identifier: ISC */
#include "percentile.h"
#include "check.h"

#include <math.h>

static const unsigned percents[] = {0, 5, 25, 50, 75, 95, 100};
enum { COUNT = sizeof(percents) / sizeof(percents[0]) };

/* Adds 0 to count - 1, each once, in an order that jumps about. */
static void
add_shuffled(struct percentile *p, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		percentile_add(p, (double)(i * 7368787 % count));
}

/* The most that a percentile is off, as a share of the values. */
static double
greatest_error(struct percentile *p, uint64_t count)
{
	double results[COUNT], most = 0;

	percentile_get(p, percents, COUNT, results);
	for (size_t i = 0; i < COUNT; i++) {
		double want = percents[i] * (double)(count - 1) / 100;

		most = fmax(most, fabs(results[i] - want) / (double)count);
	}
	return most;
}

static void
check_small(void)
{
	/* Python: numpy.percentile([3, -1, 2, 10], [0, 5, ...]) */
	static const double want[COUNT] = {
	    -1, -0.55, 1.25, 2.5, 4.75, 8.95, 10};
	struct percentile p = {0};
	double have[COUNT];

	percentile_get(&p, percents, COUNT, have);
	CHECK(isnan(have[0]) && isnan(have[COUNT - 1]));
	percentile_add(&p, 3);
	percentile_get(&p, percents, COUNT, have);
	CHECK(have[0] == 3 && have[1] == 3 && have[COUNT - 1] == 3);
	percentile_add(&p, -1);
	percentile_add(&p, 2);
	percentile_add(&p, 10);
	percentile_get(&p, percents, COUNT, have);
	for (size_t i = 0; i < COUNT; i++)
		CHECK(fabs(have[i] - want[i]) < 1e-15 * 16);
	percentile_release(&p);
	percentile_add(&p, 0.1);
	percentile_add(&p, 0.1);
	percentile_get(&p, percents, COUNT, have);
	CHECK(have[1] == 0.1 && have[5] == 0.1);
	percentile_release(&p);
}

static void
check_limit(void)
{
	struct percentile p = {0};
	double error;

	add_shuffled(&p, PERCENTILE_EXACT);
	CHECK(p.count == PERCENTILE_EXACT);
	CHECK(greatest_error(&p, PERCENTILE_EXACT) < 1e-15);
	percentile_release(&p);
	add_shuffled(&p, PERCENTILE_EXACT + 1);
	CHECK(p.values == NULL);
	CHECK(greatest_error(&p, PERCENTILE_EXACT + 1) < 0.01);
	percentile_release(&p);
	add_shuffled(&p, 3000000);
	error = greatest_error(&p, 3000000);
	CHECK(error > 0 && error < 0.01);
	percentile_release(&p);
	p.limit = 10000;
	add_shuffled(&p, 10000);
	CHECK(greatest_error(&p, 10000) < 1e-15);
	percentile_add(&p, 5000);
	CHECK(p.values == NULL);
	CHECK(greatest_error(&p, 10000) < 0.01);
	percentile_release(&p);
}

int
main(void)
{
	check_small();
	check_limit();
	return check_done();
}
