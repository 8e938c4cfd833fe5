/* SPDX-License-Identifier: ISC */
#include "sqlite_table.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "num.h"

static const char bool_declared[] = "BOOL_INTEGER";

/* BigQuery's type, what it is declared as, and what follows that. */
static const struct {
	const char *type, *declared, *collate;
} types[] = {
    {"STRING", "TEXT", ""},
    {"INT64", "INTEGER", ""},
    {"FLOAT64", "REAL", ""},
    {"BOOL", bool_declared, ""},
    {"TIMESTAMP", "TIMESTAMP_TEXT", ""},
    {"NUMERIC", "NUMERIC_TEXT", " COLLATE decimal"},
    {"BIGNUMERIC", "BIGNUMERIC_TEXT", " COLLATE decimal"},
    {"DATE", "DATE_TEXT", ""},
    {"TIME", "TIME_TEXT", ""},
    {"JSON", "JSON_TEXT", ""},
};
enum { NTYPES = sizeof(types) / sizeof(types[0]) };

const char *
sqlite_table_type(const char *declared)
{
	for (size_t i = 0; i < NTYPES; i++) {
		if (!strcmp(declared, types[i].declared))
			return types[i].type;
	}
	return NULL;
}

bool
sqlite_table_is_bool(const char *declared)
{
	return declared && !strcmp(declared, bool_declared);
}

void
sqlite_table_columns(
    struct buf *sql, const struct schema_field *const *fields, size_t nfields)
{
	for (size_t i = 0; i < nfields; i++) {
		const char *type = warehouse_type(fields[i]);
		size_t row = 0;

		while (strcmp(types[row].type, type) != 0)
			row++;
		buf_printf(sql, "%s\"%s\" %s%s%s", i ? ", " : "",
		    fields[i]->name, types[row].declared, types[row].collate,
		    fields[i]->required ? " NOT NULL" : "");
	}
}

/* Refuses a table that is not there but for the case of its name. */
static int
check_case(struct sqlite_db *db, const struct warehouse_table *table)
{
	int64_t other;

	if (sqlite_db_integer(db, &other,
		"SELECT COUNT(*) FROM \"%w\".sqlite_master WHERE type = "
		"'table' AND lower(name) = lower(%Q) AND name <> %Q",
		table->dataset, table->table, table->table))
		return -1;
	if (!other)
		return 0;
	return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
	    "%s.%s: a table of that name but for case exists", table->dataset,
	    table->table);
}

/* Appends a column as an entry of a BigQuery schema. */
static int
put_column(struct sqlite_db *db, sqlite3_stmt *row, struct buf *json)
{
	const char *name = (const char *)sqlite3_column_text(row, 1);
	const char *declared = (const char *)sqlite3_column_text(row, 2);
	bool required = sqlite3_column_int(row, 3) != 0;
	const char *type = sqlite_table_type(declared);

	if (type && warehouse_name_valid(slice_of(name))) {
		/* nothing in it can need an escape */
		buf_printf(json,
		    "%s{\"name\": \"%s\", \"type\": \"%s\", \"mode\": \"%s\"}",
		    json->len > 1 ? ", " : "", name, type,
		    required ? "REQUIRED" : "NULLABLE");
		return 0;
	}
	return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
	    "column '%s' is declared '%s', which is none of our types", name,
	    declared);
}

/* Fills json with the columns: a BigQuery schema, empty if no such table. */
static int
put_columns(
    struct sqlite_db *db, const struct warehouse_table *table, struct buf *json)
{
	sqlite3_stmt *rows = sqlite_db_prepare(db,
	    "PRAGMA \"%w\".table_info(\"%w\")", table->dataset, table->table);
	int result = rows ? 0 : -1;

	buf_putc(json, '[');
	while (!result && sqlite3_step(rows) == SQLITE_ROW)
		result = put_column(db, rows, json);
	buf_putc(json, ']');
	if (sqlite3_finalize(rows) && !result)
		result = sqlite_db_fail(db);
	return result;
}

int
sqlite_table_describe(struct warehouse *warehouse,
    const struct warehouse_table *table, struct schema **schema)
{
	struct sqlite_db *db = sqlite_db_of(warehouse);
	struct buf json = {0}, error = {0};
	int result;

	*schema = NULL;
	if (sqlite_db_open(db, SQLITE_DB_WRITE))
		return -1;
	if (!sqlite_db_exists(db, table->dataset))
		return 0;
	if (sqlite_db_attach(db, table->dataset) || check_case(db, table))
		return -1;
	result = put_columns(db, table, &json);
	if (!result && json.len > 2) {
		*schema = schema_parse(buf_slice(&json), &error);
		if (!*schema)
			result = warehouse_fail(&db->warehouse, STATUS_TROUBLE,
			    "%s.%s: %s", table->dataset, table->table,
			    buf_text(&error));
	}
	buf_release(&json);
	buf_release(&error);
	return result;
}

/* Binds a text; keep is SQLITE_STATIC or SQLITE_TRANSIENT. */
static int
bind_text(sqlite3_stmt *statement, int parameter, struct slice text,
    sqlite3_destructor_type keep)
{
	/* SQLite takes a null pointer for NULL */
	return sqlite3_bind_text64(statement, parameter,
	    text.len ? text.data : "", text.len, keep, SQLITE_UTF8);
}

static int
bind_number(sqlite3_stmt *statement, int parameter,
    const struct schema_field *field, struct slice value)
{
	struct buf canonical = {0};
	double number;
	int rc;

	if (!strcmp(warehouse_type(field), "FLOAT64")) {
		if (num_double(value, &number))
			return -1;
		return sqlite3_bind_double(statement, parameter, number);
	}
	if (decimal_canon(value, &canonical))
		return -1;
	rc = bind_text(
	    statement, parameter, buf_slice(&canonical), SQLITE_TRANSIENT);
	buf_release(&canonical);
	return rc;
}

int
sqlite_table_bind(struct sqlite3_stmt *statement, int parameter,
    const struct schema_field *field, struct slice value, const char **reason)
{
	int64_t integer;
	int rc;

	switch (field->type) {
	case SCHEMA_INTEGER:
		rc = num_int64(value, &integer)
			 ? -1
			 : sqlite3_bind_int64(statement, parameter, integer);
		break;
	case SCHEMA_NUMBER:
		rc = bind_number(statement, parameter, field, value);
		break;
	case SCHEMA_BOOLEAN:
		rc = sqlite3_bind_int(
		    statement, parameter, slice_equal(value, slice_of("true")));
		break;
	default:
		rc = bind_text(statement, parameter, value, SQLITE_STATIC);
	}
	*reason = rc ? "out of range" : NULL;
	return rc ? -1 : 0;
}
