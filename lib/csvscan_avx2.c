/* SPDX-License-Identifier: ISC */
/*
 * csvscan_avx2 - the loops of csvscan for amd64 processors since about 2013
 */
#include "csvscan.h"

#ifdef __AVX2__

#include <immintrin.h>

struct block {
	__m256i low, high;
};

static inline struct block
load(const char *data)
{
	struct block block = {
	    _mm256_loadu_si256((const __m256i *)data),
	    _mm256_loadu_si256((const __m256i *)(data + 32)),
	};

	return block;
}

static inline uint64_t
equal(struct block block, char byte)
{
	__m256i pattern = _mm256_set1_epi8(byte);
	__m256i low = _mm256_cmpeq_epi8(block.low, pattern);
	__m256i high = _mm256_cmpeq_epi8(block.high, pattern);

	return (uint64_t)(unsigned)_mm256_movemask_epi8(high) << 32 |
	       (unsigned)_mm256_movemask_epi8(low);
}

/* The least of all bytes seen in each place. */
typedef __m256i nul_watch;

static inline nul_watch
watch_begin(void)
{
	return _mm256_set1_epi8(1);
}

static inline nul_watch
watch(nul_watch seen, struct block block)
{
	return _mm256_min_epu8(seen, _mm256_min_epu8(block.low, block.high));
}

static inline bool
watch_end(nul_watch seen)
{
	__m256i nul = _mm256_cmpeq_epi8(seen, _mm256_setzero_si256());

	return _mm256_movemask_epi8(nul) != 0;
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

const struct csvscan_code csvscan_avx2 = {
    "avx2", scan_records, scan_fields, count_lines};

#endif
