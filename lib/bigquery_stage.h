/* SPDX-License-Identifier: ISC */
/*
 * bigquery_stage - the table in which the rows of a load are gathered
 *
 * It is made next to the table they are for, as _stage_HASH_N, filled by one
 * load job, and goes by itself after a day if nobody drops it. Its name and
 * the job's id tell what is in it, so that whoever loads the same again finds
 * it.
 */
#ifndef BIGQUERY_STAGE_H
#define BIGQUERY_STAGE_H

#include "bigquery.h"
#include "bigquery_job.h"
#include "bigquery_spool.h"

struct bigquery_stage {
	const struct warehouse_load *load;
	const char *project;
	struct bigquery_spool *spool;
	const char *identity;                    /* of the load: hex SHA-256 */
	char spooled[DIGEST_SHA256_HEX];         /* of the rows */
	const struct warehouse_objects *objects; /* instead, or NULL */
	const struct cols *result; /* or that of a query, or NULL */
	int64_t repetition;

	struct buf name;
	struct bigquery_job_run run; /* of the load job */
	int64_t rows;                /* that the stage has when it is filled */
	char content[DIGEST_SHA256_HEX]; /* of all that makes the stage */
};

enum { BIGQUERY_STAGE_GONE = 1, BIGQUERY_STAGE_LIFE = 24 * 3600 };

/*
 * Fills the stage. Returns 0, or -1 with the warehouse's error, or
 * BIGQUERY_STAGE_GONE if it was filled before and is not there now: the load
 * may be done meanwhile, and if not it can be tried again.
 */
int bigquery_stage_fill(
    struct bigquery *bigquery, struct bigquery_stage *stage);

/* Drops the table. */
void bigquery_stage_drop(
    struct bigquery *bigquery, struct bigquery_stage *stage);
void bigquery_stage_release(struct bigquery_stage *stage);

/* The hex SHA-256 of a text, which it frees. */
void bigquery_stage_hash(struct buf *text, char hash[DIGEST_SHA256_HEX]);

#endif
