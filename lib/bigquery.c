/* SPDX-License-Identifier: ISC */
#include "bigquery.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gcp.h"
#include "num.h"

/* What names of projects and locations are made of, and never more. */
static bool
is_name(const char *text, const char *more)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

	while (*text && (strchr(letters, *text) || strchr(more, *text)))
		text++;
	return !*text;
}

struct bigquery *
bigquery_new(const char *location, const char *project)
{
	struct bigquery *bigquery = xcalloc(1, sizeof(*bigquery));
	const char *place = getenv("SLUICE_LOCATION");

	/* a project of a domain is called example.com:name */
	if (!*project || !is_name(project, ".:"))
		die(STATUS_TROUBLE, "%s: not a warehouse like bigquery:PROJECT",
		    location);
	if (place && !is_name(place, ""))
		die(STATUS_TROUBLE, "SLUICE_LOCATION: '%s' is no location",
		    place);
	bigquery->warehouse.location = location;
	bigquery->warehouse.status = STATUS_TROUBLE;
	bigquery->project = xstrdup(project);
	if (place && *place)
		bigquery->location = xstrdup(place);
	bigquery->gcp = gcp_new(GCP_BIGQUERY);
	return bigquery;
}

void
bigquery_free(struct bigquery *bigquery)
{
	gcp_free(bigquery->gcp);
	free(bigquery->project);
	free(bigquery->location);
	buf_release(&bigquery->warehouse.error);
	buf_release(&bigquery->warehouse.notes);
	free(bigquery);
}

struct bigquery *
bigquery_of(struct warehouse *warehouse)
{
	return (struct bigquery *)warehouse;
}

/* The path that a format makes; the caller frees. */
static char *
make_path(const char *fmt, va_list args)
{
	va_list again;
	int len;
	char *path;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	path = xmalloc((size_t)len + 1);
	vsnprintf(path, (size_t)len + 1, fmt, args);
	return path;
}

int
bigquery_call(struct bigquery *bigquery, const struct bigquery_request *request,
    struct gcp_answer *answer, const char *fmt, ...)
{
	struct buf target = {0};
	struct gcp_request call = {.method = request->method,
	    .text = request->text,
	    .stall_seconds = request->stall_seconds};
	va_list args;
	char *path;
	int result;

	va_start(args, fmt);
	path = make_path(fmt, args);
	va_end(args);
	buf_puts(&target, "/bigquery/v2/projects/");
	http_escape(slice_of(bigquery->project), &target);
	buf_puts(&target, path);
	free(path);
	call.target = buf_text(&target);
	if (request->body.len) {
		call.content_type = "application/json";
		call.body = &request->body;
		call.nbody = 1;
	}
	result = gcp_call(bigquery->gcp, &call, answer);
	buf_release(&target);
	return result;
}

int
bigquery_fail(struct bigquery *bigquery, const char *subject,
    const struct gcp_answer *answer)
{
	struct warehouse *warehouse = &bigquery->warehouse;

	buf_clear(&warehouse->error);
	if (subject)
		buf_printf(&warehouse->error, "%s: ", subject);
	buf_puts(&warehouse->error, buf_text(&answer->error));
	warehouse->status = answer->exit;
	return -1;
}

void
bigquery_put_error(struct buf *out, struct json *error)
{
	static const char *const keys[] = {"reason", "location", "message"};
	size_t from = out->len;

	for (int i = 0; i < 3; i++) {
		struct slice text = json_string(json_get(error, keys[i]));

		if (!text.len)
			continue;
		if (out->len > from)
			buf_puts(out, ": ");
		buf_add_slice(out, text);
	}
}

/*
 * True if a transaction gave way to another one. The service has no reason of
 * its own for that, only these words.
 */
static bool
gave_way(struct json *error)
{
	static const char *const words[] = {
	    "aborted due to concurrent update", "Could not serialize access"};
	struct slice message = json_string(json_get(error, "message"));
	char *text = xslicedup(message);
	bool found = strstr(text, words[0]) || strstr(text, words[1]);

	free(text);
	return found;
}

bool
bigquery_passes(struct json *error)
{
	static const char *const reasons[] = {"backendError", "internalError",
	    "rateLimitExceeded", "jobBackendError", "jobInternalError",
	    "jobRateLimitExceeded"};
	struct slice reason = json_string(json_get(error, "reason"));

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (slice_equal(reason, slice_of(reasons[i])))
			return true;
	}
	return gave_way(error);
}

int64_t
bigquery_int64(const struct json *value)
{
	int64_t number;

	return num_int64(json_string(value), &number) ? 0 : number;
}
