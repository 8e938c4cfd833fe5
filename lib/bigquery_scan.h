/* SPDX-License-Identifier: ISC */
/*
 * bigquery_scan - what can be seen of a query without asking BigQuery
 *
 * GoogleSQL reference, "Lexical structure and syntax": strings in single,
 * double or triple quotes, names in backticks, three kinds of comments.
 */
#ifndef BIGQUERY_SCAN_H
#define BIGQUERY_SCAN_H

#include "warehouse.h"

/*
 * Checks that sql is one statement, that it begins as a query does, with
 * SELECT, WITH, FROM or a bracket, and that its parameters are the given ones,
 * all of them and no others. Returns 0, or -1 with a reason appended.
 */
int bigquery_scan(const char *sql,
    const struct warehouse_parameters *parameters, struct buf *reason);

#endif
