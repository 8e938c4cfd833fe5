/* SPDX-License-Identifier: ISC */
/*
 * load - records of CSV into a table of a warehouse, exactly once
 *
 * Columns are matched by name. One of the table that the input lacks is NULL;
 * one of the input that the table lacks is an error. Values are cast as
 * schema_cast() does, by the schema given or, without one, by the table.
 *
 * The content of a load is its records, header included, as they stand in the
 * input, each followed by LF: of a file with LF ends and no byte order mark
 * it has the size and the SHA-256 of the file. The id of a load, if none is
 * given, is the hex SHA-256 of the lines DATASET.TABLE, the mode, of a merge
 * the key and the column that decides, and the hex SHA-256 of the content.
 *
 * Functions that return an int return 0, or -1 with the warehouse's error.
 */
#ifndef LOAD_H
#define LOAD_H

#include "load_request.h"
#include "warehouse.h"

/* A field as it stands in the record, and its value. */
struct load_field {
	struct slice raw, value;
};

struct load;

/*
 * Begins a load of records with these columns; the first of them is the
 * header, as it stands in the input. Returns NULL after an error; load_free()
 * frees.
 */
struct load *load_begin(struct warehouse *warehouse,
    const struct load_request *request, const struct cols *columns,
    struct slice header);
void load_free(struct load *load);

/* Adds a record with a field for each of the columns. */
int load_row(
    struct load *load, const struct load_field *fields, struct slice record);

/* Adds all records of an input; dies with file and line if one is bad. */
void load_xrecords(struct load *load, struct csvin *in);

/*
 * Has the warehouse, which can, take objects instead of rows: in the order of
 * the columns; urls, count, bytes, check and user are given. The content is
 * what tells them from others.
 */
int load_objects(
    struct load *load, struct warehouse_objects *objects, struct slice content);

/*
 * Has the warehouse, which can, take the rows of a query, whose columns they
 * are that the load was begun with; to be borrowed until the commit.
 */
int load_query(struct load *load, const struct warehouse_query *query,
    const struct cols *columns);

/*
 * Commits, and appends the receipt: one line of JSON. A load that was done
 * already is left as it is.
 */
int load_commit(struct load *load, struct buf *receipt);

#endif
