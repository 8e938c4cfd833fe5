/* SPDX-License-Identifier: ISC */
/*
 * levels - sums over the levels of categories
 *
 * In a row one level of each category holds, so the terms of all others are 0
 * there: sums are kept for the pairs of terms that met, and only those.
 */
#ifndef LEVELS_H
#define LEVELS_H

#include "decimals.h"
#include "design.h"
#include "state.h"

enum { LEVELS_MAX = 1000 }; /* of a category */

/* The levels that were seen, and those of the block of rows at hand. */
struct levels;

/* For a design that is made, and borrowed. levels_free() frees. */
struct levels *levels_new(const struct design *design);
void levels_free(struct levels *levels);

/*
 * Takes the values of a block: values[c] are those of category c of
 * design->cats. Returns 0, or -1 with a reason and the row in *row: more than
 * LEVELS_MAX levels, or one whose name would be taken for another's; the reason
 * names the column.
 */
int levels_take(struct levels *levels, const struct slice *const *values,
    size_t rows, size_t *row, struct buf *error);

/* The sums of some of the rows, as those of one fold. */
struct level_sums;

struct level_sums *level_sums_new(const struct levels *levels);
void level_sums_free(struct level_sums *sums);

/*
 * Adds a row of the block: terms are those of the design, and weighted[k] is
 * the number of kind k times the weight. Returns 0, or -1 beyond the limit of
 * bigint.h.
 */
int level_sums_add(struct level_sums *sums, const struct decimals *terms,
    const struct decimals *const *weighted, size_t row);

/* Adds the sums to a state. Returns 0, or -1 beyond the limit. */
int level_sums_write(struct level_sums *sums, struct state *state);

#endif
