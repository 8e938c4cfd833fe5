/* SPDX-License-Identifier: ISC */
/*
 * quantile - quantiles of a stream in bounded memory
 *
 * A compactor sketch: Karnin, Lang, Liberty: Optimal quantile approximation
 * in streams, FOCS 2016, with levels of equal size. A value at level l stands
 * for 2^l values; a full level is sorted and every other value moves up, the
 * odd or the even ones by the toss of a coin. Once there are more than
 * QUANTILE_SAMPLE values, only one out of each block of 2^h in a row goes in,
 * at level h, so that the time for a value falls as they become many.
 *
 * Up to QUANTILE_EXACT values all are kept, and quantiles are exact. Beyond
 * that an answer is a value whose rank is off by a share of all values with a
 * standard deviation of at most 0.3 %; 1 % is more than three of them. The
 * coin has a fixed seed: the same values in the same order, the same answers.
 *
 * Memory is 16 KiB a level, taken with its first value: at most about
 * QUANTILE_LEVELS of them hold any.
 */
#ifndef QUANTILE_H
#define QUANTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	QUANTILE_EXACT = 2048,
	QUANTILE_SAMPLE = 65536,
	QUANTILE_LEVELS = 64,
};

struct quantile_level {
	double *values;
	size_t count;
};

/* {0} is valid and empty. */
struct quantile {
	uint64_t count; /* values added */
	uint64_t coins; /* state of the generator */
	unsigned base;  /* where values go in */
	unsigned top;   /* levels that hold or held values */
	/* the block: values seen, which one is chosen, the one so far */
	uint64_t seen, chosen;
	double candidate;
	struct quantile_level levels[QUANTILE_LEVELS];
};

/* Adds a finite value. */
void quantile_add(struct quantile *quantile, double value);

/* Adds mantissas[i] / unit for each; quick, since few of them are looked at. */
void quantile_add_scaled(struct quantile *quantile, const int64_t *mantissas,
    size_t count, double unit);

/* Adds what another one has seen, with the same promise for both together. */
void quantile_merge(struct quantile *quantile, const struct quantile *other);

/* True if all values are still there. */
bool quantile_exact(const struct quantile *quantile);

void quantile_release(struct quantile *quantile);

/* The values that are left in order, each with the weight up to it. */
struct quantile_view {
	double *values;
	uint64_t *weights; /* of this one and all before it */
	size_t count;
	bool exact;
};

/* A view of what was added; quantile_view_release() frees. */
void quantile_view(const struct quantile *quantile, struct quantile_view *view);
void quantile_view_release(struct quantile_view *view);

/*
 * The quantile at 0 <= share <= 1, or NaN of nothing. Exact ones lie between
 * two values as in R's type 7, numpy and Python's "inclusive"; others are the
 * value at that rank.
 */
double quantile_at(const struct quantile_view *view, double share);

/*
 * Counts values in bins of equal width over [least, greatest], the ends in
 * the first and the last bin.
 */
void quantile_bins(const struct quantile_view *view, double least,
    double greatest, uint64_t *bins, size_t nbins);

#endif
