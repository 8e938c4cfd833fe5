/* SPDX-License-Identifier: ISC */
/*
 * decimal_math - exact sums and products of decimals as text
 *
 * Operands are valid decimals (decimal.h) in any spelling; results are
 * appended in the canonical one. All return 0, or -1 with nothing appended if
 * an operand or the result needs more than DECIMAL_MAX_DIGITS places.
 */
#ifndef DECIMAL_MATH_H
#define DECIMAL_MATH_H

#include "decimal.h"

/* Appends a + b. */
int decimal_add(struct slice a, struct slice b, struct buf *out);

/* Appends a - b. */
int decimal_sub(struct slice a, struct slice b, struct buf *out);

/* Appends a * b. */
int decimal_mul(struct slice a, struct slice b, struct buf *out);

#endif
