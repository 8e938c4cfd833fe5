/* SPDX-License-Identifier: ISC */
#include "bigquery_columns.h"

#include <stdlib.h>

/* What the API calls a type, what GoogleSQL does, and how it is spelled. */
static const struct {
	const char *legacy, *type;
	enum bigquery_kind kind;
} types[] = {
    {"INTEGER", "INT64", BIGQUERY_INTEGER},
    {"FLOAT", "FLOAT64", BIGQUERY_FLOAT},
    {"BOOLEAN", "BOOL", BIGQUERY_BOOL},
    {"RECORD", "STRUCT", BIGQUERY_STRUCT},
    {"NUMERIC", "NUMERIC", BIGQUERY_DECIMAL},
    {"BIGNUMERIC", "BIGNUMERIC", BIGQUERY_DECIMAL},
    {"TIMESTAMP", "TIMESTAMP", BIGQUERY_TIMESTAMP},
    {"JSON", "JSON", BIGQUERY_JSON},
};
enum { NTYPES = sizeof(types) / sizeof(types[0]) };

/* A type that is none of these, as DATE, is text. */
static void
read_type(struct bigquery_column *column, struct slice name)
{
	for (size_t i = 0; i < NTYPES; i++) {
		if (slice_equal(name, slice_of(types[i].legacy)) ||
		    slice_equal(name, slice_of(types[i].type))) {
			column->type = xstrdup(types[i].type);
			column->kind = types[i].kind;
			return;
		}
	}
	column->type = xslicedup(name);
	column->kind = BIGQUERY_TEXT;
}

static int
read_column(
    struct bigquery_column *column, struct json *field, struct buf *reason)
{
	struct slice name = json_string(json_get(field, "name"));
	struct slice type = json_string(json_get(field, "type"));
	struct slice mode = json_string(json_get(field, "mode"));

	column->name = xslicedup(name);
	read_type(column, type);
	column->repeated = slice_equal(mode, slice_of("REPEATED"));
	if (!name.len || !type.len) {
		buf_puts(reason, "a column without a name or a type");
		return -1;
	}
	if (column->kind != BIGQUERY_STRUCT)
		return 0;
	column->fields = xcalloc(1, sizeof(*column->fields));
	return bigquery_columns_read(column->fields, field, reason);
}

int
bigquery_columns_read(
    struct bigquery_columns *columns, struct json *schema, struct buf *reason)
{
	struct json *fields = json_get(schema, "fields");
	size_t count = json_count(fields);
	int result = 0;

	if (json_type(fields) != JSON_ARRAY || !count) {
		buf_puts(reason, "a result without columns");
		return -1;
	}
	columns->items = xcalloc(count, sizeof(*columns->items));
	columns->count = count;
	for (size_t i = 0; i < count && !result; i++)
		result =
		    read_column(&columns->items[i], json_at(fields, i), reason);
	return result;
}

void
bigquery_columns_release(struct bigquery_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++) {
		struct bigquery_column *column = &columns->items[i];

		free(column->name);
		free(column->type);
		if (column->fields)
			bigquery_columns_release(column->fields);
		free(column->fields);
	}
	free(columns->items);
	*columns = (struct bigquery_columns){0};
}
