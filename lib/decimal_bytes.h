/* SPDX-License-Identifier: ISC */
/*
 * decimal_bytes - decimals of one layout, compared as they stand
 *
 * The values of a column mostly have as many digits behind the point as the
 * one before. Then nothing has to be converted: the last 16 bytes are two
 * words in which each digit is a byte, and a zero stands in the place of the
 * point, so that values of one scale have the order of the words. A layout
 * says where the point must be; whatever does not fit it, a sign included, is
 * the business of decimal_small.h.
 */
#ifndef DECIMAL_BYTES_H
#define DECIMAL_BYTES_H

#include "decimal_small.h"

enum {
	DECIMAL_BYTES = 16,
	DECIMAL_BYTES_SCALES = DECIMAL_BYTES - 1, /* a digit and the point */
};

/* A value: the last digit is the lowest byte. */
struct decimal_bytes {
	uint64_t high, low;
};

/* zeros and excess are like digits_word(): the other way round. */
struct decimal_layout {
	struct decimal_bytes zeros;    /* '0', and the point in its place */
	struct decimal_bytes excess;   /* what takes a wrong byte to 0x80 */
	size_t shortest, spread;       /* lengths: from, and how many more */
	struct decimal_bytes from, to; /* values; if bounded */
	bool bounded;
	int scale;
};

/* For each length, the bytes of text that belong to it. */
extern const struct decimal_bytes decimal_bytes_kept[DECIMAL_BYTES + 1];

/*
 * The layout for values with scale digits behind the point, less than
 * DECIMAL_BYTES_SCALES, that must lie within a range.
 */
struct decimal_layout decimal_layout_of(
    int scale, const struct decimal_range *range);

/* The value of bytes that were taken at a scale. */
struct decimal_small decimal_bytes_small(struct decimal_bytes bytes, int scale);

/*
 * Takes the len bytes before end, before which DECIMAL_BYTES can be read.
 * Returns false if they are not a decimal of the layout.
 */
static inline bool
decimal_bytes_take(const struct decimal_layout *layout, const char *end,
    size_t len, struct decimal_bytes *bytes)
{
	const struct decimal_bytes *kept;
	uint64_t high, low, wrong;

	if (len - layout->shortest > layout->spread)
		return false;
	kept = &decimal_bytes_kept[len];
	high = (digits_word(end - 16) ^ layout->zeros.high) & kept->high;
	low = (digits_word(end - 8) ^ layout->zeros.low) & kept->low;
	/* a carry goes out of a byte only if that one is wrong already */
	wrong = (high + layout->excess.high) | high |
		(low + layout->excess.low) | low;
	bytes->high = digits_swap(high);
	bytes->low = digits_swap(low);
	return !(wrong & UINT64_C(0x8080808080808080));
}

/*
 * True if a is less than b, at one scale: a subtraction with a borrow, in which
 * there is no branch to guess wrong. No byte is above 0x7f, so that nothing
 * overflows.
 */
static inline bool
decimal_bytes_less(struct decimal_bytes a, struct decimal_bytes b)
{
	return a.high < b.high + (a.low < b.low);
}

/* True if what was taken lies within the layout's range. */
static inline bool
decimal_bytes_within(
    const struct decimal_layout *layout, struct decimal_bytes bytes)
{
	return !layout->bounded || (!decimal_bytes_less(bytes, layout->from) &&
				       !decimal_bytes_less(layout->to, bytes));
}

#endif
