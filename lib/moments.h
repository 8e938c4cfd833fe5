/* SPDX-License-Identifier: ISC */
/*
 * moments - mean and standard deviation of decimals, in one pass
 *
 * The sum of plain decimals (mantissa.h) is kept exactly, as integers, one
 * for each scale; so their mean is right to its last digit. Other values go
 * through doubles: then the sum is compensated (Neumaier 1974).
 *
 * Squares are taken in double, about the mean of each batch, and batches are
 * put together by Chan, Golub and LeVeque: Updating formulae and a pairwise
 * algorithm for computing sample variances, COMPSTAT 1982. Neither large
 * values nor many spoil the deviation.
 */
#ifndef MOMENTS_H
#define MOMENTS_H

#include <stdint.h>

#include "mantissa.h"

/* high * 2^32 + low; low is below 2^32 between calls. */
struct wide {
	int64_t high;
	uint64_t low;
};

/* {0} is valid and empty. */
struct moments {
	uint64_t count;
	unsigned scale; /* the greatest one */
	struct wide sums[MANTISSA_DIGITS + 1];
	bool inexact;         /* a value went through a double */
	double total, lost;   /* sum of those */
	double origin;        /* the first value, about */
	double mean, squares; /* of all, less origin; of deviations */
};

/* Adds up to 2^24 plain decimals of one scale. */
void moments_add(struct moments *moments, const int64_t *mantissas,
    size_t count, unsigned scale);

/* Adds a finite value of another kind. */
void moments_add_double(struct moments *moments, double value);

/* Adds what another one has seen, as if it had been added here. */
void moments_merge(struct moments *moments, const struct moments *other);

/*
 * Appends the mean, rounded half to even at four digits more than any value
 * has behind its point or, with .inexact, to the 15 digits that a compensated
 * sum of doubles is good for. At least one value was added.
 */
void moments_mean(const struct moments *moments, struct buf *out);

/* The deviation of a sample (divisor n - 1), or NaN for less than two. */
double moments_deviation(const struct moments *moments);

#endif
