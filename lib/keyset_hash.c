/* SPDX-License-Identifier: ISC */
#include "keyset_hash.h"

/* a call for each value would cost more than the hash */
#define XXH_INLINE_ALL
#include <xxhash.h>

void
keyset_hash(const struct slice *values, size_t count, uint64_t *hashes)
{
	for (size_t i = 0; i < count; i++)
		hashes[i] = XXH3_64bits(values[i].data, values[i].len);
}
