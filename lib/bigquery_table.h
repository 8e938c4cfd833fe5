/* SPDX-License-Identifier: ISC */
/*
 * bigquery_table - what datasets and tables of BigQuery are
 *
 * REST reference v2, Table and TableList. The functions are those of struct
 * warehouse.
 */
#ifndef BIGQUERY_TABLE_H
#define BIGQUERY_TABLE_H

#include "bigquery.h"

int bigquery_table_describe(struct warehouse *warehouse,
    const struct warehouse_table *table, struct schema **schema);
int bigquery_table_datasets(struct warehouse *warehouse, struct cols *names);
int bigquery_table_list(
    struct warehouse *warehouse, const char *dataset, struct cols *names);
int bigquery_table_facts(struct warehouse *warehouse,
    const struct warehouse_table *table, struct warehouse_facts *facts);

/*
 * Gets a table's resource, which json_free() frees; NULL if there is no such
 * table.
 */
int bigquery_table_get(struct bigquery *bigquery,
    const struct warehouse_table *table, struct json **resource);

#endif
