/* SPDX-License-Identifier: ISC */
/*
 * sqlite_decimal - exact decimals in SQLite
 *
 * They are text. The names are those that the sqlite3 shell has for the same.
 *
 * The collation "decimal" orders decimals by value, exactly, and in front of
 * all other text, which it orders by its bytes.
 *
 * Functions, which give NULL for NULL and an error for what is no decimal:
 *	decimal_add(a, b), decimal_sub(a, b), decimal_mul(a, b)
 *		exact; the result is text in canonical spelling
 *	decimal_cmp(a, b)
 *		-1, 0 or 1 as a is less than, equal to or greater than b
 *	decimal_sum(x)
 *		aggregate: the exact sum of what is not NULL; of nothing, NULL
 */
#ifndef SQLITE_DECIMAL_H
#define SQLITE_DECIMAL_H

struct sqlite3;

/* Registers all of it with a connection; returns an SQLite result code. */
int sqlite_decimal_register(struct sqlite3 *db);

#endif
