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
 * A load counts as done while its rows are there: no later load replaced the
 * table, nobody dropped it, and if the load replaces the table itself, it was
 * the last one of all. A given id also counts when its rows were replaced.
 */
static const char find[] =
    "SELECT table_name = %Q AND mode = %Q AND source_sha256 = %Q,"
    " rows_loaded, rows_inserted, rows_updated, rows_unchanged, inserted_at"
    " FROM \"%w\"._loads WHERE load_id = %Q AND"
    " (table_name <> %Q OR status = 0 AND (mode <> 'replace' OR rowid = ("
    "  SELECT MAX(rowid) FROM \"%w\"._loads WHERE table_name = %Q))"
    "  OR status = 1 AND %d)"
    " AND EXISTS (SELECT 1 FROM \"%w\".sqlite_master WHERE name = %Q"
    "  COLLATE NOCASE) ORDER BY rowid DESC LIMIT 1";

static int
take(struct sqlite_db *db, sqlite3_stmt *row, struct warehouse_receipt *receipt)
{
	if (!sqlite3_column_int(row, 0))
		return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
		    "load id '%s' stands for another load", receipt->load_id);
	receipt->already_loaded = true;
	receipt->rows_loaded = sqlite3_column_int64(row, 1);
	receipt->rows_inserted = sqlite3_column_int64(row, 2);
	receipt->rows_updated = sqlite3_column_int64(row, 3);
	receipt->rows_unchanged = sqlite3_column_int64(row, 4);
	snprintf(receipt->inserted_at, CLOCK_SIZE, "%s",
	    (const char *)sqlite3_column_text(row, 5));
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

	if (sqlite_db_exec(db, create, dataset))
		return -1;
	rows = sqlite_db_prepare(db, find, table, mode, receipt->sha256,
	    dataset, receipt->load_id, table, dataset, table, receipt->id_given,
	    dataset, table);
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
sqlite_ledger_undo(struct sqlite_db *db, const struct warehouse_load *load,
    enum sqlite_ledger_status status)
{
	return sqlite_db_exec(db,
	    "UPDATE \"%w\"._loads SET status = %d"
	    " WHERE table_name = %Q AND status < %d",
	    load->table->dataset, status, load->table->table, status);
}

int
sqlite_ledger_add(struct sqlite_db *db, const struct warehouse_load *load,
    struct warehouse_receipt *receipt)
{
	const char *dataset = load->table->dataset;

	clock_format(clock_now(), receipt->inserted_at);
	return sqlite_db_exec(db,
	    "INSERT INTO \"%w\"._loads SELECT %Q, %Q, %Q, 0, %Q,"
	    " %Q || '_r' || COUNT(*), %Q, %Q, %Q, %Q, %lld, %lld, %lld, %lld,"
	    " %lld, %lld, %Q FROM \"%w\"._loads WHERE load_id = %Q",
	    dataset, receipt->load_id, receipt->schema_name,
	    receipt->schema_hash, receipt->inserted_at, receipt->load_id,
	    load->table->table, warehouse_mode_name(load->mode),
	    receipt->source, receipt->sha256, (long long)receipt->rows_in,
	    (long long)receipt->rows_loaded, (long long)receipt->rows_inserted,
	    (long long)receipt->rows_updated,
	    (long long)receipt->rows_unchanged, (long long)receipt->bytes,
	    receipt->tool, dataset, receipt->load_id);
}
