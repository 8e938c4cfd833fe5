/* SPDX-License-Identifier: ISC */
/*
 * decimals - a block of exact decimals: one column, many rows
 *
 * Each is a mantissa of 64 bits and a scale, m * 10^-scale, or, where that is
 * too small for it, an integer of any size kept aside.
 */
#ifndef DECIMALS_H
#define DECIMALS_H

#include "bigint.h"
#include "gram.h"
#include "mantissa.h"

/* A decimal that 64 bits do not hold. */
struct decimals_wide {
	struct bigint value;
	size_t scale;
	bool used;
};

/* {0} is a column of zeros and can be released. */
struct decimals {
	int64_t mantissas[GRAM_ROWS]; /* 0 where the value is wide */
	uint8_t scales[GRAM_ROWS];
	struct decimals_wide *wide; /* by rows, or NULL: there never was one */
	size_t nwide;
};

/* Flags of a row. */
enum decimals_fault {
	DECIMALS_EMPTY = 1,
	DECIMALS_BAD = 2, /* no decimal, or beyond the limits of bigint.h */
};

void decimals_release(struct decimals *column);

/*
 * Parses values, of which MANTISSA_READABLE bytes can be read. One that is no
 * decimal adds its fault to faults[row] and leaves 0 as the value. Returns how
 * many these were.
 */
size_t decimals_parse(struct decimals *column, const struct slice *values,
    size_t rows, unsigned char *faults);

/*
 * column = left * right, row by row; it is neither of them. Returns 0, or -1
 * if a product passes the limit of bigint.h.
 */
int decimals_multiply(struct decimals *column, const struct decimals *left,
    const struct decimals *right, size_t rows);

/* Takes the rows that are listed of another column; of itself in place if the
 * list ascends. */
void decimals_pick(struct decimals *column, struct decimals *from,
    const uint16_t *list, size_t rows);

/* The sign of a value: -1, 0 or 1. */
int decimals_sign(const struct decimals *column, size_t row);

/* Gives the block to a column of sums. Returns 0, or -1 beyond the limit. */
int decimals_give(const struct decimals *column, struct gram *gram,
    size_t index, size_t rows);

/* An exact sum of products; {0} is 0 and can be released. */
struct decimals_sum {
	int128 near; /* value = (far + near) * 10^-scale */
	struct bigint far;
	size_t scale;
};

/* sum += left * right of one row. Returns 0, or -1 beyond the limit. */
int decimals_add(struct decimals_sum *sum, const struct decimals *left,
    const struct decimals *right, size_t row);

/* The sum, borrowed; its scale is sum->scale. NULL beyond the limit. */
const struct bigint *decimals_total(struct decimals_sum *sum);

void decimals_sum_release(struct decimals_sum *sum);

#endif
