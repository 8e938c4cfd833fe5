/* SPDX-License-Identifier: ISC */
#include "bigquery_query.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bigquery_cancel.h"
#include "bigquery_config.h"
#include "bigquery_dry.h"
#include "bigquery_rows.h"
#include "gcp.h"
#include "hook.h"
#include "num.h"
#include "uuid.h"

enum {
	/*
	 * For so long the service holds back an answer: at first shortly, so
	 * that the job's id is known soon.
	 */
	FIRST_MS = 1000,
	WAIT_MS = 10000,
	STALL_SECONDS = WAIT_MS / 1000 + GCP_STALL,
	PAGE_ROWS = 100000, /* and no page is larger than about 10 MB */
};

/* The rows of a result, page by page. */
struct bigquery_query {
	struct bigquery_columns columns;
	struct bigquery_rows rows;
	struct gcp_answer answer; /* its body is the page */
	struct json *head;        /* the page without its rows */
	char *job, *location;     /* of the job; location may be NULL */
	int64_t told, seen;       /* rows: that there are, or -1, and came */
};

void
bigquery_query_free(struct bigquery *bigquery)
{
	struct bigquery_query *query = bigquery->query;

	if (!query)
		return;
	bigquery_rows_release(&query->rows);
	bigquery_columns_release(&query->columns);
	gcp_answer_release(&query->answer);
	json_free(query->head);
	free(query->job);
	free(query->location);
	free(query);
	bigquery->query = NULL;
}

/* Appends where the job is to be looked for, behind other parameters. */
static void
put_location(const struct bigquery_query *query, struct buf *path)
{
	if (!query->location)
		return;
	buf_puts(path, strchr(buf_text(path), '?') ? "&" : "?");
	buf_puts(path, "location=");
	http_escape(slice_of(query->location), path);
}

/* A path of the job: PLACE/ID and what follows. */
static void
put_path(const struct bigquery_query *query, const char *place,
    const char *behind, struct buf *path)
{
	buf_printf(path, "/%s/", place);
	http_escape(slice_of(query->job), path);
	buf_puts(path, behind);
	put_location(query, path);
}

/* Appends the job's name as the bq tool takes it. */
static void
put_job_name(struct bigquery *bigquery, struct buf *text)
{
	const struct bigquery_query *query = bigquery->query;

	buf_printf(text, "job %s:%s%s%s", bigquery->project,
	    query->location ? query->location : "", query->location ? "." : "",
	    query->job);
}

/* Appends all that a job's status says is wrong. */
static void
put_status(struct buf *text, struct json *status)
{
	struct json *errors = json_get(status, "errors");

	if (!json_count(errors))
		bigquery_put_error(text, json_get(status, "errorResult"));
	for (size_t i = 0; i < json_count(errors); i++) {
		if (i)
			buf_puts(text, "; ");
		bigquery_put_error(text, json_at(errors, i));
	}
}

/*
 * Tells a job that failed, for which the answer to a question for its rows is
 * an error, from a question that failed.
 */
static int
fail_job(struct bigquery *bigquery)
{
	struct bigquery_query *query = bigquery->query;
	struct bigquery_request request = {0};
	struct gcp_answer answer = {0};
	struct buf path = {0}, *error = &bigquery->warehouse.error;
	struct json *status;

	bigquery_fail(bigquery, NULL, &query->answer);
	put_path(query, "jobs", "", &path);
	bigquery_call(bigquery, &request, &answer, "%s", buf_text(&path));
	status = json_get(answer.json, "status");
	if (json_get(status, "errorResult")) {
		buf_clear(error);
		put_status(error, status);
		bigquery->warehouse.status =
		    bigquery_passes(json_get(status, "errorResult"))
			? STATUS_TEMPORARY
			: STATUS_TROUBLE;
	}
	buf_puts(error, " (");
	put_job_name(bigquery, error);
	buf_putc(error, ')');
	gcp_answer_release(&answer);
	buf_release(&path);
	return -1;
}

/* Sets the error to an answer that is not what it should be. */
static int
fail_page(struct bigquery *bigquery, const char *reason)
{
	return warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE,
	    "the answer of BigQuery is not understood: %s", reason);
}

