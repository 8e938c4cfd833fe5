/* SPDX-License-Identifier: ISC */
/*
 * sqlite_query - a query on tables in SQLite
 *
 * A statement can only read: SQLite is told to refuse all else, and the files
 * are opened for reading. The functions are those of struct warehouse.
 */
#ifndef SQLITE_QUERY_H
#define SQLITE_QUERY_H

#include "sqlite_db.h"

int sqlite_query(struct warehouse *warehouse,
    const struct warehouse_query *query, struct cols *columns);
int sqlite_query_estimate(struct warehouse *warehouse,
    const struct warehouse_query *query, int64_t *bytes);
int sqlite_query_next(struct warehouse *warehouse, struct warehouse_value *row);

#endif
