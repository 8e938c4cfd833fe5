/* SPDX-License-Identifier: ISC */
/*
 * colstat - what is to be said about one column, in one pass
 *
 * Values come in batches and are not kept. The type of a column is the
 * narrowest that all its values have; since a column may turn out to be text
 * at its last value, the extremes are kept both by value and as text. Memory
 * is at most some 260 KiB a column, and little for one of few values.
 *
 * Extremes by value are compared exactly, as text. For mean and deviation see
 * moments.h, for quartiles quantile.h, for the frequent values frequent.h, for
 * the number of different ones hll.h; the latter is exact while frequent.h
 * counts them all, and where numbers or times only rise or only fall.
 */
#ifndef COLSTAT_H
#define COLSTAT_H

#include <stdint.h>

#include "frequent.h"
#include "hll.h"
#include "moments.h"
#include "quantile.h"

enum colstat_type {
	COLSTAT_EMPTY,    /* no value */
	COLSTAT_INTEGER,  /* [+-]? digits */
	COLSTAT_DECIMAL,  /* decimal.h */
	COLSTAT_DATE,     /* YYYY-MM-DD */
	COLSTAT_DATETIME, /* clock.h, but for the epoch: that is an integer */
	COLSTAT_BOOLEAN,  /* true, false; True, False; TRUE, FALSE */
	COLSTAT_STRING,
};

/* As "integer". */
const char *colstat_type_name(enum colstat_type type);

enum {
	/* of a longer text that is least or greatest this much is kept */
	COLSTAT_TEXT = 256,
	/* bytes from a value's first one on that must be readable */
	COLSTAT_READABLE = MANTISSA_READABLE,
	COLSTAT_BINS = 16,
	COLSTAT_TOP = 5, /* most frequent values */
};

struct colstat;

/* A column without values; colstat_free() frees. */
struct colstat *colstat_new(void);
void colstat_free(struct colstat *column);

/* Adds values, the empty ones as missing. */
void colstat_add(
    struct colstat *column, const struct slice *values, size_t count);

/* What is to be said; texts are empty where there is nothing. */
struct colstat_summary {
	enum colstat_type type;
	uint64_t count, empty; /* values and missing ones */
	uint64_t distinct;     /* different texts */
	bool distinct_exact, quartiles_exact;
	/* the extremes as they stood; all by value, or as text if STRING */
	struct buf min, max;
	struct buf q1, median, q3, mean, deviation; /* numbers and times */
	bool has_bins;
	uint64_t bins[COLSTAT_BINS]; /* from min to max, of equal width */
	/*
	 * The values that occur more than once, the most frequent first, and
	 * of those whose count is not exact only the ones that occurred more
	 * often than any value not in the list can have.
	 */
	struct frequent_value top[COLSTAT_TOP];
	size_t ntop;
	bool top_exact; /* or each count is the least it can be */
};

/* Fills a summary; texts of top are borrowed from the column. */
void colstat_summarize(
    const struct colstat *column, struct colstat_summary *summary);
void colstat_summary_release(struct colstat_summary *summary);

/* Appends a text; if it was cut, up to its last whole character, and "...". */
void colstat_put_text(struct buf *out, struct slice text, bool cut);

#endif
