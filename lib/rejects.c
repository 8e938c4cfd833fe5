/* SPDX-License-Identifier: ISC */
#include "rejects.h"

#include <inttypes.h>
#include <string.h>

#include "csvout.h"
#include "num.h"

void
rejects_header(struct out *out, const struct csvin_record *header)
{
	out_write(out, header->data, header->len);
	out_puts(out, ",_row,_line,_field,_error,_note,_raw\n");
}

/* Writes the bytes of a record as one quoted field. */
static void
write_raw(struct out *out, const struct csvin_record *row)
{
	out_putc(out, '"');
	for (size_t i = 0; i < row->len; i++) {
		if (row->data[i] == '\0') {
			out_puts(out, "\xef\xbf\xbd");
			continue;
		}
		if (row->data[i] == '"')
			out_putc(out, '"');
		out_putc(out, row->data[i]);
	}
	out_putc(out, '"');
}

void
rejects_row(struct out *out, const struct csvin_record *row, size_t columns,
    struct fault fault)
{
	bool aligned = !row->error && row->nfields == columns;
	struct buf place = {0};

	if (aligned)
		out_write(out, row->data, row->len);
	for (size_t i = 1; !aligned && i < columns; i++)
		out_putc(out, ',');
	buf_printf(&place, ",%" PRIu64 ",%" PRIu64 ",", row->number, row->line);
	out_slice(out, buf_slice(&place));
	buf_release(&place);
	csvout_value(out, slice_of(fault.field ? fault.field : ""));
	out_putc(out, ',');
	out_puts(out, fault.type);
	out_putc(out, ',');
	csvout_value(out, fault.note);
	out_putc(out, ',');
	if (!aligned)
		write_raw(out, row);
	out_putc(out, '\n');
}

struct rejects_limit
rejects_option(const char *option, const char *text)
{
	struct rejects_limit limit = {0};
	struct slice number = slice_of(text);

	if (number.len == 0 || number.data[number.len - 1] != '%') {
		limit.value = (double)num_option(option, text, 0, INT64_MAX);
		return limit;
	}
	number.len--;
	limit.percent = true;
	if (num_double(number, &limit.value) || limit.value < 0)
		die(STATUS_TROUBLE, "%s: '%s' is not a percentage", option,
		    text);
	return limit;
}

bool
rejects_exceed(struct rejects_limit limit, uint64_t rejected, uint64_t rows)
{
	if (limit.percent)
		return (double)rejected * 100 > limit.value * (double)rows;
	return (double)rejected > limit.value;
}
