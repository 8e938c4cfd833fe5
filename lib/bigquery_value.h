/* SPDX-License-Identifier: ISC */
/*
 * bigquery_value - a value of an answer of BigQuery, spelled as ours are
 *
 * How the API spells values stands in bigquery_rows.h. The functions that
 * return a text return NULL, or what is wrong with the value (static).
 */
#ifndef BIGQUERY_VALUE_H
#define BIGQUERY_VALUE_H

#include "bigquery_columns.h"

/* Spells a value as warehouse.h says: *text as it is, or as put into room. */
const char *bigquery_value_spell(
    enum bigquery_kind kind, struct slice *text, struct buf *room);

/* Appends a value as JSON. */
const char *bigquery_value_json(
    enum bigquery_kind kind, struct slice text, struct buf *json);

/* Appends a string of JSON. */
void bigquery_value_string(struct slice text, struct buf *json);

#endif
