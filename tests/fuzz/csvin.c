/* SPDX-License-Identifier: ISC */
/*
 * The reader's flags and the sizes of pieces, and behind their line a text: in
 * one or in pieces, in records or batches, it has the same records and error.
 */
#include "csvin.h"
#include "feed.h"
#include "fuzz.h"

enum { FLAGS = CSVIN_RAGGED | CSVIN_RECOVER | CSVIN_RECORDS };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	struct slice sizes = fuzz_cut(&text, '\n');
	unsigned flags = sizes.len ? (unsigned)(sizes.data[0] & FLAGS) : 0;
	struct buf whole = {0};

	feed(text, (struct slice){0});
	feed_tell(&whole, flags, false);
	for (int batches = 0; batches < 2; batches++) {
		struct buf told = {0};

		feed(text, sizes);
		feed_tell(&told, flags, batches);
		PROPERTY(slice_equal(buf_slice(&whole), buf_slice(&told)));
		buf_release(&told);
	}
	buf_release(&whole);
	return 0;
}
