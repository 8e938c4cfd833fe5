/* SPDX-License-Identifier: ISC */
/*
 * bigquery_load - a load into a table in BigQuery, exactly once
 *
 * The rows go to a temporary file (bigquery_spool.h) while their content is
 * hashed, and then, if the ledger (bigquery_ledger.h) does not have the load,
 * to a stage (bigquery_stage.h). One transaction (bigquery_script.h) moves
 * them to the table, in any mode, and adds the load to the ledger.
 *
 * Ids of jobs are made of the load, the ledger and how often it has the load.
 * So however many run the same command, and whenever they are killed, each job
 * is done once (bigquery_job.h), and whoever comes later finds what it left. Of
 * a killed run an empty table can be left, and a stage, which goes in a day.
 *
 * The functions are those of struct warehouse.
 */
#ifndef BIGQUERY_LOAD_H
#define BIGQUERY_LOAD_H

#include "bigquery.h"

int bigquery_load_begin(
    struct warehouse *warehouse, const struct warehouse_load *load);
int bigquery_load_row(
    struct warehouse *warehouse, const struct warehouse_value *values);
int bigquery_load_objects(
    struct warehouse *warehouse, const struct warehouse_objects *objects);
int bigquery_load_query(struct warehouse *warehouse,
    const struct warehouse_query *query, const struct cols *columns,
    struct buf *content, int64_t *bytes);
int bigquery_load_commit(
    struct warehouse *warehouse, struct warehouse_receipt *receipt);

/* Frees bigquery->load, if there is one. */
void bigquery_load_free(struct bigquery *bigquery);

#endif
