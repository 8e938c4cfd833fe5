/* SPDX-License-Identifier: ISC */
#include "mantissa.h"

#include <string.h>

static const int64_t powers[MANTISSA_DIGITS + 1] = {1, 10, 100, 1000, 10000,
    100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
    1000000000000, 10000000000000, 100000000000000, 1000000000000000,
    10000000000000000, 100000000000000000, 1000000000000000000};

/* Sixteen bytes, the first one lowest, each one its digit's value. */
struct digits {
	uint64_t low, high;
};

/* Eight bytes, the first one lowest; compilers make one load of it. */
static inline uint64_t
load(const char *from)
{
	const unsigned char *at = (const unsigned char *)from;

	return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
	       (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 |
	       (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
	       (uint64_t)at[7] << 56;
}

/* The text at the upper end, behind zeros; 1 <= len <= 16. */
static inline struct digits
load_digits(const char *text, size_t len)
{
	const uint64_t zeros = UINT64_C(0x3030303030303030);
	uint64_t low = load(text) ^ zeros, high = load(text + 8) ^ zeros;
	unsigned shift = 8 * (unsigned)(16 - len) & 63;

	if (len <= 8)
		return (struct digits){0, low << shift};
	high = high << shift | (low >> 1 >> (63 - shift));
	return (struct digits){low << shift, high};
}

/* The top bit of each byte that is no digit. */
static uint64_t
not_digits(uint64_t bytes)
{
	/* with the top bits out of the way no sum carries */
	uint64_t sums = (bytes & UINT64_C(0x7f7f7f7f7f7f7f7f)) +
			UINT64_C(0x7676767676767676);

	return (sums | bytes) & UINT64_C(0x8080808080808080);
}

static int64_t
eight_digits(uint64_t bytes)
{
	const uint64_t mask = UINT64_C(0x000000ff000000ff);

	bytes = bytes * 10 + (bytes >> 8);
	return (
	    int64_t)(((bytes & mask) * UINT64_C(0x000f424000000064) +
			 (bytes >> 16 & mask) * UINT64_C(0x0000271000000001)) >>
		     32);
}

/*
 * Takes the byte out of half that odd marks, if it is the only mark and a
 * point: what is below it moves up, and fill comes in. Returns the bytes that
 * were above it, or -1.
 */
static inline int
take_point(uint64_t *half, uint64_t odd, uint64_t fill)
{
	const uint64_t point = '.' ^ '0';
	int at = __builtin_ctzll(odd) & ~7;
	uint64_t below = (UINT64_C(1) << at) - 1;
	uint64_t above = ~below << 4 << 4;

	if ((odd & (odd - 1)) || (*half >> at & 0xff) != point)
		return -1;
	*half = (*half & above) | (*half & below) << 8 | fill;
	return 7 - at / 8;
}

/* At most 16 bytes without a sign: the scale, or -1. */
static inline int
parse_short(const char *text, size_t len, int64_t *mantissa)
{
	struct digits in = load_digits(text, len);
	uint64_t odd_low = not_digits(in.low), odd_high = not_digits(in.high);
	int scale = 0;

	if (odd_high) {
		scale = take_point(&in.high, odd_high, in.low >> 56);
		in.low <<= 8;
		if (scale <= 0 || odd_low)
			return -1;
	} else if (odd_low) {
		scale = take_point(&in.low, odd_low, 0) + 8;
		if (scale < 8)
			return -1;
	}
	if (text[0] == '.')
		return -1;
	*mantissa = eight_digits(in.low) * 100000000 + eight_digits(in.high);
	return scale;
}

/* At most MANTISSA_DIGITS + 1 bytes without a sign: the scale, or -1. */
static int
parse_long(const char *text, size_t len, int64_t *mantissa)
{
	size_t point = len, behind;
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned)(unsigned char)text[i] - '0';

		if (digit <= 9)
			value = value * 10 + digit;
		else if (text[i] == '.' && point == len)
			point = i;
		else
			return -1;
	}
	behind = len - point; /* the point and its digits */
	if (len - (behind > 0) > MANTISSA_DIGITS || point == 0 || behind == 1)
		return -1;
	*mantissa = (int64_t)value;
	return behind ? (int)behind - 1 : 0;
}

/* The scale of a value without its sign, or -1. */
static inline int
parse(const char *text, size_t len, int64_t *mantissa)
{
	if (len - 1 < 16)
		return parse_short(text, len, mantissa);
	if (len <= MANTISSA_DIGITS + 1)
		return parse_long(text, len, mantissa);
	return -1;
}

size_t
mantissa_parse(const struct slice *values, size_t count, int64_t *mantissas,
    uint8_t *scales)
{
	for (size_t i = 0; i < count; i++) {
		bool negative = values[i].data[0] == '-';
		int64_t value;
		int scale = parse(values[i].data + negative,
		    values[i].len - negative, &value);

		if (scale < 0)
			return i;
		mantissas[i] = negative ? -value : value;
		scales[i] = (uint8_t)scale;
	}
	return count;
}

int64_t
mantissa_power(unsigned n)
{
	return powers[n];
}

int
mantissa_align(int64_t *mantissas, const uint8_t *scales, size_t count)
{
	uint8_t most = scales[0];

	/* each one equals the next */
	if (!memcmp(scales, scales + 1, count - 1))
		return most;
	for (size_t i = 1; i < count; i++)
		most = scales[i] > most ? scales[i] : most;
	for (size_t i = 0; i < count; i++) {
		int64_t limit = powers[MANTISSA_DIGITS - (most - scales[i])];

		if (mantissas[i] >= limit || mantissas[i] <= -limit)
			return -1;
	}
	for (size_t i = 0; i < count; i++)
		mantissas[i] *= powers[most - scales[i]];
	return most;
}
