/* SPDX-License-Identifier: ISC */
#include "bigquery_rows.h"

#include <stdlib.h>
#include <string.h>

#include "bigquery_value.h"
#include "json_out.h"
#include "utf8.h"

static int read_cells(struct bigquery_rows *rows,
    const struct bigquery_columns *columns, struct buf *json);

static int
fail(struct bigquery_rows *rows, const char *reason)
{
	rows->reason = reason;
	return -1;
}

static void
skip_blanks(struct bigquery_rows *rows)
{
	while (
	    rows->at < rows->end && (*rows->at == ' ' || *rows->at == '\n' ||
					*rows->at == '\r' || *rows->at == '\t'))
		rows->at++;
}

/* Takes a byte that may stand after blanks. */
static bool
take(struct bigquery_rows *rows, char byte)
{
	skip_blanks(rows);
	if (rows->at == rows->end || *rows->at != byte)
		return false;
	rows->at++;
	return true;
}

/* Takes the beginning of an object with one member of a short name. */
static bool
take_member(struct bigquery_rows *rows, char name)
{
	if (!take(rows, '{') || !take(rows, '"') || rows->end - rows->at < 2 ||
	    rows->at[0] != name || rows->at[1] != '"')
		return false;
	rows->at += 2;
	return take(rows, ':');
}

static bool
take_null(struct bigquery_rows *rows)
{
	skip_blanks(rows);
	if (rows->end - rows->at < 4 || memcmp(rows->at, "null", 4) != 0)
		return false;
	rows->at += 4;
	return true;
}

/* The code unit that four hexadecimal digits stand for, or -1. */
static long
hex_unit(const char *digits, const char *end)
{
	long unit = 0;

	if (end - digits < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char digit = digits[i];

		unit *= 16;
		if (digit >= '0' && digit <= '9')
			unit += digit - '0';
		else if (digit >= 'a' && digit <= 'f')
			unit += digit - 'a' + 10;
		else if (digit >= 'A' && digit <= 'F')
			unit += digit - 'A' + 10;
		else
			return -1;
	}
	return unit;
}

/*
 * The code point of an escape, of which *at is behind the u, or -1: one that
 * is not in the basic plane has two of them (RFC 8259, 7).
 */
static long
take_code(const char **at, const char *end)
{
	long high = hex_unit(*at, end), low;

	*at += 4;
	if (high < 0xd800 || high >= 0xe000)
		return high;
	if (high >= 0xdc00 || end - *at < 2 || memcmp(*at, "\\u", 2) != 0)
		return -1;
	low = hex_unit(*at + 2, end);
	*at += 6;
	if (low < 0xdc00 || low >= 0xe000)
		return -1;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* Writes a character in UTF-8; returns the end of it. */
static char *
put_code(char *to, uint32_t code)
{
	struct buf text = {0};

	utf8_put(&text, code);
	memcpy(to, text.data, text.len);
	to += text.len;
	buf_release(&text);
	return to;
}

/* Undoes the escapes of a string where it stands: its new length, or -1. */
static long
unescape(char *text, const char *end)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char bytes[] = "\"\\/\b\f\n\r\t";
	const char *from = text;
	char *to = text;

	while (from < end) {
		const char *found;
		long code;

		if (*from != '\\') {
			*to++ = *from++;
			continue;
		}
		from += 2;
		found = from[-1] ? strchr(letters, from[-1]) : NULL;
		if (found) {
			*to++ = bytes[found - letters];
			continue;
		}
		if (from[-1] != 'u' || (code = take_code(&from, end)) < 0)
			return -1;
		to = put_code(to, (uint32_t)code);
	}
	return to - text;
}

/* True for a byte that stands for itself in a string. */
static inline bool
is_plain(char byte)
{
	return (unsigned char)byte >= ' ' && byte != '"' && byte != '\\';
}

/* Takes a string behind its first quote. */
static int
take_string(struct bigquery_rows *rows, struct slice *text)
{
	char *from = rows->at, *at = from;
	bool escaped = false;
	long len;

	while (at < rows->end && *at != '"') {
		if (is_plain(*at)) {
			at++;
			continue;
		}
		if (*at != '\\' || rows->end - at < 2)
			return fail(rows, "a control character in a string");
		escaped = true;
		at += 2;
	}
	if (at == rows->end)
		return fail(rows, "a string without an end");
	rows->at = at + 1;
	len = escaped ? unescape(from, at) : at - from;
	if (len < 0)
		return fail(rows, "a wrong escape in a string");
	*text = (struct slice){from, (size_t)len};
	return 0;
}

/* Appends a value that is no list as JSON. */
static int
put_one(struct bigquery_rows *rows, const struct bigquery_column *column,
    struct buf *json)
{
	struct slice text;

	if (take_null(rows)) {
		buf_puts(json, "null");
		return 0;
	}
	if (column->kind == BIGQUERY_STRUCT)
		return read_cells(rows, column->fields, json);
	if (!take(rows, '"'))
		return fail(rows, "a value that is no string");
	if (take_string(rows, &text))
		return -1;
	rows->reason = bigquery_value_json(column->kind, text, json);
	return rows->reason ? -1 : 0;
}

/* Appends a list of values, [{"v": ...}, ...], as JSON. */
static int
put_list(struct bigquery_rows *rows, const struct bigquery_column *column,
    struct buf *json)
{
	bool more = false;

