/* SPDX-License-Identifier: ISC */
/*
 * sqlite_call - what SQL functions in C have in common
 *
 * For the modules that register functions with SQLite.
 */
#ifndef SQLITE_CALL_H
#define SQLITE_CALL_H

#include "buf.h"
#include "num.h"

struct sqlite3;
struct sqlite3_context;
struct sqlite3_value;

/* A function of SQL; the row must outlive the connection. */
struct sqlite_function {
	const char *name;
	int args; /* -1: any number */
	/* call, or step and end for an aggregate; as SQLite calls them */
	void (*call)(struct sqlite3_context *, int, struct sqlite3_value **);
	void (*step)(struct sqlite3_context *, int, struct sqlite3_value **);
	void (*end)(struct sqlite3_context *);
	/* what functions that share a call differ in */
	int (*decimal)(struct slice, struct slice, struct buf *);
	int sign;
};

/*
 * Registers the functions of a table; each finds its row as its user data.
 * Returns an SQLite result code.
 */
int sqlite_register(
    struct sqlite3 *db, const struct sqlite_function *functions, size_t count);

/* Makes the call an error, "FUNCTION: REASON". */
void sqlite_fail(struct sqlite3_context *call, const char *reason);

/* Makes a copy of the text the call's result. */
void sqlite_return_text(struct sqlite3_context *call, struct slice text);

/* True, with NULL as the call's result, if an argument is NULL. */
bool sqlite_any_null(
    struct sqlite3_context *call, int argc, struct sqlite3_value **argv);

/* The text of a value, borrowed from it or, of a double, put into room. */
struct slice sqlite_text_of(struct sqlite3_value *value, char room[NUM_SIZE]);

#endif
