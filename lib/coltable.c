/* SPDX-License-Identifier: ISC */
#include "coltable.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* Rows whose fields and offsets stay in the cache from column to column. */
enum { ROWS = 512 };

_Static_assert((int)COLSTAT_READABLE <= (int)CSVIN_SLACK,
    "values are read where they stand");

static void
take_header(
    struct coltable *table, struct csvin *in, const struct csvin_record *header)
{
	if (header->nfields > COLTABLE_COLUMNS)
		csvin_die(in, header, "%zu columns, at most %d",
		    header->nfields, COLTABLE_COLUMNS);
	table->count = header->nfields;
	table->names = xcalloc(table->count, sizeof(*table->names));
	table->columns = xcalloc(table->count, sizeof(struct colstat *));
	for (size_t i = 0; i < table->count; i++) {
		buf_add_slice(
		    &table->names[i], csvin_value(in, csvin_field(header, i)));
		table->columns[i] = colstat_new();
	}
}

/*
 * Takes the quotes off a value. What had to be copied for that is copied once
 * more, to where enough bytes behind it can be read.
 */
static struct slice
unquote(struct arena *arena, struct csvin *in, struct slice field)
{
	struct slice value = csvin_value(in, field);
	char *room;

	if (value.data >= field.data && value.data <= field.data + field.len)
		return value;
	room = arena_room(arena, value.len + COLSTAT_READABLE);
	memcpy(room, value.data, value.len);
	return (struct slice){room, value.len};
}

/* Adds rows from first to end of column at. */
static void
add_column(struct colstat *column, struct csvin *in,
    const struct csvin_batch *batch, size_t at, size_t first, size_t end)
{
	struct slice values[ROWS];
	struct arena arena = {0};
	size_t count = 0;

	for (size_t i = first; i < end; i++)
		values[count++] = csvin_batch_field(batch, i, at);
	for (size_t i = 0; batch->quoted && i < count; i++)
		values[i] = unquote(&arena, in, values[i]);
	colstat_add(column, values, count);
	arena_release(&arena);
}

static void
add_batch(
    struct coltable *table, struct csvin *in, const struct csvin_batch *batch)
{
	struct slice none = {"", 0};

	for (size_t first = 0; first < batch->nrecords; first += ROWS) {
		size_t left = batch->nrecords - first;
		size_t end = first + (left < ROWS ? left : ROWS);

		for (size_t at = 0; at < table->count; at++) {
			struct colstat *column = table->columns[at];

			if (at < batch->ncolumns)
				add_column(column, in, batch, at, first, end);
			else
				colstat_add(column, &none, 1);
		}
	}
}

void
coltable_read(struct coltable *table, struct csvin *in)
{
	struct csvin_record header;
	struct csvin_batch batch;

	if (!csvin_xnext(in, &header))
		return;
	take_header(table, in, &header);
	while (csvin_xnext_batch(in, &batch))
		add_batch(table, in, &batch);
}

void
coltable_release(struct coltable *table)
{
	for (size_t i = 0; i < table->count; i++) {
		buf_release(&table->names[i]);
		colstat_free(table->columns[i]);
	}
	free(table->names);
	free(table->columns);
	*table = (struct coltable){0};
}
