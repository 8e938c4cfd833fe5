/* SPDX-License-Identifier: ISC */
/* The reader gives back the values, divided by '|', that the writer wrote. */
#include "csvout.h"
#include "feed.h"
#include "fuzz.h"

static void
check(struct slice values, size_t ncolumns)
{
	struct csvin *in = csvin_new(NULL, 0, 0);
	struct csvin_record row;

	PROPERTY(csvin_next(in, &row) == 1 && row.nfields == ncolumns);
	for (size_t i = 0; i % ncolumns || csvin_next(in, &row) == 1; i++)
		PROPERTY(slice_equal(fuzz_cut(&values, '|'),
		    csvin_value(in, csvin_field(&row, i % ncolumns))));
	csvin_free(in);
	PROPERTY(values.len == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice values = {(const char *)data, size}, rest;
	size_t ncolumns = fuzz_cut(&values, '\n').len + 1, column = 0;
	struct buf text = {0};

	while (column < ncolumns)
		buf_puts(&text, column++ ? ",header" : "header");
	for (rest = values; rest.len || column % ncolumns; column++) {
		buf_puts(&text, column % ncolumns ? "," : "\r\n");
		csvout_append(&text, fuzz_cut(&rest, '|'));
	}
	buf_putc(&text, '\n');
	feed(buf_slice(&text), (struct slice){0});
	if (!memchr(buf_text(&text), '\0', text.len))
		check(values, ncolumns);
	buf_release(&text);
	return 0;
}
