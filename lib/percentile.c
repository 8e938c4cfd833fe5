/* SPDX-License-Identifier: ISC */
#include "percentile.h"

#include <math.h>
#include <stdlib.h>

#include "buf.h"

static void
pour(struct percentile *percentile)
{
	for (size_t i = 0; i < percentile->count; i++)
		quantile_add(&percentile->sketch, percentile->values[i]);
	free(percentile->values);
	percentile->values = NULL;
	percentile->count = percentile->cap = 0;
}

void
percentile_add(struct percentile *percentile, double value)
{
	size_t limit = percentile->limit ? percentile->limit : PERCENTILE_EXACT;

	if (percentile->count == limit)
		pour(percentile);
	if (percentile->sketch.count) {
		quantile_add(&percentile->sketch, value);
		return;
	}
	percentile->values = xgrow(percentile->values, percentile->count,
	    &percentile->cap, sizeof(*percentile->values));
	percentile->values[percentile->count++] = value;
}

static int
by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* Of count values in order. */
static double
exactly(const double *values, size_t count, unsigned percent)
{
	uint64_t place = (uint64_t)percent * (count - 1);
	const double *at = values + place / 100;
	double part = (double)(place % 100) / 100;

	if (place % 100 == 0 || at[0] == at[1])
		return at[0];
	return (1 - part) * at[0] + part * at[1];
}

void
percentile_get(struct percentile *percentile, const unsigned *percents,
    size_t count, double *results)
{
	struct quantile_view view;

	if (percentile->count) {
		qsort(percentile->values, percentile->count,
		    sizeof(*percentile->values), by_value);
		for (size_t i = 0; i < count; i++)
			results[i] = exactly(
			    percentile->values, percentile->count, percents[i]);
		return;
	}
	quantile_view(&percentile->sketch, &view);
	for (size_t i = 0; i < count; i++)
		results[i] = quantile_at(&view, percents[i] / 100.0);
	quantile_view_release(&view);
}

void
percentile_release(struct percentile *percentile)
{
	free(percentile->values);
	quantile_release(&percentile->sketch);
	*percentile = (struct percentile){0};
}
