/* SPDX-License-Identifier: ISC */
/*
 * sqlite_table - the columns of a table in SQLite, and their values
 *
 * The types are listed in warehouse_sqlite.h.
 */
#ifndef SQLITE_TABLE_H
#define SQLITE_TABLE_H

#include "sqlite_db.h"

/* The function of struct warehouse. */
int sqlite_table_describe(struct warehouse *warehouse,
    const struct warehouse_table *table, struct schema **schema);

/* Appends the columns as CREATE TABLE takes them, without brackets. */
void sqlite_table_columns(
    struct buf *sql, const struct schema_field *const *fields, size_t nfields);

/*
 * Binds a value, spelled as schema_cast() does, to a parameter of a
 * statement, counted from 1. The text must last as long as the statement is
 * run. Returns 0, or -1 with a reason in *reason (static) if the column's
 * type cannot hold it.
 */
int sqlite_table_bind(struct sqlite3_stmt *statement, int parameter,
    const struct schema_field *field, struct slice value, const char **reason);

/* The type that is declared so, or NULL if it is none of ours. */
const char *sqlite_table_type(const char *declared);

/* True for the declaration of a BOOL; NULL is that of an expression. */
bool sqlite_table_is_bool(const char *declared);

#endif
