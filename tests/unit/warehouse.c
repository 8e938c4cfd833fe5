/* SPDX-License-Identifier: ISC */
#include "warehouse.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sqlite_db.h"
#include "warehouse_sqlite.h"

static bool
valid(const char *name)
{
	return warehouse_name_valid(slice_of(name));
}

static void
check_names(void)
{
	char name[302] = {0};

	CHECK(valid("klines"));
	CHECK(valid("_Raw_1"));
	CHECK(!valid(""));
	CHECK(!valid("1m"));
	CHECK(!valid("a-b"));
	CHECK(!valid("a b"));
	CHECK(!valid("a\""));
	CHECK(!valid("\xc3\xa4"));
	memset(name, 'a', 300);
	CHECK(valid(name));
	name[300] = 'a';
	CHECK(!valid(name));
}

static bool
table_is(const char *text, const char *dataset, const char *name)
{
	struct warehouse_table table;
	const char *reason;
	bool same = !warehouse_table_parse(&table, text, &reason) &&
		    !strcmp(table.dataset, dataset) &&
		    !strcmp(table.table, name);

	warehouse_table_release(&table);
	return same;
}

static bool
table_refused(const char *text, const char *want)
{
	struct warehouse_table table;
	const char *reason;

	return warehouse_table_parse(&table, text, &reason) == -1 &&
	       !strcmp(reason, want);
}

static void
check_tables(void)
{
	CHECK(table_is("staging.raw", "staging", "raw"));
	CHECK(table_is("temporary.mainly", "temporary", "mainly"));
	CHECK(table_refused("raw", "not DATASET.TABLE"));
	CHECK(table_refused(
	    "p.d.t", "a name has letters, digits and _, and no digit first"));
	CHECK(table_refused("MAIN.t", "the dataset's name is reserved"));
	CHECK(table_refused("temp.t", "the dataset's name is reserved"));
	CHECK(table_refused("d.SQLite_t", "the table's name is reserved"));
	CHECK(
	    table_refused("d._Loads", "the ledger of loads cannot be loaded"));
}

static void
check_types(void)
{
	char numeric[] = "NUMERIC", other[] = "BYTES";
	struct schema_field field = {.type = SCHEMA_NUMBER};

	CHECK(!strcmp(warehouse_type(&field), "FLOAT64"));
	field.bq_type = numeric;
	CHECK(!strcmp(warehouse_type(&field), "NUMERIC"));
	field.bq_type = other;
	CHECK(!strcmp(warehouse_type(&field), "FLOAT64"));
	field.type = SCHEMA_STRING;
	CHECK(!strcmp(warehouse_type(&field), "STRING"));
	field.type = SCHEMA_ARRAY;
	CHECK(!strcmp(warehouse_type(&field), "JSON"));
}

static const char entry[] = "[{\"name\": \"n\", \"type\": \"INT64\"}]";

/* Loads one row that holds the value; the warehouse's answer to commit. */
static int
load_one(struct warehouse *warehouse, const char *value)
{
	char dataset[] = "d", table[] = "t";
	struct warehouse_table name = {dataset, table};
	struct buf error = {0};
	struct schema *schema = schema_parse(slice_of(entry), &error);
	const struct schema_field *fields[] = {&schema->fields[0]};
	struct cols key = {0};
	struct warehouse_load load = {
	    .table = &name, .key = &key, .fields = fields, .nfields = 1};
	struct warehouse_receipt receipt = {
	    .load_id = value, .tool = "test", .rows_in = 1};
	struct warehouse_value row = {slice_of(value), false};
	int result = -2;

	if (!warehouse->load_begin(warehouse, &load) &&
	    !warehouse->load_row(warehouse, &row))
		result = warehouse->load_commit(warehouse, &receipt);
	schema_free(schema);
	return result;
}

/* A lock that is held too long is trouble for now, not for ever. */
static void
check_lock(const char *location, const char *dir)
{
	struct warehouse *first = warehouse_sqlite_new(location, dir);
	struct warehouse *other = warehouse_sqlite_new(location, dir);
	struct sqlite_db *holder = sqlite_db_of(first);

	CHECK(load_one(first, "1") == 0);
	CHECK(sqlite_db_exec(holder, "BEGIN IMMEDIATE") == 0);
	sqlite_db_of(other)->lock_seconds = 0;
	CHECK(load_one(other, "2") == -1);
	CHECK(other->status == STATUS_TEMPORARY);
	CHECK(strstr(buf_text(&other->error), "locked"));
	other->close(other);
	CHECK(sqlite_db_exec(holder, "ROLLBACK") == 0);
	other = warehouse_sqlite_new(location, dir);
	CHECK(load_one(other, "2") == 0);
	other->close(other);
	first->close(first);
}

static void
check_describe(const char *location, const char *dir)
{
	struct warehouse *warehouse = warehouse_sqlite_new(location, dir);
	char dataset[] = "d", table[] = "t", none[] = "none";
	struct warehouse_table there = {dataset, table};
	struct warehouse_table no_table = {dataset, none};
	struct warehouse_table no_dataset = {none, table};
	struct schema *schema;

	CHECK(!warehouse->describe(warehouse, &there, &schema));
	CHECK(schema && schema->nfields == 1 &&
	      schema->fields[0].type == SCHEMA_INTEGER &&
	      !strcmp(schema->fields[0].name, "n"));
	schema_free(schema);
	CHECK(!warehouse->describe(warehouse, &no_table, &schema) && !schema);
	CHECK(!warehouse->describe(warehouse, &no_dataset, &schema) && !schema);
	CHECK(!sqlite_db_exec(
	    sqlite_db_of(warehouse), "CREATE TABLE d.none(a VARCHAR)"));
	CHECK(warehouse->describe(warehouse, &no_table, &schema) == -1);
	CHECK(!strcmp(buf_text(&warehouse->error),
	    "column 'a' is declared 'VARCHAR', which is none of our types"));
	warehouse->close(warehouse);
}

int
main(void)
{
	char dir[] = "/tmp/warehouse.XXXXXX";
	struct buf location = {0};

	check_names();
	check_tables();
	check_types();
	if (!mkdtemp(dir))
		return 1;
	buf_printf(&location, "sqlite:%s", dir);
	check_lock(buf_text(&location), dir);
	check_describe(buf_text(&location), dir);
	buf_release(&location);
	buf_printf(&location, "%s/d.sqlite", dir);
	unlink(buf_text(&location));
	rmdir(dir);
	buf_release(&location);
	return check_done();
}
