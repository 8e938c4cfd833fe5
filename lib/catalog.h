/* SPDX-License-Identifier: ISC */
/*
 * catalog - what there is in a warehouse, as CSV
 *
 * What is not known is an empty field. Functions that return an int return 0,
 * or -1 with the warehouse's error.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "io.h"
#include "warehouse.h"

/*
 * Takes DATASET or DATASET.TABLE apart, of which table is NULL if it is not
 * there; dies if it is neither. Unlike a table to load, it may be the ledger.
 */
void catalog_xparse(struct warehouse_table *table, const char *text);

/* One column, dataset. */
int catalog_datasets(struct warehouse *warehouse, struct out *out);

/*
 * A line for each table: table,kind,rows,bytes,created,modified,partitioned,
 * partitions,clustered. catalog_table() writes that of one table.
 */
int catalog_tables(
    struct warehouse *warehouse, const char *dataset, struct out *out);
int catalog_table(struct warehouse *warehouse,
    const struct warehouse_table *table, struct out *out);

/* A line for each column: column,type,mode,description. */
int catalog_columns(struct warehouse *warehouse,
    const struct warehouse_table *table, struct out *out);

/* The table's schema as a schema file has it (schema.h), as JSON. */
int catalog_schema(struct warehouse *warehouse,
    const struct warehouse_table *table, struct out *out);

#endif