/* The text of a member of the page, or NULL; the caller frees. */
static char *
copy_text(struct json *object, const char *key)
{
	struct slice text = json_string(json_get(object, key));

	return text.len ? xslicedup(text) : NULL;
}

/* Reads what the first page of a result says of it as a whole. */
static int
read_result(struct bigquery *bigquery)
{
	struct bigquery_query *query = bigquery->query;
	struct json *told = json_get(query->head, "totalRows");
	struct json *errors = json_get(query->head, "errors");
	struct buf reason = {0}, *notes = &bigquery->warehouse.notes;
	int result = 0;

	query->told = told ? bigquery_int64(told) : -1;
	/* of a job that is done they are warnings */
	for (size_t i = 0; i < json_count(errors); i++) {
		bigquery_put_error(notes, json_at(errors, i));
		buf_putc(notes, '\n');
	}
	if (bigquery_columns_read(
		&query->columns, json_get(query->head, "schema"), &reason))
		result = fail_page(bigquery, buf_text(&reason));
	else
		bigquery_rows_begin(&query->rows, &query->columns);
	buf_release(&reason);
	return result;
}

/* Reads what a page says of the job, and the first one of the result. */
static int
read_head(struct bigquery *bigquery)
{
	struct bigquery_query *query = bigquery->query;
	struct json *job = json_get(query->head, "jobReference");

	if (!query->job)
		query->job = copy_text(job, "jobId");
	if (!query->location)
		query->location = copy_text(job, "location");
	if (query->columns.count)
		return 0;
	if (!json_bool(json_get(query->head, "jobComplete"))) {
		bigquery_cancel_name(query->job, query->location);
		return 0;
	}
	return read_result(bigquery);
}

/* Takes a page apart. */
static int
read_page(struct bigquery *bigquery)
{
	struct bigquery_query *query = bigquery->query;
	struct buf rest = {0}, reason = {0};
	size_t from, to;
	int result = 0;

	json_free(query->head);
	query->head = NULL;
	if (bigquery_rows_split(&query->answer.body, &from, &to, &rest))
		result = fail_page(bigquery, "no whole JSON object");
	else if (!(query->head = json_parse(buf_slice(&rest), &reason)))
		result = fail_page(bigquery, buf_text(&reason));
	else
		result = read_head(bigquery);
	if (!result && query->columns.count)
		bigquery_rows_page(
		    &query->rows, query->answer.body.data + from, to - from);
	buf_release(&rest);
	buf_release(&reason);
	return result;
}

/* Asks for the page of a token, or for the job to be done if there is none. */
static int
get_page(struct bigquery *bigquery)
{
	struct bigquery_query *query = bigquery->query;
	struct bigquery_request request = {
	    .text = true, .stall_seconds = STALL_SECONDS};
	struct slice token = json_string(json_get(query->head, "pageToken"));
	struct buf path = {0}, behind = {0};
	int result;

	if (!query->job)
		return fail_page(bigquery, "it names no job");
	buf_printf(&behind,
	    "?timeoutMs=%zu&maxResults=%d"
	    "&formatOptions.useInt64Timestamp=true&prettyPrint=false",
	    hook_size("SLUICE_TEST_WAIT", WAIT_MS), PAGE_ROWS);
	if (token.len) {
		buf_puts(&behind, "&pageToken=");
		http_escape(token, &behind);
	}
	put_path(query, "queries", buf_text(&behind), &path);
	result = bigquery_call(
	    bigquery, &request, &query->answer, "%s", buf_text(&path));
	buf_release(&path);
	buf_release(&behind);
	if (result)
		return fail_job(bigquery);
	return read_page(bigquery);
}

/* Writes the body of jobs.query. */
static int
put_request(struct bigquery *bigquery, const struct warehouse_query *query,
    struct buf *body)
{
	const char *location = bigquery->query->location;
	char id[UUID_SIZE], number[32];
	struct json_out out = {.buf = body};

