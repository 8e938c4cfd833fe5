/* SPDX-License-Identifier: ISC */
#include "result.h"

#include <stdlib.h>

#include "csvout.h"

static void
append_value(struct buf *record, const struct warehouse_value *value)
{
	if (value->null)
		return;
	if (value->text.len)
		csvout_append(record, value->text);
	else
		buf_puts(record, "\"\"");
}

/* Renders the values as a record and its fields. */
static void
render(struct result *result)
{
	struct buf *record = &result->record;
	const char *at;

	buf_clear(record);
	for (size_t i = 0; i < result->columns.count; i++) {
		size_t from = record->len + (i > 0);

		if (i)
			buf_putc(record, ',');
		append_value(record, &result->values[i]);
		result->fields[i].value = result->values[i].text;
		result->fields[i].raw.len = record->len - from;
	}
	/* the record does not move any more */
	at = buf_text(record);
	for (size_t i = 0; i < result->columns.count; i++) {
		result->fields[i].raw.data = at;
		at += result->fields[i].raw.len + 1;
	}
}

int
result_start(struct result *result, struct warehouse *warehouse,
    const struct warehouse_query *query)
{
	struct cols *columns = &result->columns;

	*result = (struct result){.warehouse = warehouse};
	if (warehouse->query(warehouse, query, columns))
		return -1;
	result->values = xcalloc(columns->count, sizeof(*result->values));
	result->fields = xcalloc(columns->count, sizeof(*result->fields));
	for (size_t i = 0; i < columns->count; i++)
		result->values[i].text = slice_of(columns->names[i]);
	render(result);
	return 0;
}

void
result_release(struct result *result)
{
	cols_release(&result->columns);
	buf_release(&result->record);
	free(result->fields);
	free(result->values);
}

int
result_next(struct result *result)
{
	int got = result->warehouse->next(result->warehouse, result->values);

	if (got > 0)
		render(result);
	if (buf_failed(&result->record))
		return warehouse_fail(result->warehouse, STATUS_TROUBLE,
		    "a row is longer than a record may be");
	return got;
}

int
result_print(struct result *result, struct out *out)
{
	int got = 1;

	while (got > 0 && !out->error) {
		out_slice(out, buf_slice(&result->record));
		out_putc(out, '\n');
		got = result_next(result);
	}
	out_flush(out);
	return got < 0 ? -1 : 0;
}
