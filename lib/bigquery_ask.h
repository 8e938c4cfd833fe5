/* SPDX-License-Identifier: ISC */
/*
 * bigquery_ask - a question of our own, of which one row is the answer
 */
#ifndef BIGQUERY_ASK_H
#define BIGQUERY_ASK_H

#include "bigquery.h"

/*
 * Runs a query, whose columns are as many as row has room for. Returns 1 and
 * its first row, which lasts until bigquery_query_free(), or 0 if there is
 * none, or -1 with the warehouse's error.
 */
int bigquery_ask(
    struct bigquery *bigquery, const char *sql, struct warehouse_value *row);

#endif
