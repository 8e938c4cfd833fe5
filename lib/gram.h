/* SPDX-License-Identifier: ISC */
/*
 * gram - exact sums of products of columns, block by block
 *
 * Values are decimals, that is integers m and scales s, m * 10^-s. A block of
 * rows is kept by columns, each brought to one scale; its products are summed
 * in 128 bits, over as many rows as are sure not to overflow, and these sums
 * are added to integers of any size. Nothing is rounded, so the sums do not
 * depend on the order of the rows or on where blocks end. Where a value has
 * more than 64 bits, the column is in two parts for that block; beyond 120
 * bits it takes the slow way, product by product.
 *
 * Memory is 2 to 4 KiB a column and about 50 bytes a pair of columns.
 */
#ifndef GRAM_H
#define GRAM_H

#include "bigint.h"

enum { GRAM_ROWS = 256 };

struct gram;

/* Sums over no rows of so many columns, constant included: column 0, always 1.
 * gram_free() frees. */
struct gram *gram_new(size_t columns);
void gram_free(struct gram *gram);

/* The same with one more column, of weights: all sums are of w * a * b. */
struct gram *gram_new_weighted(size_t columns);

/*
 * Gives a column's values in the block at hand: up to GRAM_ROWS mantissas and
 * their scales. Returns 0, or -1 if the sums pass bigint.h's limit.
 */
int gram_column(struct gram *gram, size_t column, const int64_t *mantissas,
    const uint8_t *scales, size_t rows);

/*
 * Replaces one value of the block, of a column that was given, by any decimal.
 */
int gram_value(struct gram *gram, size_t column, size_t row,
    const struct bigint *value, size_t scale);

/*
 * Adds the block, in which every column has that many rows, and begins the
 * next one. Returns 0, or -1 as above.
 */
int gram_add(struct gram *gram, size_t rows);

/* The sum of products of two columns, and its scale. Borrowed. */
const struct bigint *gram_sum(
    const struct gram *gram, size_t i, size_t j, size_t *scale);

#endif
