/* SPDX-License-Identifier: ISC */
#include "warehouse_bigquery.h"

#include "bigquery.h"
#include "bigquery_gather.h"
#include "bigquery_load.h"
#include "bigquery_query.h"
#include "bigquery_table.h"

static void
close_warehouse(struct warehouse *warehouse)
{
	struct bigquery *bigquery = bigquery_of(warehouse);

	bigquery_load_free(bigquery);
	bigquery_query_free(bigquery);
	bigquery_free(bigquery);
}

struct warehouse *
warehouse_bigquery_new(const char *location, const char *project)
{
	struct bigquery *bigquery = bigquery_new(location, project);

	bigquery->warehouse.query = bigquery_query;
	bigquery->warehouse.estimate = bigquery_query_estimate;
	bigquery->warehouse.next = bigquery_query_next;
	bigquery->warehouse.describe = bigquery_table_describe;
	bigquery->warehouse.load_begin = bigquery_load_begin;
	bigquery->warehouse.load_row = bigquery_load_row;
	bigquery->warehouse.query_columns = bigquery_gather_columns;
	bigquery->warehouse.load_query = bigquery_load_query;
	bigquery->warehouse.load_objects = bigquery_load_objects;
	bigquery->warehouse.load_commit = bigquery_load_commit;
	bigquery->warehouse.datasets = bigquery_table_datasets;
	bigquery->warehouse.tables = bigquery_table_list;
	bigquery->warehouse.facts = bigquery_table_facts;
	bigquery->warehouse.close = close_warehouse;
	return &bigquery->warehouse;
}
