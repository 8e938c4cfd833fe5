/* SPDX-License-Identifier: ISC */
#include "keyset_hash.h"
#include "check.h"

/* The vectors of XXH3's own sanity test (cli/xsum_sanity_check.c), seed 0. */
int
main(void)
{
	static const struct {
		size_t len;
		uint64_t hash;
	} vectors[] = {
	    {0, UINT64_C(0x2d06800538d394c2)},
	    {1, UINT64_C(0xc44bdff4074eecdb)},
	    {6, UINT64_C(0x27b56a84cd2d7325)},
	    {12, UINT64_C(0xa713daf0dfbb77e7)},
	    {24, UINT64_C(0xa3fe70bf9d3510eb)},
	    {48, UINT64_C(0x397da259ecba1f11)},
	    {80, UINT64_C(0xbcdefbbb2c47c90a)},
	    {195, UINT64_C(0xcd94217ee362ec3a)},
	};
	enum { COUNT = sizeof(vectors) / sizeof(vectors[0]) };
	struct slice values[COUNT];
	uint64_t hashes[COUNT], state = 2654435761;
	char bytes[195];

	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (char)(state >> 56);
		state *= UINT64_C(11400714785074694797);
	}
	for (size_t i = 0; i < COUNT; i++)
		values[i] = (struct slice){bytes, vectors[i].len};
	keyset_hash(values, COUNT, hashes);
	for (size_t i = 0; i < COUNT; i++)
		CHECK(hashes[i] == vectors[i].hash);
	return check_done();
}
