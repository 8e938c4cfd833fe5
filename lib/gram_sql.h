/* SPDX-License-Identifier: ISC */
/*
 * gram_sql - one query whose rows are a state, summed up where the data are
 *
 * The sums are exact, or the query fails; see the table in the source for how
 * each engine comes to that.
 */
#ifndef GRAM_SQL_H
#define GRAM_SQL_H

#include "design.h"

struct gram_sql_engine;

/* An option's "sqlite", "bigquery" or "duckdb". Dies if it is none. */
const struct gram_sql_engine *gram_sql_option(
    const char *option, const char *text);

/*
 * Appends the query for the rows of a table, DATASET.TABLE, and a made design
 * without categories and weights. Returns 0, or -1 with a reason: the design
 * has some, or the table's name is none.
 */
int gram_sql(const struct gram_sql_engine *engine, const struct design *design,
    const char *table, struct buf *sql, struct buf *error);

/* Makes the design and writes the query. Dies with the reason. */
void gram_sql_xwrite(const struct gram_sql_engine *engine,
    struct design *design, const char *table, struct out *out);

#endif