	uuid_make(id);
	json_open(&out, '{');
	if (bigquery_config_put(bigquery, query, &out))
		return -1;
	bigquery_config_labels(query, &out);
	if (query->max_bytes >= 0) {
		snprintf(number, sizeof(number), "%" PRId64, query->max_bytes);
		json_pair_text(&out, "maximumBytesBilled", number);
	}
	if (location)
		json_pair_text(&out, "location", location);
	json_pair_text(&out, "requestId", id);
	json_pair_int(&out, "timeoutMs",
	    (int64_t)hook_size("SLUICE_TEST_WAIT", FIRST_MS));
	json_pair_int(&out, "maxResults", PAGE_ROWS);
	json_key(&out, "formatOptions");
	json_open(&out, '{');
	json_pair_bool(&out, "useInt64Timestamp", true);
	json_close(&out, '}');
	json_close(&out, '}');
	return 0;
}

/* Starts the job and waits until it is done. */
static int
run(struct bigquery *bigquery, const struct warehouse_query *query)
{
	struct bigquery_request request = {
	    .method = "POST", .text = true, .stall_seconds = STALL_SECONDS};
	struct gcp_answer *answer = &bigquery->query->answer;
	struct buf body = {0};
	int result = put_request(bigquery, query, &body);

	request.body = buf_slice(&body);
	if (!result && bigquery_call(bigquery, &request, answer,
			   "/queries?prettyPrint=false"))
		result = bigquery_fail(bigquery, NULL, answer);
	if (!result)
		result = read_page(bigquery);
	buf_release(&body);
	while (!result && !bigquery->query->columns.count)
		result = get_page(bigquery);
	return result;
}

/* Refuses a query that would read more than is allowed. */
static int
check_bytes(struct bigquery *bigquery, const struct warehouse_query *query,
    int64_t bytes)
{
	char would[NUM_SIZE], most[NUM_SIZE];

	if (query->max_bytes < 0 || bytes <= query->max_bytes)
		return 0;
	num_format_bytes(bytes, would);
	num_format_bytes(query->max_bytes, most);
	return warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE,
	    "it would read %s (%" PRId64 " bytes), more than the %s allowed; "
	    "a larger --max-bytes allows it",
	    would, bytes, most);
}

/* Names the columns, as they are: BigQuery gives no two the same name. */
static void
name_columns(const struct bigquery_columns *from, struct cols *to)
{
	for (size_t i = 0; i < from->count; i++)
		cols_add(to, slice_of(from->items[i].name));
}

int
bigquery_query(struct warehouse *warehouse, const struct warehouse_query *query,
    struct cols *columns)
{
	struct bigquery *bigquery = bigquery_of(warehouse);
	struct bigquery_dry dry;
	int result = bigquery_dry_run(bigquery, query, &dry);

	if (!result)
		result = check_bytes(bigquery, query, dry.bytes);
	if (!result) {
		bigquery->query = xcalloc(1, sizeof(*bigquery->query));
		bigquery->query->location = dry.location;
		dry.location = NULL;
		bigquery_cancel_begin(bigquery);
		result = run(bigquery, query);
		bigquery_cancel_end(); /* nothing runs any more */
	}
	bigquery_dry_release(&dry);
	if (result)
		return -1;
	name_columns(&bigquery->query->columns, columns);
	return 0;
}

int
bigquery_query_estimate(struct warehouse *warehouse,
    const struct warehouse_query *query, int64_t *bytes)
{
	struct bigquery_dry dry;
	int result = bigquery_dry_run(bigquery_of(warehouse), query, &dry);

	*bytes = dry.bytes;
	bigquery_dry_release(&dry);
	return result;
}

/* The end of the result: whether all of it was there. */
static int
check_end(struct bigquery *bigquery)
{
	const struct bigquery_query *query = bigquery->query;

	if (query->told < 0 || query->seen == query->told)
		return 0;
	return warehouse_fail(&bigquery->warehouse, STATUS_TEMPORARY,
	    "the result has %" PRId64 " rows, but %" PRId64 " came",
	    query->told, query->seen);
}

int
bigquery_query_next(struct warehouse *warehouse, struct warehouse_value *row)
{
	struct bigquery *bigquery = bigquery_of(warehouse);
	struct bigquery_query *query = bigquery->query;
	int got;

	/* a page may be empty and not be the last */
	while (!(got = bigquery_rows_next(&query->rows, row))) {
		if (!json_string(json_get(query->head, "pageToken")).len)
			return check_end(bigquery);
		if (get_page(bigquery))
			return -1;
	}
	if (got < 0)
		return fail_page(bigquery, query->rows.reason);
	query->seen++;
	return 1;
}
