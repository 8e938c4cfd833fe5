/* SPDX-License-Identifier: ISC */
/*
 * bigquery_upload - a file is sent with a job, in pieces
 *
 * A resumable upload: after an interruption the service is asked how much it
 * has, and what it lacks is sent again; a session that it lost is begun anew,
 * as the file can be read again. Memory is one piece.
 *
 * Google API, "Perform resumable uploads"; BigQuery, "Loading data from local
 * data sources".
 */
#ifndef BIGQUERY_UPLOAD_H
#define BIGQUERY_UPLOAD_H

#include "bigquery_start.h"
#include "gcp.h"

/*
 * Sends the job and its file, of at least one byte. Returns 0 if the service
 * answered for good, be it with the job or with a refusal, which answer then
 * has, or -1 with the warehouse's error.
 */
int bigquery_upload(struct bigquery *bigquery,
    const struct bigquery_start *start, struct gcp_answer *answer);

/* Reads a part of the file: 0, or -1 with the warehouse's error. */
int bigquery_upload_read(struct bigquery *bigquery,
    const struct bigquery_start *start, char *data, size_t size,
    int64_t offset);

#endif
