/* SPDX-License-Identifier: ISC */
#include "bigquery_start.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gcp.h"

enum { SMALL = 8 * 1024 * 1024 };

/* Ends the parts of a body; not in JSON, which the file is made of. */
#define BOUNDARY "sluice-part-of-a-job"

/* Reads the file into data: 0, or -1 with the warehouse's error. */
static int
read_file(struct bigquery *bigquery, const struct bigquery_start *start,
    char *data, size_t size, int64_t offset)
{
	for (size_t at = 0; at < size;) {
		ssize_t got = pread(start->fd, data + at, size - at,
		    (off_t)(offset + (int64_t)at));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return warehouse_fail(&bigquery->warehouse,
			    STATUS_TROUBLE, "%s: temporary file: %s",
			    start->what, got ? strerror(errno) : "cut short");
		at += (size_t)got;
	}
	return 0;
}

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
	int result = read_file(bigquery, start, data, (size_t)start->bytes, 0);

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

int
bigquery_start(struct bigquery *bigquery, const struct bigquery_start *start,
    struct json **state)
{
	*state = NULL;
	return start->fd < 0 ? start_plain(bigquery, start, state)
			     : start_multipart(bigquery, start, state);
}
