/* SPDX-License-Identifier: ISC */
#include "table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "table_fit.h"
#include "visible.h"

enum { PAGE_ROWS = 1000, PAGE_CELLS = 64 * 1024, PAGE_BYTES = 1024 * 1024 };

#define RULE "\xe2\x94\x80"
#define ARROW "\xe2\x86\x90"
#define BOLD "\x1b[1m"
#define DIM "\x1b[2m"
#define RED "\x1b[31m"
#define PLAIN "\x1b[0m"

/* Visible text within the page's bytes. */
struct cell {
	size_t at, len;
	size_t columns;
};

struct row {
	size_t first, ncells; /* the header's number at most */
	struct cell note;     /* behind the row; empty if all is well */
	int64_t number;
};

struct table {
	struct table_style style;
	struct table_column *columns;
	size_t ncolumns, shown;
	size_t names_len; /* of the bytes, which begin with the names */
	struct buf bytes;
	struct cell *cells; /* the names, then rows */
	size_t ncells, cells_cap;
	struct row *rows;
	size_t nrows, rows_cap;
	int64_t number;
	bool paged; /* a page was made */
};

static struct cell
add_text(struct table *table, struct slice value, size_t limit)
{
	struct cell cell = {.at = table->bytes.len};

	cell.columns = visible_add(&table->bytes, value, limit);
	cell.len = table->bytes.len - cell.at;
	return cell;
}

static struct cell *
add_cell(struct table *table, struct slice value)
{
	struct cell *cell;

	table->cells = xgrow(
	    table->cells, table->ncells, &table->cells_cap, sizeof(*cell));
	cell = &table->cells[table->ncells++];
	*cell = add_text(table, value, table->style.cell);
	return cell;
}

static struct slice
text_of(const struct table *table, struct cell cell)
{
	return (struct slice){buf_text(&table->bytes) + cell.at, cell.len};
}

struct table *
table_new(struct table_style style, struct csvin *in,
    const struct csvin_record *header)
{
	struct table *table = xcalloc(1, sizeof(*table));

	if (style.cell > style.screen)
		style.cell = style.screen;
	table->style = style;
	/* a page ends with the record that passes its size */
	table->bytes.limit = SIZE_MAX;
	table->number = 1;
	table->ncolumns = table->shown = header->nfields;
	table->columns = xcalloc(table->ncolumns, sizeof(*table->columns));
	for (size_t i = 0; i < table->ncolumns; i++) {
		struct slice field = csvin_field(header, i);

		table->columns[i].name =
		    add_cell(table, csvin_value(in, field))->columns;
	}
	table->names_len = table->bytes.len;
	return table;
}

void
table_free(struct table *table)
{
	if (!table)
		return;
	free(table->columns);
	buf_release(&table->bytes);
	free(table->cells);
	free(table->rows);
	free(table);
}

void
table_number(struct table *table, int64_t number)
{
	table->number = number;
}

/* Says behind a row what does not fit the columns. */
static struct cell
add_note(struct table *table, struct csvin *in, const struct csvin_record *row)
{
	struct buf text = {.limit = SIZE_MAX};
	struct cell note;

	if (row->error) {
		buf_printf(&text, ARROW " %s: ", row->error);
		buf_add(&text, row->data, row->len);
	} else {
		buf_printf(&text, ARROW " %zu field%s, header has %zu",
		    row->nfields, row->nfields == 1 ? "" : "s",
		    table->ncolumns);
		for (size_t i = table->ncolumns; i < row->nfields; i++) {
			buf_puts(&text, i == table->ncolumns ? ": " : ", ");
			buf_add_slice(
			    &text, csvin_value(in, csvin_field(row, i)));
		}
	}
	note = add_text(table, buf_slice(&text), table->style.cell);
	buf_release(&text);
	return note;
}

bool
table_add(
    struct table *table, struct csvin *in, const struct csvin_record *record)
{
	struct row row = {.first = table->ncells, .number = table->number++};

	if (record->nfields != table->ncolumns)
		row.note = add_note(table, in, record);
	while (row.ncells < record->nfields && row.ncells < table->ncolumns) {
		struct table_column *column = &table->columns[row.ncells];
		struct slice value =
		    csvin_value(in, csvin_field(record, row.ncells++));
		size_t columns = add_cell(table, value)->columns;

		if (columns > column->data)
			column->data = columns;
		if (!column->text && value.len && !decimal_valid(value))
			column->text = true;
	}
	table->rows = xgrow(
	    table->rows, table->nrows, &table->rows_cap, sizeof(*table->rows));
	table->rows[table->nrows++] = row;
	return table->nrows == PAGE_ROWS || table->ncells >= PAGE_CELLS ||
	       table->bytes.len >= PAGE_BYTES;
}

static void
put_blanks(struct buf *text, size_t count)
{
	static const char blanks[] = "                                ";
	enum { MANY = sizeof(blanks) - 1 };

	for (; count > MANY; count -= MANY)
		buf_add(text, blanks, MANY);
	buf_add(text, blanks, count);
}

