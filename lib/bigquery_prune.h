/* SPDX-License-Identifier: ISC */
/*
 * bigquery_prune - the partitions that a merge can touch
 *
 * If the column by which a table is divided belongs to the key, a row of the
 * load can only meet rows within the smallest and the largest value that the
 * load has there. Said as literals, BigQuery reads no other partition, and
 * bills for no other ("Query partitioned tables", pruning).
 */
#ifndef BIGQUERY_PRUNE_H
#define BIGQUERY_PRUNE_H

#include "bigquery.h"

/* {0} knows no bounds; bigquery_prune_release() frees. */
struct bigquery_prune {
	char *column;         /* or NULL: there are no bounds */
	struct buf low, high; /* literals of SQL */
};

/*
 * Takes the bounds from the rows of the stage, a table of the load's dataset;
 * table is the resource of the load's. Returns 0, or -1 with the warehouse's
 * error.
 */
int bigquery_prune(struct bigquery *bigquery, const struct warehouse_load *load,
    struct json *table, const char *stage, struct bigquery_prune *prune);
void bigquery_prune_release(struct bigquery_prune *prune);

#endif
