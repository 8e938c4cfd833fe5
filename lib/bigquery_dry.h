/* SPDX-License-Identifier: ISC */
/*
 * bigquery_dry - what BigQuery says of a query before it is run
 *
 * A dry run, which is free; REST reference v2, jobs.insert with dryRun.
 */
#ifndef BIGQUERY_DRY_H
#define BIGQUERY_DRY_H

#include "bigquery.h"
#include "bigquery_columns.h"

/* {0} is valid; bigquery_dry_release() frees. */
struct bigquery_dry {
	int64_t bytes;                   /* that it would read */
	char *location;                  /* where it would run, or NULL */
	struct bigquery_columns columns; /* of its result; none: not told */
};

/*
 * Asks. Returns 0, or -1 with the warehouse's error, which is what is wrong
 * with the query, or that it is none that only reads.
 */
int bigquery_dry_run(struct bigquery *bigquery,
    const struct warehouse_query *query, struct bigquery_dry *dry);
void bigquery_dry_release(struct bigquery_dry *dry);

#endif
