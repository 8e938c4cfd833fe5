/* SPDX-License-Identifier: ISC */
/*
 * warehouse_sqlite - a warehouse in a folder of SQLite files
 *
 * The dataset D is the file D.sqlite, attached under its name to a connection
 * whose own database is empty, so that D.TABLE is plain SQL. Only the
 * datasets that a statement names are attached, at most ten. The files are in
 * WAL mode: readers see the state before a load until it is committed, and
 * neither waits for the other.
 *
 * Types of columns, by their declaration, which keeps both the affinity that
 * SQLite makes of it and the type:
 *	INT64	INTEGER		STRING		TEXT
 *	FLOAT64	REAL		TIMESTAMP	TIMESTAMP_TEXT
 *	BOOL	BOOL_INTEGER	DATE, TIME	DATE_TEXT, TIME_TEXT
 *	NUMERIC	NUMERIC_TEXT COLLATE decimal
 *	BIGNUMERIC	BIGNUMERIC_TEXT COLLATE decimal
 *	JSON	JSON_TEXT
 *
 * Queries may call what sqlite_decimal.h and sqlite_functions.h list. LIKE
 * tells case apart, as in GoogleSQL.
 */
#ifndef WAREHOUSE_SQLITE_H
#define WAREHOUSE_SQLITE_H

#include "warehouse.h"

/* A warehouse in the folder dir; both texts are borrowed. */
struct warehouse *warehouse_sqlite_new(const char *location, const char *dir);

#endif
