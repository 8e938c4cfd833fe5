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
