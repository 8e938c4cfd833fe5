/* SPDX-License-Identifier: ISC */
/*
 * csvscan_sse2 - the loops of csvscan for every amd64 processor
 */
#include "csvscan.h"

#ifdef __SSE2__

#include <emmintrin.h>

struct block {
	__m128i part[4];
};

static inline struct block
load(const char *data)
{
	struct block block;

	for (int i = 0; i < 4; i++)
		block.part[i] =
		    _mm_loadu_si128((const __m128i *)(data + 16 * i));
	return block;
}

static inline uint64_t
equal(struct block block, char byte)
{
	__m128i pattern = _mm_set1_epi8(byte);
	uint64_t mask = 0;

	for (int i = 0; i < 4; i++) {
		__m128i same = _mm_cmpeq_epi8(block.part[i], pattern);

		mask |= (uint64_t)(unsigned)_mm_movemask_epi8(same) << 16 * i;
	}
	return mask;
}

/* The least of all bytes seen in each place. */
typedef __m128i nul_watch;

static inline nul_watch
watch_begin(void)
{
	return _mm_set1_epi8(1);
}

static inline nul_watch
watch(nul_watch seen, struct block block)
{
	__m128i a = _mm_min_epu8(block.part[0], block.part[1]);
	__m128i b = _mm_min_epu8(block.part[2], block.part[3]);

	return _mm_min_epu8(seen, _mm_min_epu8(a, b));
}

static inline bool
watch_end(nul_watch seen)
{
	__m128i nul = _mm_cmpeq_epi8(seen, _mm_setzero_si128());

	return _mm_movemask_epi8(nul) != 0;
}

static inline uint64_t
prefix_xor(uint64_t mask)
{
	for (int by = 1; by < 64; by *= 2)
		mask ^= mask << by;
	return mask;
}

#define CSVSCAN_VECTORS
#include "csvscan_loop.h"

const struct csvscan_code csvscan_sse2 = {
    "sse2", scan_records, scan_fields, count_lines};

#endif
