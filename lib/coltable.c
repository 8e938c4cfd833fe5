/* SPDX-License-Identifier: ISC */
#include "coltable.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* Rows that are taken together. */
enum { ROWS = 1024 };

/* Rows gathered for the columns. */
struct batch {
	struct arena arena;
	struct slice *values; /* of row i and column j: [j * ROWS + i] */
	size_t rows;
};

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

static void
flush(struct coltable *table, struct batch *batch)
{
	for (size_t i = 0; i < table->count; i++)
		colstat_add(
		    table->columns[i], batch->values + i * ROWS, batch->rows);
	arena_clear(&batch->arena);
	batch->rows = 0;
}

static void
gather(struct coltable *table, struct batch *batch, struct csvin *in,
    const struct csvin_record *row)
{
	for (size_t i = 0; i < table->count; i++) {
		struct slice *value = &batch->values[i * ROWS + batch->rows];
		char *room;

		if (i >= row->nfields) {
			value->len = 0;
			continue;
		}
		*value = csvin_value(in, csvin_field(row, i));
		room = arena_room(&batch->arena, value->len + COLSTAT_READABLE);
		memcpy(room, value->data, value->len);
		value->data = room;
	}
	if (++batch->rows == ROWS)
		flush(table, batch);
}

void
coltable_read(struct coltable *table, struct csvin *in)
{
	struct batch batch = {0};
	struct csvin_record row;

	if (!csvin_xnext(in, &row))
		return;
	take_header(table, in, &row);
	batch.values = xcalloc(table->count * ROWS, sizeof(*batch.values));
	while (csvin_xnext(in, &row))
		gather(table, &batch, in, &row);
	flush(table, &batch);
	arena_release(&batch.arena);
	free(batch.values);
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
