/* SPDX-License-Identifier: ISC */
/*
 * sqlite_facts - what datasets and tables there are in SQLite
 *
 * Rows are counted, bytes are those of the pages that a table and its indexes
 * take up (https://www.sqlite.org/dbstat.html, if SQLite is built with it).
 * The functions are those of struct warehouse.
 */
#ifndef SQLITE_FACTS_H
#define SQLITE_FACTS_H

#include "sqlite_db.h"

int sqlite_facts_datasets(struct warehouse *warehouse, struct cols *names);
int sqlite_facts_tables(
    struct warehouse *warehouse, const char *dataset, struct cols *names);
int sqlite_facts(struct warehouse *warehouse,
    const struct warehouse_table *table, struct warehouse_facts *facts);

#endif
