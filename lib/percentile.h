/* SPDX-License-Identifier: ISC */
/*
 * percentile - percentiles of a stream, exact as long as that is cheap
 *
 * Up to a limit all values are kept, and a percentile is that of R's type 7,
 * numpy and Python's "inclusive": it lies between the two values next to its
 * place. With one value more all of them move into the sketch of quantile.h,
 * which says how near its answers are, and memory no longer grows.
 */
#ifndef PERCENTILE_H
#define PERCENTILE_H

#include "quantile.h"

enum { PERCENTILE_EXACT = 1 << 20 };

/* {0} is valid and empty. */
struct percentile {
	size_t limit; /* most values to keep; 0 means PERCENTILE_EXACT */
	double *values;
	size_t count, cap;
	struct quantile sketch; /* of all values, once they are too many */
};

/* Adds a value that is not NaN. */
void percentile_add(struct percentile *percentile, double value);

/*
 * Writes the percentiles, each of 0 to 100, to results; NaN if there are no
 * values. May reorder the values that are kept.
 */
void percentile_get(struct percentile *percentile, const unsigned *percents,
    size_t count, double *results);

void percentile_release(struct percentile *percentile);

#endif
