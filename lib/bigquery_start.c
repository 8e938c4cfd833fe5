/* SPDX-License-Identifier: ISC */
#include "bigquery_start.h"

#include <stdlib.h>

#include "bigquery_upload.h"
#include "hook.h"

enum { SMALL = 8 * 1024 * 1024 };

/* Ends the parts of a body; not in JSON, which the file is made of. */
#define BOUNDARY "sluice-part-of-a-job"

/* Takes what the answer to a request for a job says. */
static int
take_answer(struct bigquery *bigquery, const struct bigquery_start *start,
    struct gcp_answer *answer, struct json **state)
{
	if (answer->status == 409)
		return BIGQUERY_START_EXISTS;
	if (answer->class != HTTP_GOOD)
		return bigquery_fail(bigquery, start->what, answer);
	if (!answer->json)
		return warehouse_fail(&bigquery->warehouse, STATUS_TEMPORARY,
		    "%s: an answer that is not JSON", start->what);
	*state = answer->json;
	answer->json = NULL;
	return 0;
}

static int
start_plain(struct bigquery *bigquery, const struct bigquery_start *start,
    struct json **state)
{
	const struct bigquery_request request = {
	    .method = "POST", .body = start->resource};
	struct gcp_answer answer = {0};
	int result;

	bigquery_call(bigquery, &request, &answer, "/jobs");
	result = take_answer(bigquery, start, &answer, state);
	gcp_answer_release(&answer);
	return result;
}

static int
start_multipart(struct bigquery *bigquery, const struct bigquery_start *start,
    struct json **state)
{
	static const char head[] =
	    "--" BOUNDARY "\r\n"
	    "Content-Type: application/json; charset=UTF-8\r\n\r\n";
	static const char middle[] =
	    "\r\n--" BOUNDARY "\r\n"
	    "Content-Type: application/octet-stream\r\n\r\n";
	static const char tail[] = "\r\n--" BOUNDARY "--\r\n";
	char *data = xcalloc(1, (size_t)start->bytes + 1);
	const struct slice body[] = {slice_of(head), start->resource,
	    slice_of(middle), {data, (size_t)start->bytes}, slice_of(tail)};
	struct gcp_answer answer = {0};
	struct buf target = {0};
	struct gcp_request request = {
	    .method = "POST",
	    .content_type = "multipart/related; boundary=" BOUNDARY,
	    .body = body,
	    .nbody = sizeof(body) / sizeof(body[0]),
	};
	int result = bigquery_upload_read(
	    bigquery, start, data, (size_t)start->bytes, 0);

	buf_printf(&target,
	    "/upload/bigquery/v2/projects/%s/jobs?uploadType=multipart",
	    bigquery->project);
	request.target = buf_text(&target);
	if (!result) {
		gcp_call(bigquery->gcp, &request, &answer);
		result = take_answer(bigquery, start, &answer, state);
	}
	gcp_answer_release(&answer);
	buf_release(&target);
	free(data);
	return result;
}

static int
start_resumable(struct bigquery *bigquery, const struct bigquery_start *start,
    struct json **state)
{
	struct gcp_answer answer = {0};
	int result = bigquery_upload(bigquery, start, &answer);

	if (!result)
		result = take_answer(bigquery, start, &answer, state);
	gcp_answer_release(&answer);
	return result;
}

int
bigquery_start(struct bigquery *bigquery, const struct bigquery_start *start,
    struct json **state)
{
	int64_t small = (int64_t)hook_size("SLUICE_TEST_SMALL", SMALL);

	*state = NULL;
	if (start->fd < 0)
		return start_plain(bigquery, start, state);
	return start->bytes <= small ? start_multipart(bigquery, start, state)
				     : start_resumable(bigquery, start, state);
}
