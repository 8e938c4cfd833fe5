/* SPDX-License-Identifier: ISC */
#include "decimal_bytes.h"

const struct decimal_bytes decimal_bytes_kept[DECIMAL_BYTES + 1] = {
    {0, 0},
    {0, UINT64_MAX << 56},
    {0, UINT64_MAX << 48},
    {0, UINT64_MAX << 40},
    {0, UINT64_MAX << 32},
    {0, UINT64_MAX << 24},
    {0, UINT64_MAX << 16},
    {0, UINT64_MAX << 8},
    {0, UINT64_MAX},
    {UINT64_MAX << 56, UINT64_MAX},
    {UINT64_MAX << 48, UINT64_MAX},
    {UINT64_MAX << 40, UINT64_MAX},
    {UINT64_MAX << 32, UINT64_MAX},
    {UINT64_MAX << 24, UINT64_MAX},
    {UINT64_MAX << 16, UINT64_MAX},
    {UINT64_MAX << 8, UINT64_MAX},
    {UINT64_MAX, UINT64_MAX},
};

/* Greater than all that can be taken. */
static const struct decimal_bytes greatest = {
    UINT64_C(0x7f7f7f7f7f7f7f7f), UINT64_C(0x7f7f7f7f7f7f7f7f)};

/* Puts a byte at a place, counted from the last one. */
static void
put(struct decimal_bytes *bytes, int place, uint64_t byte)
{
	uint64_t *word = place < 8 ? &bytes->low : &bytes->high;
	int shift = place % 8 * 8;

	*word = (*word & ~(UINT64_C(0xff) << shift)) | byte << shift;
}

/* Into the order of text. */
static void
turn(struct decimal_bytes *bytes)
{
	bytes->high = digits_swap(bytes->high);
	bytes->low = digits_swap(bytes->low);
}

/* What is taken for a value at a scale, or the greatest if it is greater. */
static struct decimal_bytes
spell(int64_t mantissa, int scale)
{
	struct decimal_bytes bytes = {0, 0};
	uint64_t left = (uint64_t)mantissa;

	for (int place = 0; left; place++) {
		if (place == DECIMAL_BYTES)
			return greatest;
		if (scale > 0 && place == scale)
			continue;
		put(&bytes, place, left % 10);
		left /= 10;
	}
	return bytes;
}

struct decimal_layout
decimal_layout_of(int scale, const struct decimal_range *range)
{
	const uint64_t zeros = UINT64_C(0x3030303030303030);
	const uint64_t excess = UINT64_C(0x7676767676767676);
	int64_t low = range->low[scale], high = range->high[scale];
	struct decimal_layout layout = {
	    .zeros = {zeros, zeros},
	    .excess = {excess, excess},
	    .shortest = scale > 0 ? (size_t)scale + 1 : 1,
	    .scale = scale,
	    .bounded = low > 0 || high < INT64_MAX,
	};

	layout.spread = DECIMAL_BYTES - layout.shortest;
	if (scale > 0) {
		put(&layout.zeros, scale, '.');
		put(&layout.excess, scale, 0x7f);
	}
	turn(&layout.zeros);
	turn(&layout.excess);
	layout.from = spell(low > 0 ? low : 0, scale);
	layout.to = spell(high > 0 ? high : 0, scale);
	if (high < 0 || low > high)
		layout.from = greatest;
	return layout;
}

/* The eight digits of a word. */
static uint64_t
join(uint64_t word)
{
	return digits_join(digits_swap(word), DIGITS_WORD);
}

struct decimal_small
decimal_bytes_small(struct decimal_bytes bytes, int scale)
{
	uint64_t digits = join(bytes.high) * digits_power[8] + join(bytes.low);
	uint64_t fraction = digits % digits_power[scale];

	/* the place of the point is a digit too many */
	if (scale > 0)
		digits =
		    digits / digits_power[scale + 1] * digits_power[scale] +
		    fraction;
	return (struct decimal_small){(int64_t)digits, scale};
}
