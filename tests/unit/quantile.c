/* SPDX-License-Identifier: ISC */
#include "quantile.h"
#include "check.h"

#include <math.h>

#include "rng.h"

enum order { RISING, FALLING, SHUFFLED, SAW };

/* The numbers 0 to count - 1, each once, in some order. */
static int64_t
number_at(enum order order, int64_t i, int64_t count)
{
	switch (order) {
	case RISING:
		return i;
	case FALLING:
		return count - 1 - i;
	case SHUFFLED: /* count has no factor in common with the prime */
		return (int64_t)((uint64_t)i * 2654435761 % (uint64_t)count);
	case SAW:
		break;
	}
	return i % 2 ? count / 2 + i / 2 : i / 2;
}

/* The greatest error of rank at all per cents, as a share. */
static double
worst_error(const struct quantile *quantile, int64_t count)
{
	struct quantile_view view;
	double worst = 0;

	quantile_view(quantile, &view);
	for (int i = 0; i <= 100; i++) {
		double share = i / 100.0;
		double off = quantile_at(&view, share) / (double)count - share;

		worst = fmax(worst, fabs(off));
	}
	if (view.weights[view.count - 1] != (uint64_t)count)
		worst = 1;
	quantile_view_release(&view);
	return worst;
}

static void
check_order(enum order order, int64_t count)
{
	struct quantile one = {0}, batch = {0};
	int64_t values[777];
	size_t n = 0;
	double worst;

	for (int64_t i = 0; i < count; i++) {
		values[n++] = number_at(order, i, count);
		quantile_add(&one, (double)values[n - 1]);
		if (n == 777 || i == count - 1) {
			quantile_add_scaled(&batch, values, n, 1);
			n = 0;
		}
	}
	worst = worst_error(&one, count);
	printf("# order %d, %ld: %.3f %%\n", order, (long)count, 100 * worst);
	CHECK(worst < 0.01);
	CHECK(worst_error(&batch, count) == worst);
	quantile_release(&one);
	quantile_release(&batch);
}

/* By how much the median of the numbers below count is off, as a share. */
static double
median_error(uint64_t seed, int64_t count)
{
	struct quantile quantile = {.coins = seed};
	struct quantile_view view;
	double off;

	for (int64_t i = 0; i < count; i++)
		quantile_add(&quantile, (double)number_at(SHUFFLED, i, count));
	quantile_view(&quantile, &view);
	off = (quantile_at(&view, 0.5) + 0.5) / (double)count - 0.5;
	quantile_view_release(&view);
	quantile_release(&quantile);
	return off;
}

/* Over many seeds; without samples the coins alone keep it from drifting. */
static void
check_deviation(void)
{
	enum { ROUNDS = 100 };
	double squares = 0, sum = 0;

	for (uint64_t round = 0; round < ROUNDS; round++) {
		double off = median_error(round, 200000);

		squares += off * off;
		sum += median_error(round, 60000);
	}
	printf("# deviation %.3f %%\n", 100 * sqrt(squares / ROUNDS));
	CHECK(sqrt(squares / ROUNDS) < 0.003);
	printf("# drift %.4f %%\n", 100 * sum / ROUNDS);
	CHECK(fabs(sum / ROUNDS) < 0.0002);
}

/* What Python's statistics.quantiles(method='inclusive') says. */
static void
check_exact(void)
{
	static const double values[] = {7, 15, 36, 39, 40, 41};
	struct quantile quantile = {0};
	struct quantile_view view;

	quantile_view(&quantile, &view);
	CHECK(isnan(quantile_at(&view, 0.5)));
	quantile_view_release(&view);
	for (int i = 6; i-- > 0;)
		quantile_add(&quantile, values[i]);
	quantile_view(&quantile, &view);
	CHECK(view.exact);
	CHECK(quantile_at(&view, 0) == 7);
	CHECK(quantile_at(&view, 0.25) == 20.25);
	CHECK(quantile_at(&view, 0.5) == 37.5);
	CHECK(quantile_at(&view, 0.75) == 39.75);
	CHECK(quantile_at(&view, 1) == 41);
	quantile_view_release(&view);
	quantile_release(&quantile);
}

static void
check_limit_of_exact(void)
{
	struct quantile quantile = {0};

	for (int i = 0; i < QUANTILE_EXACT; i++)
		quantile_add(&quantile, i);
	CHECK(quantile_exact(&quantile));
	CHECK(worst_error(&quantile, QUANTILE_EXACT) <= 1.0 / QUANTILE_EXACT);
	quantile_add(&quantile, 0);
	CHECK(!quantile_exact(&quantile));
	quantile_release(&quantile);
}

static void
check_merge(void)
{
	enum { COUNT = 1000003, PARTS = 7 };
	struct quantile parts[PARTS] = {{0}}, again = {0};

	for (int64_t i = 0; i < COUNT; i++)
		quantile_add(&parts[i * i % PARTS],
		    (double)number_at(SHUFFLED, i, COUNT));
	for (int i = 1; i < PARTS; i++)
		quantile_merge(&parts[0], &parts[i]);
	CHECK(parts[0].count == COUNT);
	CHECK(worst_error(&parts[0], COUNT) < 0.01);
	quantile_merge(&again, &parts[0]);
	CHECK(worst_error(&again, COUNT) < 0.01);
	for (int i = 0; i < PARTS; i++)
		quantile_release(&parts[i]);
	quantile_release(&again);
}

static void
check_bins(void)
{
	struct quantile quantile = {0};
	struct quantile_view view;
	uint64_t bins[4];

	quantile_add_scaled(
	    &quantile, (int64_t[]){0, 24, 25, 49, 74, 99, 100, 100}, 8, 10);
	quantile_view(&quantile, &view);
	quantile_bins(&view, 0, 10, bins, 4);
	CHECK(bins[0] == 2 && bins[1] == 2 && bins[2] == 1 && bins[3] == 3);
	quantile_view_release(&view);
	quantile_release(&quantile);
}

int
main(void)
{
	check_exact();
	check_limit_of_exact();
	for (enum order order = RISING; order <= SAW; order++) {
		check_order(order, 3000);
		check_order(order, 100003);
		check_order(order, 3000000);
	}
	check_deviation();
	check_merge();
	check_bins();
	return check_done();
}
