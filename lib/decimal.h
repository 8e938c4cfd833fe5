/* SPDX-License-Identifier: ISC */
/*
 * decimal - exact decimal numbers as text
 *
 * A decimal is [+-]? digits [. digits] [e [+-]? digits], with at least one
 * digit before or behind the point. Values are compared and spelled exactly,
 * digit by digit; nothing passes through a double.
 */
#ifndef DECIMAL_H
#define DECIMAL_H

#include <stdbool.h>

#include "buf.h"

/* True if the text is a decimal. */
bool decimal_valid(struct slice text);

/*
 * Compares two decimals by value: negative, 0 or positive as a is less than,
 * equal to or greater than b. Both must be valid.
 */
int decimal_compare(struct slice a, struct slice b);

/*
 * Appends the canonical spelling of a valid decimal: no plus, no exponent,
 * no needless zero on either side, "-0" as "0"; 1.50e1 becomes 15. It is the
 * spelling BigQuery prints for NUMERIC. Returns 0, or -1 if the exponent is
 * beyond DECIMAL_MAX_DIGITS places.
 */
int decimal_canon(struct slice text, struct buf *out);

enum { DECIMAL_MAX_DIGITS = 4096 };

#endif
