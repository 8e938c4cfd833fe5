/* SPDX-License-Identifier: ISC */
/*
 * csvscan_avx512 - the loops of csvscan for amd64 processors since about 2017
 *
 * A block is one register, and a comparison of it is a mask already.
 */
#include "csvscan.h"

#ifdef __AVX512BW__

#include <immintrin.h>

struct block {
	__m512i bytes;
};

static inline struct block
load(const char *data)
{
	return (struct block){_mm512_loadu_si512(data)};
}

static inline uint64_t
equal(struct block block, char byte)
{
	return _mm512_cmpeq_epi8_mask(block.bytes, _mm512_set1_epi8(byte));
}

/* The least of all bytes seen in each place. */
typedef __m512i nul_watch;

static inline nul_watch
watch_begin(void)
{
	return _mm512_set1_epi8(1);
}

static inline nul_watch
watch(nul_watch seen, struct block block)
{
	return _mm512_min_epu8(seen, block.bytes);
}

static inline bool
watch_end(nul_watch seen)
{
	return _mm512_testn_epi8_mask(seen, seen) != 0;
}

/* A product without carries by all ones sums, for each bit, those below. */
static inline uint64_t
prefix_xor(uint64_t mask)
{
	__m128i product = _mm_clmulepi64_si128(
	    _mm_cvtsi64_si128((int64_t)mask), _mm_set1_epi8(-1), 0);

	return (uint64_t)_mm_cvtsi128_si64(product);
}

static inline unsigned
lowest(uint64_t mask)
{
	return (unsigned)_tzcnt_u64(mask);
}

#define CSVSCAN_LOWEST
#define CSVSCAN_VECTORS
#include "csvscan_loop.h"

const struct csvscan_code csvscan_avx512 = {
    "avx512", scan_records, scan_fields, count_lines};

#endif
