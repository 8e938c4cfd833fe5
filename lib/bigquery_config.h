/* SPDX-License-Identifier: ISC */
/*
 * bigquery_config - a query as the API is asked for it
 *
 * The members that jobs.query and the configuration of a job call the same;
 * REST reference v2, QueryRequest and JobConfigurationQuery.
 */
#ifndef BIGQUERY_CONFIG_H
#define BIGQUERY_CONFIG_H

#include "bigquery.h"
#include "json_out.h"

/*
 * Writes query, useLegacySql and the parameters into an open object. Returns
 * 0, or -1 with the warehouse's error: a parameter does not fit its type.
 */
int bigquery_config_put(struct bigquery *bigquery,
    const struct warehouse_query *query, struct json_out *out);

/* Writes the member labels. */
void bigquery_config_labels(
    const struct warehouse_query *query, struct json_out *out);

#endif
