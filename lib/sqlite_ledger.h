/* SPDX-License-Identifier: ISC */
/*
 * sqlite_ledger - the table _loads of a dataset, a row for each load
 *
 * Columns: load_id; job_id, which is unique, LOAD_ID_rN for the load's N-th
 * repetition; table_name, mode; schema_name, schema_version_hash; status;
 * inserted_at; source_uri, source_sha256; rows_in, rows_loaded,
 * rows_inserted, rows_updated, rows_unchanged; bytes; tool_version.
 *
 * status is 0 while what was loaded is in the table, and 1 when it is there no
 * more: a later load replaced it, or the table was dropped or emptied. So that
 * a table is told from one made anew under its name, it has a mark, the index
 * "TABLE: loads", which has no entries and goes away with it.
 *
 * Called within the transaction of a load.
 */
#ifndef SQLITE_LEDGER_H
#define SQLITE_LEDGER_H

#include "sqlite_db.h"

/*
 * Makes the ledger if it is not there, and brings the status of the loads into
 * the table up to date.
 */
int sqlite_ledger_open(
    struct sqlite_db *db, const struct warehouse_table *table);

/*
 * Looks for the load. If it is done already, the rest of the receipt is filled
 * in from there.
 */
int sqlite_ledger_find(struct sqlite_db *db, const struct warehouse_load *load,
    struct warehouse_receipt *receipt);

/* Sets inserted_at and adds the load, which is in the table now. */
int sqlite_ledger_add(struct sqlite_db *db, const struct warehouse_load *load,
    struct warehouse_receipt *receipt);

#endif
