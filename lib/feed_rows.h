/* SPDX-License-Identifier: ISC */
/*
 * feed_rows - a block of rows as numbers, for feed.c
 *
 * Up to GRAM_ROWS rows are parsed column by column; those with a missing value
 * and those of weight 0 are counted and left out.
 */
#ifndef FEED_ROWS_H
#define FEED_ROWS_H

#include "arena.h"
#include "decimals.h"
#include "feed.h"

/* What became of the rows of a fold. */
struct feed_counts {
	uint64_t read, used, missing, weightless;
};

struct feed_rows {
	const struct feed *feed;
	const struct design *design;
	struct csvin *in;
	struct feed_counts *counts; /* by folds */
	size_t nfolds;              /* 1 without folds */

	/* the block, without what was left out */
	size_t count;
	struct decimals *terms;    /* the design's; products are not made */
	struct decimals *weight;   /* behind them, or NULL */
	struct slice **cats;       /* values of the categories' columns */
	uint16_t folds[GRAM_ROWS]; /* 0 without folds */

	/* private */
	size_t *fields; /* of the numbers: columns, then the weight */
	size_t *cat_fields;
	size_t fold_field;
	const struct csvin_batch *batch;
	size_t first, read; /* rows of the batch */
	uint64_t before;    /* rows of the input before these */
	unsigned char faults[GRAM_ROWS];
	uint16_t kept[GRAM_ROWS]; /* the rows that were not left out */
	struct arena texts;
	struct buf latest; /* of the column that orders the rows */
};

/* Makes the design of the header's columns. Dies if one is not there. */
void feed_rows_xbegin(struct feed_rows *block, struct feed *feed,
    struct csvin *in, const struct csvin_record *header);

/*
 * Reads the next rows of a batch, from first on; returns how many. Dies at a
 * value that is an error.
 */
size_t feed_rows_xread(
    struct feed_rows *block, const struct csvin_batch *batch, size_t first);

/* The numbers that are parsed: the columns but the constant, the weight. */
size_t feed_rows_numbers(const struct feed_rows *block);
const char *feed_rows_name(const struct feed_rows *block, size_t number);
struct decimals *feed_rows_number(const struct feed_rows *block, size_t number);

/* Dies with file and line of a row of the block, or of all that is in it. */
_Noreturn void feed_rows_die(
    const struct feed_rows *block, size_t row, const char *why);
_Noreturn void feed_rows_die_large(const struct feed_rows *block);

void feed_rows_release(struct feed_rows *block);

#endif
