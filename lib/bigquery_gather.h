/* SPDX-License-Identifier: ISC */
/*
 * bigquery_gather - the rows of a query, gathered by BigQuery for a load
 *
 * The query is run again by every command, since its tables change, under an
 * id of its own, and its result is a stage like that of bigquery_stage.h. What
 * tells the result from others, and so makes the id of the load, is computed
 * there: the names of the columns, the number of rows, and two sums of 64-bit
 * fingerprints of the rows, which do not depend on their order. So a command
 * that is repeated finds its load in the ledger as long as the query gives the
 * same rows, none of which passes through here.
 */
#ifndef BIGQUERY_GATHER_H
#define BIGQUERY_GATHER_H

#include "bigquery_stage.h"

/*
 * Names the columns of a query's result, which is not run: 0, or -1 with the
 * warehouse's error.
 */
int bigquery_gather_columns(struct warehouse *warehouse,
    const struct warehouse_query *query, struct cols *columns);

/*
 * Fills the stage, whose load, project and result are set, and its rows and
 * name; appends what the result is to content, and sets *bytes to its size.
 * The dataset must be there. Returns 0, or -1 with the warehouse's error.
 */
int bigquery_gather(struct bigquery *bigquery,
    const struct warehouse_query *query, struct bigquery_stage *stage,
    struct buf *content, int64_t *bytes);

#endif
