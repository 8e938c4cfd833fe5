/* SPDX-License-Identifier: ISC */
/*
 * decimal_small - decimals of few digits, as integers
 *
 * Most decimals have no exponent and at most 19 digits. Such a one is an
 * integer and a scale, exactly, and what decimal.h does with text is done in
 * a few instructions. Any other is none of these functions' business: they
 * say so, and decimal.h has to be asked.
 */
#ifndef DECIMAL_SMALL_H
#define DECIMAL_SMALL_H

#include "digits.h"

/* mantissa / 10^scale; the scale as it was spelled, 0 to 18. */
struct decimal_small {
	int64_t mantissa;
	int scale;
};

enum { DECIMAL_SMALL_SCALES = 19 };

/*
 * The small decimal that a text is. Returns false if it is another decimal or
 * none at all.
 */
bool decimal_small(struct slice text, struct decimal_small *small);

/* decimal_small_order() of different scales. */
int decimal_small_order_scaled(struct decimal_small a, struct decimal_small b);

/* -1, 0 or 1 as a is less than, equal to or greater than b. */
static inline int
decimal_small_order(struct decimal_small a, struct decimal_small b)
{
	if (a.scale != b.scale)
		return decimal_small_order_scaled(a, b);
	return (a.mantissa > b.mantissa) - (a.mantissa < b.mantissa);
}

/*
 * Bounds, as those on the mantissas of each scale; low above high: no value
 * of that scale lies within.
 */
struct decimal_range {
	int64_t low[DECIMAL_SMALL_SCALES], high[DECIMAL_SMALL_SCALES];
};

/* The range without bounds. */
void decimal_range_all(struct decimal_range *range);

/* Takes away what is less than bound, and if open the bound itself. */
void decimal_range_from(
    struct decimal_range *range, struct decimal_small bound, bool open);

/* The same for what is greater. */
void decimal_range_to(
    struct decimal_range *range, struct decimal_small bound, bool open);

static inline bool
decimal_range_has(const struct decimal_range *range, struct decimal_small small)
{
	return small.mantissa >= range->low[small.scale] &&
	       small.mantissa <= range->high[small.scale];
}

/* Digits being read; the value is that of the last 19, modulo 2^64. */
struct decimal_digits {
	uint64_t value;
	unsigned count;
};

/* Takes the digits that stand at a place; returns the place behind them. */
static inline const char *
decimal_digits_take(struct decimal_digits *digits, const char *at)
{
	unsigned count;

	do {
		uint64_t word = digits_load(at);

		count = digits_count(digits_others(word));
		digits->value = digits->value * digits_power[count] +
				digits_join(word, count);
		digits->count += count;
		at += count;
	} while (count == DIGITS_WORD && *at >= '0' && *at <= '9');
	return at;
}

/*
 * decimal_small() of a text that ends with a byte that is no part of it, and
 * behind which DIGITS_WORD more may be read. whole: refuse a decimal point.
 */
static inline bool
decimal_small_take(
    const char *at, const char *end, bool whole, struct decimal_small *small)
{
	struct decimal_digits digits = {0, 0};
	bool negative = *at == '-';
	const char *point;

	at += negative || *at == '+';
	at = point = decimal_digits_take(&digits, at);
	if (*at == '.' && !whole)
		at = decimal_digits_take(&digits, at + 1);
	if (at != end || digits.count - 1 >= DIGITS_MOST ||
	    digits.value > INT64_MAX)
		return false;
	small->mantissa = (int64_t)digits.value;
	if (negative)
		small->mantissa = -small->mantissa;
	small->scale = point == end ? 0 : (int)(end - point - 1);
	return small->scale < DECIMAL_SMALL_SCALES;
}

#endif
