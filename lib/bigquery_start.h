/* SPDX-License-Identifier: ISC */
/*
 * bigquery_start - a job is sent to BigQuery, with its file if it has one
 *
 * A file of up to 8 MiB goes with the job in one request (uploadType
 * multipart, multipart/related of RFC 2387), a larger one in pieces (uploadType
 * resumable), which an interruption does not undo.
 */
#ifndef BIGQUERY_START_H
#define BIGQUERY_START_H

#include "bigquery.h"

struct bigquery_start {
	const char *what;      /* in messages */
	struct slice resource; /* the job: JSON */
	int fd;                /* the file, or -1 */
	int64_t bytes;         /* of the file */
};

enum { BIGQUERY_START_EXISTS = 1 };

/*
 * Starts the job: 0 and its resource, which json_free() frees, or
 * BIGQUERY_START_EXISTS if the id is in use, or -1 with the warehouse's error.
 * The answer is no answer to whether the job succeeds.
 */
int bigquery_start(struct bigquery *bigquery,
    const struct bigquery_start *start, struct json **state);

#endif
