/* SPDX-License-Identifier: ISC */
/*
 * sqlite_ledger - the table _loads of a dataset, a row for each load
 *
 * Called within the transaction of a load. Columns: load_id; job_id, which is
 * unique, LOAD_ID_rN for the load's N-th repetition; table_name, mode;
 * schema_name, schema_version_hash; status, see below; inserted_at;
 * source_uri, source_sha256; rows_in, rows_loaded, rows_inserted,
 * rows_updated, rows_unchanged; bytes; tool_version.
 */
#ifndef SQLITE_LEDGER_H
#define SQLITE_LEDGER_H

#include "sqlite_db.h"

/*
 * Makes the ledger if it is not there and looks for the load. If it was done
 * already, the rest of the receipt is filled in from there.
 */
int sqlite_ledger_find(struct sqlite_db *db, const struct warehouse_load *load,
    struct warehouse_receipt *receipt);

enum sqlite_ledger_status {
	SQLITE_LEDGER_LOADED = 0,
	SQLITE_LEDGER_REPLACED = 1, /* a later load replaced the rows */
	SQLITE_LEDGER_DROPPED = 2,  /* the table they were in is gone */
};

/* Marks the loads into the table as undone. */
int sqlite_ledger_undo(struct sqlite_db *db, const struct warehouse_load *load,
    enum sqlite_ledger_status status);

/* Sets inserted_at and adds the load. */
int sqlite_ledger_add(struct sqlite_db *db, const struct warehouse_load *load,
    struct warehouse_receipt *receipt);

#endif