	if (!take(rows, '['))
		return fail(rows, "a repeated value that is no array");
	buf_putc(json, '[');
	while (!take(rows, ']')) {
		if (more && !take(rows, ','))
			return fail(rows, "no comma between values");
		if (!take_member(rows, 'v'))
			return fail(rows, "an element that is no value");
		if (more)
			buf_putc(json, ',');
		if (put_one(rows, column, json))
			return -1;
		if (!take(rows, '}'))
			return fail(rows, "an element that does not end");
		more = true;
	}
	buf_putc(json, ']');
	return 0;
}

static int
put_value(struct bigquery_rows *rows, const struct bigquery_column *column,
    struct buf *json)
{
	if (!column->repeated)
		return put_one(rows, column, json);
	if (!take_null(rows))
		return put_list(rows, column, json);
	buf_puts(json, "[]"); /* as GoogleSQL does not tell them apart */
	return 0;
}

/* Takes the frame of a cell's value, behind a comma if it is not the first. */
static int
begin_cell(struct bigquery_rows *rows, bool first)
{
	if (!first && !take(rows, ','))
		return fail(rows, "a row with fewer values than columns");
	return take_member(rows, 'v') ? 0 : fail(rows, "a cell that is none");
}

static int
end_cell(struct bigquery_rows *rows)
{
	return take(rows, '}') ? 0 : fail(rows, "a cell that does not end");
}

static int
begin_row(struct bigquery_rows *rows)
{
	return take_member(rows, 'f') && take(rows, '[')
		   ? 0
		   : fail(rows, "a row that is none");
}

static int
end_row(struct bigquery_rows *rows)
{
	return take(rows, ']') && take(rows, '}')
		   ? 0
		   : fail(rows, "a row with more values than columns");
}

/* Appends a STRUCT, {"f": [{"v": ...}, ...]}, as JSON. */
static int
read_cells(struct bigquery_rows *rows, const struct bigquery_columns *columns,
    struct buf *json)
{
	if (begin_row(rows))
		return -1;
	buf_putc(json, '{');
	for (size_t i = 0; i < columns->count; i++) {
		const struct bigquery_column *column = &columns->items[i];

		if (begin_cell(rows, i == 0))
			return -1;
		if (i)
			buf_putc(json, ',');
		bigquery_value_string(slice_of(column->name), json);
		buf_putc(json, ':');
		if (put_value(rows, column, json) || end_cell(rows))
			return -1;
	}
	buf_putc(json, '}');
	return end_row(rows);
}

/* Takes a value of a row. */
static int
take_value(struct bigquery_rows *rows, const struct bigquery_column *column,
    struct buf *room, struct warehouse_value *value)
{
	*value = (struct warehouse_value){{NULL, 0}, true};
	if (take_null(rows))
		return 0;
	value->null = false;
	if (column->repeated || column->kind == BIGQUERY_STRUCT) {
		buf_clear(room);
		if (put_value(rows, column, room))
			return -1;
		value->text = buf_slice(room);
		return buf_failed(room) ? fail(rows, "a value too long") : 0;
	}
	if (!take(rows, '"'))
		return fail(rows, "a value that is no string");
	if (take_string(rows, &value->text))
		return -1;
	rows->reason = bigquery_value_spell(column->kind, &value->text, room);
	return rows->reason ? -1 : 0;
}

void
bigquery_rows_begin(
    struct bigquery_rows *rows, const struct bigquery_columns *columns)
{
	*rows = (struct bigquery_rows){.columns = columns};
	rows->rooms = xcalloc(columns->count, sizeof(*rows->rooms));
}

void
bigquery_rows_release(struct bigquery_rows *rows)
{
	for (size_t i = 0; rows->rooms && i < rows->columns->count; i++)
		buf_release(&rows->rooms[i]);
	free(rows->rooms);
	*rows = (struct bigquery_rows){0};
}

void
bigquery_rows_page(struct bigquery_rows *rows, char *array, size_t len)
{
	rows->at = array;
	rows->end = array + len;
	rows->begun = false;
}

/* The end of the array, behind which there must be nothing. */
static int
end_page(struct bigquery_rows *rows)
{
	skip_blanks(rows);
	return rows->at == rows->end ? 0
				     : fail(rows, "something behind the rows");
}

/* Goes to the next row: 1, or 0 at the end of the page, or -1. */
static int
seek_row(struct bigquery_rows *rows)
{
	if (!rows->begun) {
		if (!take(rows, '['))
			return fail(rows, "rows that are no array");
		if (take(rows, ']'))
			return end_page(rows);
	} else if (!take(rows, ',')) {
		return take(rows, ']') ? end_page(rows)
				       : fail(rows, "no comma after a row");
	}
	rows->begun = true;
	return 1;
}

int
bigquery_rows_next(struct bigquery_rows *rows, struct warehouse_value *values)
{
	const struct bigquery_columns *columns = rows->columns;
	int got = rows->at == rows->end ? 0 : seek_row(rows);

	if (got <= 0)
		return got;
	if (begin_row(rows))
		return -1;
	for (size_t i = 0; i < columns->count; i++) {
		if (begin_cell(rows, i == 0) ||
		    take_value(rows, &columns->items[i], &rows->rooms[i],
			&values[i]) ||
		    end_cell(rows))
			return -1;
	}
	return end_row(rows) ? -1 : 1;
}
