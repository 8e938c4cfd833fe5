/* SPDX-License-Identifier: ISC */
/*
 * gaps - what is missing, there twice or off the grid in a series of times
 *
 * The grid of a step is that of the candles' intervals: of fixed steps it
 * goes through the epoch, of weeks through its Mondays, of months through
 * their first days. A time on the grid fills its interval; one off the grid
 * fills none. Expected are the intervals from the first time to the last one,
 * or between bounds. Times are microseconds of the epoch and ascend.
 */
#ifndef GAPS_H
#define GAPS_H

#include <stdint.h>

#include "kline.h"

/*
 * An option's step: a whole number and one of s, m, h, d and w, or 1M. Sets
 * step, without a name, or dies saying what was wanted.
 */
void gaps_step_option(
    const char *option, const char *text, struct kline_interval *step);

/* The times to look at; INT64_MIN and INT64_MAX are no bounds. */
struct gaps_bounds {
	int64_t since, until; /* both belong to them */
};

/* One key's series. */
struct gaps {
	bool begun;          /* there was a time */
	int64_t first, last; /* if begun */
	uint64_t present, missing, duplicate, off_grid;

	int64_t next;     /* the first open time not yet expected, in ms */
	uint64_t repeats; /* of last, behind the first one */
	bool off;         /* last is off the grid */
};

struct gaps_finding {
	const char *kind; /* "missing", "duplicate" or "off-grid" */
	int64_t from, to; /* the first and the last open time */
	uint64_t count;   /* intervals; records too many; records */
};

/* A call finds no more than this. */
enum { GAPS_FINDINGS = 2 };

/* Begins a series. */
void gaps_begin(struct gaps *gaps, const struct kline_interval *step,
    struct gaps_bounds bounds);

/*
 * Takes the next time, which is within the bounds. Returns how many findings
 * this gave, in the order of time, or -1 if it is before the last one. A time
 * that is there twice, or off the grid, is found when the next one comes.
 */
int gaps_add(struct gaps *gaps, const struct kline_interval *step, int64_t time,
    struct gaps_finding found[GAPS_FINDINGS]);

/* Ends a series; returns the number of findings. */
int gaps_end(struct gaps *gaps, const struct kline_interval *step,
    struct gaps_bounds bounds, struct gaps_finding found[GAPS_FINDINGS]);

/*
 * The share of the expected intervals that is present, in millionths, rounded
 * down; or -1 if none is expected. Of an ended series.
 */
int64_t gaps_coverage(const struct gaps *gaps);

#endif
