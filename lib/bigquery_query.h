/* SPDX-License-Identifier: ISC */
/*
 * bigquery_query - a query on tables in BigQuery
 *
 * A dry run comes first, which costs a round trip and no money: what it says
 * is no SELECT is not run, so that a query can only read, and the bytes that
 * it would read are known before they are billed. Then jobs.query, under a
 * request id that makes a repeat harmless, and page after page of the result,
 * of which one is in memory. While the job runs, SIGINT and SIGTERM cancel it.
 *
 * The functions are those of struct warehouse.
 */
#ifndef BIGQUERY_QUERY_H
#define BIGQUERY_QUERY_H

#include "bigquery.h"

int bigquery_query(struct warehouse *warehouse,
    const struct warehouse_query *query, struct cols *columns);
int bigquery_query_estimate(struct warehouse *warehouse,
    const struct warehouse_query *query, int64_t *bytes);
int bigquery_query_next(
    struct warehouse *warehouse, struct warehouse_value *row);

/* Frees bigquery->query. */
void bigquery_query_free(struct bigquery *bigquery);

#endif
