/* SPDX-License-Identifier: ISC */
/*
 * bigquery_sql - GoogleSQL out of a pattern, its names and literals
 *
 * GoogleSQL reference, "Lexical structure and syntax": within backticks a name
 * may be a reserved word; in a string literal a backslash escapes.
 */
#ifndef BIGQUERY_SQL_H
#define BIGQUERY_SQL_H

#include "buf.h"

/* What stands for {NAME} in a pattern. */
struct bigquery_sql_term {
	const char *name;
	struct buf text;
};

/* The terms of one or more patterns; {0} has none. */
struct bigquery_sql {
	struct bigquery_sql_term *terms;
	size_t count, cap;
};

/* Adds a term without a text; borrowed until the next one is added. */
struct buf *bigquery_sql_term(struct bigquery_sql *sql, const char *name);
void bigquery_sql_release(struct bigquery_sql *sql);

/* Appends the pattern with its terms filled in. */
void bigquery_sql_fill(
    const struct bigquery_sql *sql, const char *pattern, struct buf *out);

/* Appends `PROJECT.DATASET.TABLE`. */
void bigquery_sql_table(struct buf *out, const char *project,
    const char *dataset, const char *table);

/* Appends the text as a literal, or a NULL of type STRING for NULL. */
void bigquery_sql_text(struct buf *out, const char *text);

#endif
