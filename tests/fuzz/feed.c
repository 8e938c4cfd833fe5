/* SPDX-License-Identifier: ISC */
#include "feed.h"

#include "csvin.h"
#include "fuzz.h"
#include <inttypes.h>

enum { SIZES = 48 };

static struct slice left, pieces;
static size_t count;

void
feed(struct slice text, struct slice sizes)
{
	left = text;
	pieces = sizes;
	count = 0;
	if (sizes.len) {
		setenv("SLUICE_TEST_BUFFER", "64", 1);
		setenv("SLUICE_TEST_CODE", "portable", 1);
	} else {
		unsetenv("SLUICE_TEST_BUFFER");
		unsetenv("SLUICE_TEST_CODE");
	}
}

ssize_t __wrap_io_read(int fd, void *data, size_t size);

ssize_t
__wrap_io_read(int fd, void *data, size_t size)
{
	size_t len = left.len < size ? left.len : size;

	(void)fd;
	if (pieces.len) {
		unsigned char byte =
		    (unsigned char)pieces.data[count++ % pieces.len];

		if (len > byte % SIZES + 1u)
			len = byte % SIZES + 1u;
	}
	if (len)
		memcpy(data, left.data, len);
	left.data += len;
	left.len -= len;
	return (ssize_t)len;
}

static void
tell_record(struct buf *told, struct csvin *in, const struct csvin_record *row)
{
	buf_printf(told, "%" PRIu64 "/%" PRIu64 " %s:", row->line, row->number,
	    row->error ? row->error : "");
	buf_add(told, row->data, row->len);
	for (size_t i = 0; i < row->nfields; i++) {
		struct slice value = csvin_value(in, csvin_field(row, i));

		buf_printf(told, " %zu:", value.len);
		buf_add_slice(told, value);
	}
}

static void
tell_batch(struct buf *told, struct csvin *in, const struct csvin_batch *batch)
{
	struct csvin_record row;

	for (size_t i = 0; i < batch->nrecords; i++) {
		csvin_batch_record(in, batch, i, &row);
		tell_record(told, in, &row);
		for (size_t j = 0; j < row.nfields; j++)
			PROPERTY(slice_equal(csvin_field(&row, j),
			    csvin_batch_field(batch, i, j)));
	}
}

void
feed_tell(struct buf *told, unsigned flags, bool batches)
{
	struct csvin *in = csvin_new(NULL, 0, flags);
	struct csvin_batch batch;
	struct csvin_record row;
	int got;

	while ((got = csvin_next(in, &row)) > 0) {
		tell_record(told, in, &row);
		if (!batches)
			continue;
		if ((got = csvin_next_batch(in, &batch)) <= 0)
			break;
		tell_batch(told, in, &batch);
	}
	buf_puts(told, got < 0 ? csvin_error(in) : "end");
	csvin_free(in);
}
