/* SPDX-License-Identifier: ISC */
/*
 * ranges - the least and the greatest value of columns
 */
#ifndef RANGES_H
#define RANGES_H

#include "decimals.h"

/* A decimal, value * 10^-scale; of 64 bits, or else wide. */
struct ranges_value {
	int64_t mantissa;
	struct bigint wide;
	bool is_wide;
	size_t scale;
};

struct range {
	char *column;
	struct ranges_value ends[2]; /* min, max */
	bool seen;                   /* there was a value */
};

/* {0} is empty and can be released. */
struct ranges {
	struct range *columns;
	size_t count, cap;
};

/* Takes in values of column i, which is the next one or known. */
void ranges_add(struct ranges *ranges, size_t i, const char *column,
    const struct decimals *values, size_t rows);
void ranges_release(struct ranges *ranges);

/* Appends an end of a range as a plain decimal. */
void ranges_text(const struct ranges_value *value, struct buf *out);

#endif
