/* SPDX-License-Identifier: ISC */
#include "bigquery_ask.h"

#include "bigquery_query.h"

int
bigquery_ask(
    struct bigquery *bigquery, const char *sql, struct warehouse_value *row)
{
	const struct warehouse_parameters none = {0};
	const struct warehouse_query query = {
	    .sql = sql, .parameters = &none, .max_bytes = -1};
	struct cols names = {0};
	int got;

	bigquery_query_free(bigquery);
	got = bigquery_query(&bigquery->warehouse, &query, &names);
	if (!got)
		got = bigquery_query_next(&bigquery->warehouse, row);
	cols_release(&names);
	return got;
}