static void
put_styled(const struct table *table, struct buf *text, const char *style,
    struct slice what)
{
	bool styled = table->style.colour && *style;

	if (styled)
		buf_puts(text, style);
	buf_add_slice(text, what);
	if (styled)
		buf_puts(text, PLAIN);
}

/*
 * Puts a cell into its column. Blanks are owed to what follows, so that no
 * line ends in any.
 */
static void
put_cell(const struct table *table, const struct table_column *column,
    struct cell cell, const char *style, struct buf *text, size_t *owed)
{
	struct slice what = text_of(table, cell);
	struct buf cut = {.limit = SIZE_MAX};
	size_t columns = cell.columns, pad;

	if (!cell.len) {
		*owed += column->width + TABLE_BETWEEN;
		return;
	}
	if (columns > column->width) {
		columns = visible_add(&cut, what, column->width);
		what = buf_slice(&cut);
	}
	pad = column->width - columns;
	put_blanks(text, *owed + (column->text ? 0 : pad));
	put_styled(table, text, style, what);
	*owed = (column->text ? pad : 0) + TABLE_BETWEEN;
	buf_release(&cut);
}

static void
put_rule(const struct table *table, struct buf *text)
{
	if (table->style.colour)
		buf_puts(text, DIM);
	for (size_t i = 0; i < table->shown; i++) {
		put_blanks(text, i ? TABLE_BETWEEN : 0);
		for (size_t j = 0; j < table->columns[i].width; j++)
			buf_puts(text, RULE);
	}
	if (table->style.colour)
		buf_puts(text, PLAIN);
	buf_putc(text, '\n');
}

static void
put_row(const struct table *table, const struct row *row, struct buf *text)
{
	size_t owed = 0;

	for (size_t i = 0; i < table->shown && i < row->ncells; i++)
		put_cell(table, &table->columns[i],
		    table->cells[row->first + i], "", text, &owed);
	if (row->note.len) {
		put_blanks(text, owed < TABLE_BETWEEN ? owed : TABLE_BETWEEN);
		put_styled(table, text, RED, text_of(table, row->note));
	}
	buf_putc(text, '\n');
}

static size_t
put_table(struct table *table, struct buf *text)
{
	size_t owed = 0, width = table_fit(table->columns, table->ncolumns,
			     table->style.screen, &table->shown);

	for (size_t i = 0; i < table->shown; i++)
		put_cell(table, &table->columns[i], table->cells[i], BOLD, text,
		    &owed);
	buf_putc(text, '\n');
	put_rule(table, text);
	for (size_t i = 0; i < table->nrows; i++)
		put_row(table, &table->rows[i], text);
	return width;
}

/* A row as a line with its number, then one for each field. */
static void
put_expanded(const struct table *table, const struct row *row, size_t names,
    struct buf *text)
{
	struct buf title = {0};

	buf_printf(
	    &title, RULE RULE " row %" PRId64 " " RULE RULE, row->number);
	put_styled(table, text, DIM, buf_slice(&title));
	buf_release(&title);
	if (row->note.len) {
		buf_putc(text, ' ');
		put_styled(table, text, RED, text_of(table, row->note));
	}
	buf_putc(text, '\n');
	for (size_t i = 0; i < row->ncells; i++) {
		struct cell name = table->cells[i];
		struct cell value = table->cells[row->first + i];

		put_styled(table, text, BOLD, text_of(table, name));
		if (value.len) {
			put_blanks(text, names - name.columns + TABLE_BETWEEN);
			buf_add_slice(text, text_of(table, value));
		}
		buf_putc(text, '\n');
	}
}

size_t
table_page(struct table *table, struct buf *text)
{
	size_t width = 0, names = 0;

	for (size_t i = 0; i < table->ncolumns; i++) {
		if (names < table->columns[i].name)
			names = table->columns[i].name;
	}
	if (!table->style.expanded && (table->nrows || !table->paged))
		width = put_table(table, text);
	else
		for (size_t i = 0; i < table->nrows; i++)
			put_expanded(table, &table->rows[i], names, text);
	table->paged = true;
	table->nrows = 0;
	table->ncells = table->ncolumns;
	table->bytes.len = table->names_len;
	for (size_t i = 0; i < table->ncolumns; i++) {
		table->columns[i].data = 0;
		table->columns[i].text = false;
	}
	return width;
}

void
table_left_out(const struct table *table, struct buf *text)
{
	size_t count = table->ncolumns - table->shown;

	if (count)
		buf_printf(text, "; %zu column%s not shown: ", count,
		    count == 1 ? "" : "s");
	for (size_t i = table->shown; i < table->ncolumns; i++) {
		buf_puts(text, i == table->shown ? "" : ", ");
		buf_add_slice(text, text_of(table, table->cells[i]));
	}
}
