/* SPDX-License-Identifier: ISC */
#include "csvout.h"

static bool
wants_quotes(struct slice value)
{
	for (size_t i = 0; i < value.len; i++) {
		char byte = value.data[i];

		if (byte == ',' || byte == '"' || byte == '\r' || byte == '\n')
			return true;
	}
	return false;
}

void
csvout_value(struct out *out, struct slice value)
{
	if (!wants_quotes(value)) {
		out_slice(out, value);
		return;
	}
	out_putc(out, '"');
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] == '"')
			out_putc(out, '"');
		out_putc(out, value.data[i]);
	}
	out_putc(out, '"');
}

void
csvout_append(struct buf *buf, struct slice value)
{
	if (!wants_quotes(value)) {
		buf_add_slice(buf, value);
		return;
	}
	buf_putc(buf, '"');
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] == '"')
			buf_putc(buf, '"');
		buf_putc(buf, value.data[i]);
	}
	buf_putc(buf, '"');
}

void
csvout_record(struct out *out, const struct csvin_record *record)
{
	out_write(out, record->data, record->len);
	out_putc(out, '\n');
}

void
csvout_records(
    struct out *out, const struct csvin_batch *batch, size_t from, size_t to)
{
	size_t begin = csvin_batch_begin(batch, from);

	if (from == to)
		return;
	if (!batch->crlf) {
		out_write(out, batch->base + begin,
		    batch->end[to - 1] + (size_t)1 - begin);
		return;
	}
	for (; from < to; from++) {
		out_slice(out, csvin_batch_slice(batch, from));
		out_putc(out, '\n');
	}
}
