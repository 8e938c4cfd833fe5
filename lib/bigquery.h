/* SPDX-License-Identifier: ISC */
/*
 * bigquery - a project of BigQuery, and calls to its API
 *
 * For the modules that warehouse_bigquery is made of. Functions that return an
 * int return 0, or -1 with the warehouse's error set. Paths and fields are
 * those of the REST API v2:
 * https://cloud.google.com/bigquery/docs/reference/rest
 */
#ifndef BIGQUERY_H
#define BIGQUERY_H

#include <stdint.h>

#include "json.h"
#include "warehouse.h"

struct bigquery_load;
struct bigquery_query;
struct gcp;
struct gcp_answer;

struct bigquery {
	struct warehouse warehouse; /* first: one is cast to the other */
	struct gcp *gcp;
	char *project;
	char *location; /* where jobs run and datasets are made: of
			   $SLUICE_LOCATION, or NULL: the service chooses */
	struct bigquery_query *query; /* of bigquery_query.h, or NULL */
	struct bigquery_load *load;   /* of bigquery_load.h, or NULL */
};

/*
 * A warehouse without functions, that has not used the network yet; dies with
 * STATUS_TROUBLE if the project is none. bigquery_free() frees it, but not
 * query and load.
 */
struct bigquery *bigquery_new(const char *location, const char *project);
void bigquery_free(struct bigquery *bigquery);

/* The warehouse as what it is here. */
struct bigquery *bigquery_of(struct warehouse *warehouse);

/* {0} is a GET; all borrowed. */
struct bigquery_request {
	const char *method; /* NULL: "GET" */
	struct slice body;  /* JSON; may be empty */
	bool text;          /* of a good answer no tree is made: it is long */
	int stall_seconds;  /* without a byte it is over; 0: gcp.h's */
};

/*
 * Calls a path below the project, "/datasets/d/tables/t", that a format makes.
 * A call may be repeated: it has to be one that does no harm. Returns 0, or -1
 * where there is no good answer, which sets no error: bigquery_fail() does, if
 * it is one. gcp_answer_release() frees.
 */
int bigquery_call(struct bigquery *bigquery,
    const struct bigquery_request *request, struct gcp_answer *answer,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

/*
 * Sets the error to "SUBJECT: what the answer says", or without a subject if
 * it is NULL, and the status to the answer's; returns -1.
 */
int bigquery_fail(struct bigquery *bigquery, const char *subject,
    const struct gcp_answer *answer);

/* Appends an entry of a job's errors, "reason: location: message". */
void bigquery_put_error(struct buf *out, struct json *error);

/*
 * True for an entry of a job's errors that another job, doing the same, may
 * not meet.
 */
bool bigquery_passes(struct json *error);

/* The number in a string, as the API spells 64-bit integers, or 0. */
int64_t bigquery_int64(const struct json *value);

#endif
