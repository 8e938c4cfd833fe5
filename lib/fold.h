/* SPDX-License-Identifier: ISC */
/*
 * fold - which fold of a cross-validation a row belongs to
 *
 * By the hash of a column a row has the same fold wherever it stands, so the
 * folds of parts of the data add up. Blocks are spans of rows in the order
 * they come, all of one length or one more; for them the rows are counted
 * first.
 */
#ifndef FOLD_H
#define FOLD_H

#include <stdint.h>

#include "csvin.h"

enum fold_by {
	FOLD_NONE,
	FOLD_HASH,  /* of a column: XXH3 in 64 bits, modulo the count */
	FOLD_TIME,  /* blocks, of rows that a column orders */
	FOLD_BLOCK, /* blocks */
};

/* {0} makes no folds. */
struct fold {
	enum fold_by by;
	const char *column; /* for FOLD_HASH and FOLD_TIME; borrowed */
	uint16_t count;
	uint64_t rows; /* of all inputs; for blocks */
};

enum { FOLD_MAX = 1000 };

/* An option's "hash:COL", "time:COL" or "block". Dies if it is none. */
void fold_option(struct fold *fold, const char *option, const char *text);

/* True if the rows are to be counted first. */
bool fold_needs_count(const struct fold *fold);

/* Counts the rows if need be, of a reader with CSVIN_REWIND. */
void fold_xcount(struct fold *fold, struct csvin *in);

/* The fold of the row'th row, from 0, for blocks. */
uint16_t fold_of_row(const struct fold *fold, uint64_t row);

/* The folds of rows by the values of the column. */
void fold_of_values(const struct fold *fold, const struct slice *values,
    size_t count, uint16_t *folds);

#endif
