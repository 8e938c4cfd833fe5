/* SPDX-License-Identifier: ISC */
#include "warehouse_sqlite.h"

#include <stdlib.h>

#include "sqlite_db.h"
#include "sqlite_facts.h"
#include "sqlite_load.h"
#include "sqlite_query.h"
#include "sqlite_table.h"

static void
close_warehouse(struct warehouse *warehouse)
{
	sqlite_load_free(warehouse);
	sqlite_db_free(sqlite_db_of(warehouse));
}

struct warehouse *
warehouse_sqlite_new(const char *location, const char *dir)
{
	struct sqlite_db *db = sqlite_db_new(location, dir);

	db->warehouse.query = sqlite_query;
	db->warehouse.estimate = sqlite_query_estimate;
	db->warehouse.next = sqlite_query_next;
	db->warehouse.describe = sqlite_table_describe;
	db->warehouse.datasets = sqlite_facts_datasets;
	db->warehouse.tables = sqlite_facts_tables;
	db->warehouse.facts = sqlite_facts;
	db->warehouse.load_begin = sqlite_load_begin;
	db->warehouse.load_row = sqlite_load_row;
	db->warehouse.load_commit = sqlite_load_commit;
	db->warehouse.close = close_warehouse;
	return &db->warehouse;
}
