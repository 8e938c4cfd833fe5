/* SPDX-License-Identifier: ISC */
/*
 * sqlite_db - the connection of a warehouse in SQLite
 *
 * For the modules that warehouse_sqlite is made of. Functions that return an
 * int return 0, or -1 with the warehouse's error set. Formats of SQL are
 * those of sqlite3_mprintf(), where "%w" is for names within quotes.
 */
#ifndef SQLITE_DB_H
#define SQLITE_DB_H

#include "num.h"
#include "warehouse.h"

struct sqlite3;
struct sqlite3_stmt;
struct sqlite_load;

/* How the files of datasets are opened. */
enum sqlite_access { SQLITE_DB_READ, SQLITE_DB_WRITE };

struct sqlite_db {
	struct warehouse warehouse; /* first: one is cast to the other */
	const char *dir;
	struct sqlite3 *connection; /* NULL until it is opened */
	enum sqlite_access access;
	struct cols attached; /* datasets */
	int lock_seconds;     /* how long to wait for another's lock */

	struct sqlite3_stmt *query;
	char (*rooms)[NUM_SIZE]; /* a double's text for each column */
	struct sqlite_load *load;
};

/* A warehouse without functions; sqlite_db_free() frees. */
struct sqlite_db *sqlite_db_new(const char *location, const char *dir);
void sqlite_db_free(struct sqlite_db *db);

/* The warehouse as what it is here. */
struct sqlite_db *sqlite_db_of(struct warehouse *warehouse);

/* Opens the connection, unless it is. */
int sqlite_db_open(struct sqlite_db *db, enum sqlite_access access);

/* Sets the error to what SQLite says; returns -1. */
int sqlite_db_fail(struct sqlite_db *db);

/* True if the dataset has a file. */
bool sqlite_db_exists(const struct sqlite_db *db, const char *dataset);

/*
 * Attaches a dataset, unless it is. Its file must exist, or the connection
 * be opened for writing: then it is made, and its folder too.
 */
int sqlite_db_attach(struct sqlite_db *db, const char *dataset);

/* Runs statements that have no result. */
int sqlite_db_exec(struct sqlite_db *db, const char *fmt, ...);

/* Prepares a statement; NULL after an error. sqlite3_finalize() frees. */
struct sqlite3_stmt *sqlite_db_prepare(
    struct sqlite_db *db, const char *fmt, ...);

/* Runs a SELECT of one whole number; no row is 0. */
int sqlite_db_integer(
    struct sqlite_db *db, int64_t *value, const char *fmt, ...);

#endif
