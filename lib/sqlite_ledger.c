/* SPDX-License-Identifier: ISC */
#include "sqlite_ledger.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static const char create[] =
    "CREATE TABLE IF NOT EXISTS \"%w\"._loads("
    "load_id TEXT NOT NULL, schema_name TEXT, schema_version_hash TEXT,"
    "status INTEGER NOT NULL, inserted_at TIMESTAMP_TEXT NOT NULL,"
    "job_id TEXT NOT NULL UNIQUE, table_name TEXT NOT NULL,"
    "mode TEXT NOT NULL, source_uri TEXT, source_sha256 TEXT NOT NULL,"
    "rows_in INTEGER NOT NULL, rows_loaded INTEGER NOT NULL,"
    "rows_inserted INTEGER NOT NULL, rows_updated INTEGER NOT NULL,"
    "rows_unchanged INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    "tool_version TEXT NOT NULL)";

/*
 * A load that is to replace the table counts as done only if it is the last
 * one of all, unless its id was given: then it is not asked for again.
 */
static const char find[] =
    "SELECT table_name = %Q AND mode = %Q AND source_sha256 = %Q, status,"
    " rows_loaded, rows_inserted, rows_updated, rows_unchanged, inserted_at,"
    " %d OR mode <> 'replace' OR rowid = ("
    "  SELECT MAX(rowid) FROM \"%w\"._loads WHERE table_name = %Q)"
    " FROM \"%w\"._loads WHERE load_id = %Q ORDER BY rowid DESC LIMIT 1";

/*
 * The mark: an index without entries that goes where its table goes, and away
 * with it. Its expression is a constant, so that no collation is needed.
 */
static const char mark[] =
    "CREATE INDEX IF NOT EXISTS \"%w\".\"%w: loads\" ON \"%w\"(0) WHERE 0";

static const char is_marked[] =
    "SELECT COUNT(*) FROM \"%w\".sqlite_master"
    " WHERE type = 'index' AND tbl_name = %Q AND name = %Q || ': loads'";

/* 1 if loads that count put rows into the table, and none is there. */
static const char is_emptied[] =
    "SELECT NOT EXISTS (SELECT 1 FROM \"%w\".\"%w\") AND EXISTS ("
    " SELECT 1 FROM \"%w\"._loads"
    " WHERE table_name = %Q AND status = 0 AND rows_loaded > 0)";

/* What was loaded into the table so far is there no more. */
static int
undo_all(struct sqlite_db *db, const struct warehouse_table *table)
{
	return sqlite_db_exec(db,
	    "UPDATE \"%w\"._loads SET status = 1"
	    " WHERE table_name = %Q AND status = 0",
	    table->dataset, table->table);
}

int
sqlite_ledger_open(struct sqlite_db *db, const struct warehouse_table *table)
{
	const char *dataset = table->dataset, *name = table->table;
	int64_t marked, emptied = 0;

	if (sqlite_db_exec(db, create, dataset) ||
	    sqlite_db_integer(db, &marked, is_marked, dataset, name, name) ||
	    (marked && sqlite_db_integer(db, &emptied, is_emptied, dataset,
			   name, dataset, name)))
		return -1;
	if (marked && !emptied)
		return 0;
	/* a table that was renamed may have taken the mark along */
	return undo_all(db, table) ||
		       sqlite_db_exec(db,
			   "DROP INDEX IF EXISTS \"%w\".\"%w: loads\"", dataset,
			   name)
		   ? -1
		   : 0;
}

static int
take(struct sqlite_db *db, sqlite3_stmt *row, struct warehouse_receipt *receipt)
{
	if (!sqlite3_column_int(row, 0))
		return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
		    "load id '%s' stands for another load", receipt->load_id);
	receipt->already_loaded =
	    !sqlite3_column_int(row, 1) && sqlite3_column_int(row, 7);
	if (!receipt->already_loaded)
		return 0;
	receipt->rows_loaded = sqlite3_column_int64(row, 2);
	receipt->rows_inserted = sqlite3_column_int64(row, 3);
	receipt->rows_updated = sqlite3_column_int64(row, 4);
	receipt->rows_unchanged = sqlite3_column_int64(row, 5);
	snprintf(receipt->inserted_at, CLOCK_SIZE, "%s",
	    (const char *)sqlite3_column_text(row, 6));
	return 0;
}

int
sqlite_ledger_find(struct sqlite_db *db, const struct warehouse_load *load,
    struct warehouse_receipt *receipt)
{
	const char *dataset = load->table->dataset;
	const char *table = load->table->table;
	const char *mode = warehouse_mode_name(load->mode);
	sqlite3_stmt *rows;
	int result = 0, rc;

	rows = sqlite_db_prepare(db, find, table, mode, receipt->sha256,
	    receipt->id_given, dataset, table, dataset, receipt->load_id);
	if (!rows)
		return -1;
	rc = sqlite3_step(rows);
	if (rc == SQLITE_ROW)
		result = take(db, rows, receipt);
	else if (rc != SQLITE_DONE)
		result = sqlite_db_fail(db);
	sqlite3_finalize(rows);
	return result;
}

int
sqlite_ledger_add(struct sqlite_db *db, const struct warehouse_load *load,
    struct warehouse_receipt *receipt)
{
	const char *dataset = load->table->dataset;
	const char *table = load->table->table;

	if (sqlite_db_exec(db, mark, dataset, table, table) ||
	    (load->mode == WAREHOUSE_REPLACE && undo_all(db, load->table)))
		return -1;
	clock_format(clock_now(), receipt->inserted_at);
	return sqlite_db_exec(db,
	    "INSERT INTO \"%w\"._loads SELECT %Q, %Q, %Q, 0, %Q,"
	    " %Q || '_r' || COUNT(*), %Q, %Q, %Q, %Q, %lld, %lld, %lld, %lld,"
	    " %lld, %lld, %Q FROM \"%w\"._loads WHERE load_id = %Q",
	    dataset, receipt->load_id, receipt->schema_name,
	    receipt->schema_hash, receipt->inserted_at, receipt->load_id, table,
	    warehouse_mode_name(load->mode), receipt->source, receipt->sha256,
	    (long long)receipt->rows_in, (long long)receipt->rows_loaded,
	    (long long)receipt->rows_inserted, (long long)receipt->rows_updated,
	    (long long)receipt->rows_unchanged, (long long)receipt->bytes,
	    receipt->tool, dataset, receipt->load_id);
}
