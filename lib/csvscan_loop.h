/* SPDX-License-Identifier: ISC */
/*
 * csvscan_loop - the inner loops of csvscan, once for each instruction set
 *
 * A source that includes this file defines CSVSCAN_VECTORS and, before it,
 * what is said below of the portable words; it gets the loops as static
 * functions. Without CSVSCAN_VECTORS they work on words of eight bytes.
 */
#ifndef CSVSCAN_LOOP_H
#define CSVSCAN_LOOP_H

#include <string.h>

#include "csvscan.h"

/*
 * The scan's state stays in registers only if a loop is one function, which
 * compilers find too long to do unasked.
 */
#ifdef __GNUC__
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

#ifndef CSVSCAN_VECTORS

/* A block of 64 bytes. */
struct block {
	uint64_t word[8];
};

/* The byte in each place of a word. */
static inline uint64_t
each(unsigned char byte)
{
	return byte * UINT64_C(0x0101010101010101);
}

/*
 * The high bit of each byte that is zero, and no other: the shorter test
 * (x - 0x01..) & ~x & 0x80.. has false ones above a true one.
 */
static inline uint64_t
zeros(uint64_t word)
{
	uint64_t low = each(0x7f);

	return ~(((word & low) + low) | word | low);
}

/* Loads 64 bytes from any address; the first becomes the lowest byte. */
static inline struct block
load(const char *data)
{
	struct block block;

	for (int i = 0; i < 8; i++) {
		uint64_t word = 0;

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		memcpy(&word, data + 8 * i, 8);
#else
		for (int j = 0; j < 8; j++)
			word |= (uint64_t)(unsigned char)data[8 * i + j]
				<< 8 * j;
#endif
		block.word[i] = word;
	}
	return block;
}

/* Bit i is set if byte i of the block equals byte. */
static inline uint64_t
equal(struct block block, char byte)
{
	uint64_t mask = 0, pattern = each((unsigned char)byte);

	for (int i = 0; i < 8; i++) {
		uint64_t high = zeros(block.word[i] ^ pattern) >> 7;

		/* the eight bits, one a byte, to the top byte */
		mask |= (high * UINT64_C(0x0102040810204080)) >> 56 << 8 * i;
	}
	return mask;
}

/* What NULs are looked for in: a word that has one if any block had. */
typedef uint64_t nul_watch;

static inline nul_watch
watch_begin(void)
{
	return 0;
}

static inline nul_watch
watch(nul_watch seen, struct block block)
{
	for (int i = 0; i < 8; i++)
		seen |= zeros(block.word[i]);
	return seen;
}

static inline bool
watch_end(nul_watch seen)
{
	return seen != 0;
}

/* Bit i is the XOR of the bits 0 to i. */
static inline uint64_t
prefix_xor(uint64_t mask)
{
	for (int by = 1; by < 64; by *= 2)
		mask ^= mask << by;
	return mask;
}

#endif

