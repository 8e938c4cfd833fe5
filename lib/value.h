/* SPDX-License-Identifier: ISC */
/*
 * value - the order of two values that come as text
 */
#ifndef VALUE_H
#define VALUE_H

#include "buf.h"

/*
 * Compares two values: two decimals by value, exactly; two times, in the forms
 * of clock_parse(), by time; anything else byte by byte. Negative, 0 or
 * positive as a is less than, equal to or greater than b.
 */
int value_compare(struct slice a, struct slice b);

#endif
