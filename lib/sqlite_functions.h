/* SPDX-License-Identifier: ISC */
/*
 * sqlite_functions - functions of GoogleSQL that SQLite lacks
 *
 * They give NULL for a NULL argument where nothing else is said. An argument
 * of another kind is an error, as in BigQuery, never a guess.
 *	COUNTIF(c)	aggregate: how many are true
 *	IF(c, a, b)	NULL counts as false
 *	GREATEST(a, b, ...), LEAST(a, b, ...)	by value_compare()
 *	DIV(a, b), MOD(a, b)	of INT64, cut towards zero
 *	SAFE_DIVIDE(a, b)	a FLOAT64, or NULL for b = 0 or an overflow
 *	TIMESTAMP(text)	the time as clock_format() spells it
 *	TIMESTAMP_MILLIS(i), UNIX_MILLIS(timestamp)
 *	CURRENT_TIMESTAMP	when the connection was opened
 */
#ifndef SQLITE_FUNCTIONS_H
#define SQLITE_FUNCTIONS_H

struct sqlite3;

/* Registers all of it with a connection; returns an SQLite result code. */
int sqlite_functions_register(struct sqlite3 *db);

#endif
