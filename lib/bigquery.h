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

/*
 * Calls METHOD on a path below the project, "/datasets/d/tables/t", that a
 * format makes. The body, JSON, may be empty. A call may be repeated: it has
 * to be one that does no harm. Returns 0, or -1 where there is no good answer,
 * which sets no error: bigquery_fail() does, if it is one.
 * gcp_answer_release() frees.
 */
int bigquery_call(struct bigquery *bigquery, struct gcp_answer *answer,
    const char *method, struct slice body, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

/*
 * Sets the error to "SUBJECT: what the answer says", or without a subject if
 * it is NULL, and the status to the answer's; returns -1.
 */
int bigquery_fail(struct bigquery *bigquery, const char *subject,
    const struct gcp_answer *answer);

/*
 * Appends every entry of a list of errors, as a job's status has it, each as
 * "reason: message (location)", with "; " between.
 */
void bigquery_put_errors(struct buf *out, struct json *errors);

/* The number in a string, as the API spells 64-bit integers, or 0. */
int64_t bigquery_int64(const struct json *value);

#endif