/* The number of bits set; compilers know it for an instruction. */
static inline unsigned
bits(uint64_t mask)
{
	mask -= mask >> 1 & UINT64_C(0x5555555555555555);
	mask = (mask & UINT64_C(0x3333333333333333)) +
	       (mask >> 2 & UINT64_C(0x3333333333333333));
	mask = (mask + (mask >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (unsigned)(mask * UINT64_C(0x0101010101010101) >> 56);
}

#ifndef CSVSCAN_LOWEST
#define CSVSCAN_LOWEST
/* The place of the lowest bit set; some place, if none is. */
static inline unsigned
lowest(uint64_t mask)
{
	mask |= UINT64_C(1) << 63;
#ifdef __GNUC__
	return (unsigned)__builtin_ctzll(mask);
#else
	return bits(~mask & (mask - 1));
#endif
}
#endif

/* What the bytes of a block are, one bit each. */
struct masks {
	uint64_t lf, comma, quote;
};

/*
 * Of the bits behind closing quotes that are neither a separator nor a quote,
 * takes away those of a CR before a LF, which only some files have.
 */
static inline uint64_t
take_crs(struct csvscan *scan, const struct masks *masks, uint64_t closed,
    uint64_t behind, const char *at, size_t len)
{
	uint64_t valid = ~UINT64_C(0) >> (64 - len);
	uint64_t cr = closed & equal(load(at), '\r');
	uint64_t due = cr << 1 | scan->cr;

	scan->cr = cr >> (len - 1) & 1;
	return ((behind & ~cr) | (due & ~masks->lf)) & valid;
}

/*
 * Finds what is inside quotes and takes the LFs and commas there out of the
 * masks. Of the block's 64 bytes the first len count. Returns the bits of
 * bytes that must not stand where they do. Each test looks backwards only:
 *
 *   an opening quote follows a separator or, since "" is one that closes
 *   and one that opens, a closing quote;
 *   a closing quote is followed by a separator, a quote, or CR LF.
 */
INLINE uint64_t
take_quotes(
    struct csvscan *scan, struct masks *masks, const char *at, size_t len)
{
	uint64_t separators = masks->lf | masks->comma;
	uint64_t inside = prefix_xor(masks->quote) ^ scan->inside;
	uint64_t close = masks->quote & ~inside;
	uint64_t begins = separators << 1 | (at[-1] == '\n' || at[-1] == ',');
	uint64_t closed = close << 1 | scan->closed;
	uint64_t bad = masks->quote & inside & ~(begins | closed);
	uint64_t behind = closed & ~(separators | masks->quote);

	if (behind | scan->cr)
		bad |= take_crs(scan, masks, closed, behind, at, len);
	if (masks->lf & inside)
		scan->inner += bits(masks->lf & inside);
	scan->quoted |= masks->quote;
	scan->inside = 0 - (inside >> 63);
	scan->closed = close >> (len - 1) & 1;
	scan->open = scan->inside | scan->closed | scan->cr;
	masks->lf &= ~inside;
	masks->comma &= ~inside;
	return bad;
}

/* Stores the offsets of the bits set, behind items; returns behind them. */
INLINE uint32_t *
store_places(uint32_t *items, uint64_t mask, size_t at)
{
	uint32_t *behind = items + bits(mask);

	while (mask) {
		for (int i = 0; i < 8; i++) {
			items[i] = (uint32_t)at + lowest(mask);
			mask &= mask - 1;
		}
		items += 8;
	}
	return behind;
}

/*
 * Adds what the masks of the block at offset at show. Most blocks have one LF
 * or none, and which of both nobody can foretell: so a place is stored in any
 * case, and counted only if it is one.
 */
INLINE void
add_found(struct csvscan *scan, const struct masks *masks, bool fields)
{
	uint64_t separators = masks->lf | masks->comma, rest = masks->lf;

	do {
		scan->end[scan->nends] = (uint32_t)scan->at + lowest(rest);
		scan->count[scan->nends] =
		    (uint32_t)scan->nseps +
		    bits(separators & (rest ^ (rest - 1)));
		scan->nends += rest != 0;
		rest &= rest - 1;
	} while (rest);
	if (fields)
		store_places(scan->sep + scan->nseps, separators, scan->at);
	scan->nseps += bits(separators);
}

/*
 * Looks at a block of len bytes, 64 of which can be read, as can the one
 * before it. False if a byte is wrong; then what stands before it is added.
 */
INLINE bool
take_block(struct csvscan *scan, struct block block, const char *data,
    size_t len, bool fields)
{
	struct masks masks = {
	    equal(block, '\n'), equal(block, ','), equal(block, '"')};

	if (masks.quote | scan->open) {
		uint64_t bad = take_quotes(scan, &masks, data, len);

		if (bad) {
			masks.lf &= (bad & (0 - bad)) - 1;
			masks.comma &= (bad & (0 - bad)) - 1;
			add_found(scan, &masks, fields);
			scan->at = scan->wrong = scan->at + lowest(bad);
			return false;
		}
	}
	add_found(scan, &masks, fields);
	scan->at += len;
	return true;
}

/* Scans up to offset len; true if there may be a NUL. */
INLINE bool
scan_blocks(struct csvscan *shared, const char *data, size_t len, bool fields)
{
	/* a copy, since the offsets stored might be those in *shared */
	struct csvscan scan = *shared;
	nul_watch seen = watch_begin();
	char last[1 + 64];
	struct block block;
	bool good = true;

	while (good && len - scan.at >= 64) {
		block = load(data + scan.at);
		seen = watch(seen, block);
		good = take_block(&scan, block, data + scan.at, 64, fields);
	}
	if (good && scan.at < len) {
		size_t left = len - scan.at;

		memset(last, 'x', sizeof(last));
		memcpy(last, data + scan.at - 1, 1 + left);
		block = load(last + 1);
		seen = watch(seen, block);
		take_block(&scan, block, last + 1, left, fields);
	}
	*shared = scan;
	return watch_end(seen);
}

static bool
scan_records(struct csvscan *scan, const char *data, size_t len)
{
	return scan_blocks(scan, data, len, false);
}

static bool
scan_fields(struct csvscan *scan, const char *data, size_t len)
{
	return scan_blocks(scan, data, len, true);
}

static size_t
count_lines(const char *data, size_t len)
{
	size_t lines = 0, at = 0;

	for (; len - at >= 64; at += 64)
		lines += bits(equal(load(data + at), '\n'));
	for (; at < len; at++)
		lines += data[at] == '\n';
	return lines;
}

#endif
