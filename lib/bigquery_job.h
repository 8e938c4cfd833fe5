/* SPDX-License-Identifier: ISC */
/*
 * bigquery_job - a job that is done once, however often it is asked for
 *
 * The id of a job is BASE_rK. Whoever wants the same done makes the same base,
 * so that BigQuery, which takes an id only once, lets one of them through. A
 * job that is there is adopted if it is the same one: if the label that tells
 * its content, or where there is none its configuration, is ours. One that
 * failed keeps its id for ever, and changed nothing; the next one is K + 1.
 *
 * A job that fails for a reason that passes is done again, a few times, under
 * the next id, each time after a warning on standard error; one that failed in
 * an earlier run always is. While a job runs, signals cancel it
 * (bigquery_cancel.h).
 *
 * https://cloud.google.com/bigquery/docs/reference/rest/v2/Job
 */
#ifndef BIGQUERY_JOB_H
#define BIGQUERY_JOB_H

#include "bigquery.h"
#include "json_out.h"

/* What is to be done; all borrowed. */
struct bigquery_job {
	const char *what;    /* in messages: "load into d.t" */
	const char *base;    /* of its ids, at most 900 of [A-Za-z0-9_-] */
	const char *content; /* a hex SHA-256: what it does, and with what */

	/*
	 * Writes the member of the configuration, "query" or "load", of the
	 * job with the id.
	 */
	void (*configure)(void *user, const char *id, struct json_out *out);
	void *user;
	const struct cols *labels; /* KEY=VALUE each, or NULL */
	int fd;                    /* the file that is loaded, or -1 */
	int64_t bytes;             /* of the file */
};

/* {0} is valid; bigquery_job_release() frees. */
struct bigquery_job_run {
	int first;    /* in and out: the K to begin with, and of the job done */
	bool adopted; /* it was there already */
	struct buf id;      /* of the job */
	struct json *state; /* the resource of the job, which is done */
};

/*
 * Has the job done and waits for it. Returns 0, or -1 with the warehouse's
 * error, and in its notes a line for each entry of the job's errors, which may
 * also be warnings of a job that is done. STATUS_TEMPORARY: the outcome is not
 * known, or may be another one the next time.
 */
int bigquery_job_do(struct bigquery *bigquery, const struct bigquery_job *job,
    struct bigquery_job_run *run);
void bigquery_job_release(struct bigquery_job_run *run);

#endif
