/* SPDX-License-Identifier: ISC */
/*
 * bigquery_script - the SQL by which BigQuery completes a load
 *
 * The rows of a load lie in a stage table. One script moves them and adds the
 * row of the ledger, in one transaction: either all of it is seen or nothing.
 * GoogleSQL reference, "Multi-statement transactions".
 *
 * The statements, in this order (P, D, T: project, dataset, table; each value
 * is a literal; CREATE ...: TEMP TABLE, whose name begins with the stage's, so
 * that no two loads meet in one that outlives its script):
 *
 *	CREATE ... _rows		of a merge: the load's newest row of
 *					each key
 *	ASSERT ...			of a merge of rows without an order:
 *					no key is NULL, no two rows tie
 *	BEGIN TRANSACTION
 *	CREATE ... _state		one row: did, how often the load
 *					stands in the ledger, and held, how
 *					many rows the table has
 *	ASSERT did = N			else another run has done it
 *	INSERT INTO _loads SELECT	marks what is undone: see
 *					bigquery_ledger.h
 *	CREATE ... _plan		of a merge: those of _rows,
 *					with there, the key is in the table,
 *					and wins, the row is to go there
 *	ASSERT ...			of a merge: no key is there twice
 *	TRUNCATE TABLE			of a replacement
 *	INSERT INTO T SELECT		or MERGE T USING _plan
 *	INSERT INTO _loads SELECT	the load
 *	COMMIT TRANSACTION
 *
 * There are no variables, no control structures and no parameters, which
 * BigQuery would have, so that whoever plays BigQuery has little to play. An
 * error anywhere ends the script, and BigQuery rolls back.
 */
#ifndef BIGQUERY_SCRIPT_H
#define BIGQUERY_SCRIPT_H

#include "warehouse.h"

/* What the failed ASSERT of a load that is done says. */
#define BIGQUERY_SCRIPT_DONE "this load was done by another run"

struct bigquery_script {
	const char *project;
	const struct warehouse_load *load;
	const struct warehouse_receipt *receipt; /* but for what is counted */
	const char *stage; /* the table in the same dataset */
	/* for each field, true if the stage lacks it; or NULL: it has all */
	const bool *lacks;
	bool cast;       /* the stage has other types */
	bool ordered;    /* the stage has BIGQUERY_SPOOL_ROW */
	int64_t done;    /* rows of the load that the ledger has */
	int64_t created; /* creation time of the table, as tables.get says */
	/*
	 * Of a merge into a table whose partitions belong to the key: the
	 * column, and literals of its smallest and largest value in the stage,
	 * so that only those partitions are read. Else NULL.
	 */
	const char *partition, *low, *high;
};

/* Appends the script. */
void bigquery_script(const struct bigquery_script *script, struct buf *sql);

#endif
