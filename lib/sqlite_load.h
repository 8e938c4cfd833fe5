/* SPDX-License-Identifier: ISC */
/*
 * sqlite_load - a load into a table in SQLite
 *
 * Rows are gathered in a temporary table first, in a file that nobody else
 * sees, so that the dataset is locked only for the one transaction that moves
 * them and writes the ledger, however slowly they come. Memory is constant.
 * The functions are those of struct warehouse.
 */
#ifndef SQLITE_LOAD_H
#define SQLITE_LOAD_H

#include "sqlite_db.h"

int sqlite_load_begin(
    struct warehouse *warehouse, const struct warehouse_load *load);
int sqlite_load_row(
    struct warehouse *warehouse, const struct warehouse_value *values);
int sqlite_load_commit(
    struct warehouse *warehouse, struct warehouse_receipt *receipt);

/* Frees what a load holds, if there is one; part of close. */
void sqlite_load_free(struct warehouse *warehouse);

#endif
