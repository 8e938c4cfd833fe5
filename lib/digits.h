/* SPDX-License-Identifier: ISC */
/*
 * digits - decimal digits, eight at a time
 *
 * Eight bytes of text are one word, the first byte lowest. All of these read
 * eight bytes whatever stands there: the caller sees to it that they may be
 * read, as in the buffer of csvin or in digits_room.
 */
#ifndef DIGITS_H
#define DIGITS_H

#include <stdint.h>
#include <string.h>

#include "buf.h"

enum {
	DIGITS_WORD = 8,
	DIGITS_MOST = 19, /* any so many digits fit into a uint64_t */
};

/* Powers of ten from 0 to DIGITS_MOST. */
extern const uint64_t digits_power[DIGITS_MOST + 1];

/* The bytes of a word in the other order. Compilers know it. */
static inline uint64_t
digits_swap(uint64_t word)
{
	return word << 56 | (word & 0xff00) << 40 | (word & 0xff0000) << 24 |
	       (word & 0xff000000) << 8 | (word >> 8 & 0xff000000) |
	       (word >> 24 & 0xff0000) | (word >> 40 & 0xff00) | word >> 56;
}

/* Eight bytes as they stand. */
static inline uint64_t
digits_word(const char *text)
{
	const union {
		uint16_t number;
		unsigned char bytes[2];
	} one = {1};
	uint64_t word;

	memcpy(&word, text, sizeof(word));
	return one.bytes[0] ? word : digits_swap(word);
}

/* Eight bytes as values: '0' is 0. */
static inline uint64_t
digits_load(const char *text)
{
	return digits_word(text) ^ UINT64_C(0x3030303030303030);
}

/* The high bit of each byte that is no digit, exact up to the first one. */
static inline uint64_t
digits_others(uint64_t word)
{
	return ((word + UINT64_C(0x7676767676767676)) | word) &
	       UINT64_C(0x8080808080808080);
}

/* The number of bytes before the first one that digits_others() marked. */
static inline unsigned
digits_count(uint64_t others)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	/* the bits below the mark, shifted so that whole bytes are left */
	uint64_t below = ((others - 1) & ~others) >> 7;

	return (unsigned)(((below & ones) * ones) >> 56);
}

/*
 * The number that the first count bytes of a word spell, 0 to 8 digits: pairs
 * are joined, then fours, then eights.
 */
static inline uint64_t
digits_join(uint64_t word, unsigned count)
{
	const uint64_t low = UINT64_C(0x000000ff000000ff);
	const uint64_t hundreds = UINT64_C(0x000f424000000064);
	const uint64_t units = UINT64_C(0x0000271000000001);

	/* leading zeros; in two steps, since a shift by 64 has no meaning */
	unsigned half = 4 * (DIGITS_WORD - count);

	word = word << half << half;
	word = word * 10 + (word >> 8);
	return (((word & low) * hundreds) + ((word >> 16 & low) * units)) >> 32;
}

#endif
