/* SPDX-License-Identifier: ISC */
/*
 * bigquery_ledger - the table _loads of a dataset in BigQuery
 *
 * Its columns are those of sqlite_ledger.h, and stage_job_id, the job that
 * filled the stage, and table_created, the creation time of the table that the
 * rows went to, as tables.get says; job_id is the job that moved them.
 *
 * Rows are only ever added, so that loads into several tables do not wait for
 * each other. A row of status 0 is a load; a copy of it with status 1 says
 * that what it loaded is there no more. A load adds such copies, in its
 * transaction, for all loads into its table if it replaces the table, or if it
 * finds it empty although loads put rows there. Apart from that a load is
 * undone when its table has another creation time, that is to say was dropped.
 */
#ifndef BIGQUERY_LEDGER_H
#define BIGQUERY_LEDGER_H

#include "bigquery.h"
#include "json_out.h"

#define BIGQUERY_LEDGER "_loads"

struct bigquery_ledger_row {
	const struct warehouse_load *load;
	const struct warehouse_receipt *receipt; /* but for what is counted */
	int64_t created;
	const char *stage; /* the table whose name the plan's begins with */
};

/*
 * Appends " (COLUMN, ...) SELECT ...": the load, whose rows are in the plan of
 * bigquery_script.h if it is a merge.
 */
void bigquery_ledger_row(
    const struct bigquery_ledger_row *row, struct buf *sql);

/*
 * Appends " (COLUMN, ...) SELECT ...": what the load will have undone, where
 * the state of bigquery_script.h tells how many rows the table has.
 */
void bigquery_ledger_undone(const char *project,
    const struct warehouse_load *load, const char *stage, struct buf *sql);

/* Writes the members of the ledger's table resource that define it. */
void bigquery_ledger_table(struct json_out *out);

/* What the ledger knows of a load. */
struct bigquery_ledger_entry {
	int64_t done;    /* how often it stands there */
	bool undone;     /* the last of them was, as far as the ledger knows */
	bool last;       /* no load into the table came after it */
	bool filled;     /* loads that were not undone put rows there */
	int64_t created; /* when the table was that it went to */
};

/*
 * Looks for the load that the receipt is of, and if it is there fills in what
 * the receipt lacks, but for already_loaded: that depends on the table, which
 * has to be looked at later than the ledger. A load that was done in between
 * would else be taken for one into another table. Returns 0, or -1 with the
 * warehouse's error.
 */
int bigquery_ledger_find(struct bigquery *bigquery,
    const struct warehouse_load *load, struct warehouse_receipt *receipt,
    struct bigquery_ledger_entry *entry);

#endif
