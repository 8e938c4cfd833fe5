/* SPDX-License-Identifier: ISC */
#include "gcp.h"

#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "gcp_endpoint.h"
#include "gcp_error.h"
#include "hook.h"
#include "json.h"
#include "num.h"
#include "redact.h"
#include "uuid.h"

/* What services differ in. */
static const struct service {
	const char *base, *path;
	const char *emulator, *override;
	const char *audience, *scope;
} services[] = {
    [GCP_STORAGE] =
	{
	    "https://storage.googleapis.com",
	    "/storage/v1",
	    "STORAGE_EMULATOR_HOST",
	    "CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE",
	    "https://storage.googleapis.com/",
	    "https://www.googleapis.com/auth/devstorage.read_write",
	},
    [GCP_BIGQUERY] =
	{
	    "https://bigquery.googleapis.com",
	    "/bigquery/v2",
	    "BIGQUERY_EMULATOR_HOST",
	    "CLOUDSDK_API_ENDPOINT_OVERRIDES_BIGQUERY",
	    "https://bigquery.googleapis.com/",
	    "https://www.googleapis.com/auth/bigquery",
	},
};

/* Of what is constant over the attempts of one operation. */
struct operation {
	struct http_retry retry;
	char token[UUID_SIZE];
	int sent;
};

struct gcp {
	enum gcp_service service;
	struct buf base;
	struct auth *auth;
	struct http *http;
	int patience; /* seconds; -1 is a mistake of the user's */
	struct operation operation;
};

static const char *
variable(const char *name)
{
	const char *text = getenv(name);

	return text && *text ? text : NULL;
}

/* The seconds of SLUICE_RETRY_SECONDS, or -1 if it holds something else. */
static int
patience(void)
{
	const char *text = variable("SLUICE_RETRY_SECONDS");
	int64_t seconds = GCP_PATIENCE;

	if (text && (num_int64(slice_of(text), &seconds) || seconds < 0 ||
			seconds > GCP_PATIENCE_MAX))
		return -1;
	return (int)seconds;
}

struct gcp *
gcp_new(enum gcp_service service)
{
	const struct service *known = &services[service];
	const char *emulator = variable(known->emulator);
	const char *override = variable(known->override);
	struct gcp *gcp = xcalloc(1, sizeof(*gcp));

	gcp->service = service;
	if (emulator)
		gcp_endpoint(&gcp->base, emulator, "http", known->path);
	else
		gcp_endpoint(&gcp->base, override ? override : known->base,
		    "https", known->path);
	gcp->auth = auth_new(known->audience, known->scope, emulator);
	gcp->http = http_new();
	gcp->patience = patience();
	gcp_begin(gcp);
	return gcp;
}

void
gcp_free(struct gcp *gcp)
{
	if (!gcp)
		return;
	buf_release(&gcp->base);
	auth_free(gcp->auth);
	http_free(gcp->http);
	free(gcp);
}

void
gcp_answer_release(struct gcp_answer *answer)
{
	buf_release(&answer->body);
	buf_release(&answer->error);
	buf_release(&answer->reason);
	json_free(answer->json);
	answer->json = NULL;
}

static void
answer_clear(struct gcp_answer *answer)
{
	buf_clear(&answer->body);
	buf_clear(&answer->error);
	buf_clear(&answer->reason);
	json_free(answer->json);
	answer->json = NULL;
	answer->status = 0;
	answer->class = HTTP_BROKEN;
	answer->exit = STATUS_TROUBLE;
	answer->body.limit = GCP_BODY;
}

/* Header lines, those of the caller and ours. */
struct lines {
	const char **items;
	size_t count, cap;
	struct buf own[4];
	size_t nown;
};

static void
add_line(struct lines *lines, const char *line)
{
	lines->items = xgrow(
	    lines->items, lines->count, &lines->cap, sizeof(*lines->items));
	lines->items[lines->count++] = line;
}

static void
add_own(struct lines *lines, const char *begin, const char *value)
{
	struct buf *own = &lines->own[lines->nown++];

	buf_printf(own, "%s%s", begin, value);
	add_line(lines, buf_text(own));
}

static void
release_lines(struct lines *lines)
{
	while (lines->nown)
		buf_release(&lines->own[--lines->nown]);
	free(lines->items);
}

static void
make_lines(struct gcp *gcp, const struct gcp_request *request,
    const char *token, const char *quota, struct lines *lines)
{
	for (size_t i = 0; i < request->nheaders; i++)
		add_line(lines, request->headers[i]);
	if (request->content_type)
		add_own(lines, "Content-Type: ", request->content_type);
	if (gcp->service == GCP_STORAGE)
		add_own(lines,
		    "x-goog-gcs-idempotency-token: ", gcp->operation.token);
	if (token)
		add_own(lines, "Authorization: Bearer ", token);
	if (quota)
		add_own(lines, "x-goog-user-project: ", quota);
}

/* Appends where a request goes. */
static void
make_url(struct gcp *gcp, const struct gcp_request *request, const char *quota,
    struct buf *url)
{
	if (!request->session)
		buf_add_slice(url, buf_slice(&gcp->base));
	buf_puts(url, request->target);
	/* a bucket whose readers pay asks for it here ("Requester Pays") */
	if (quota && gcp->service == GCP_STORAGE) {
		buf_printf(url,
		    "%cuserProject=", strchr(request->target, '?') ? '&' : '?');
		http_escape(slice_of(quota), url);
	}
}

/* Sends it once, as the one whom the token names. */
static void
send_as(struct gcp *gcp, const struct gcp_request *request, const char *token,
    struct http_answer *raw)
{
	const char *quota =
	    request->session ? NULL : auth_quota_project(gcp->auth);
	struct lines lines = {0};
	struct buf url = {0};
	struct http_request http = {
	    .method = request->method,
	    .body = request->body,
	    .nbody = request->nbody,
	    .take = request->take,
	    .user = request->user,
	    .stall_seconds =
		request->stall_seconds
		    ? request->stall_seconds
		    : (int)hook_size("SLUICE_TEST_STALL", GCP_STALL),
	    .secret_url = request->session,
	};

	make_url(gcp, request, quota, &url);
	http.url = buf_text(&url);
	make_lines(gcp, request, token, quota, &lines);
	http.headers = lines.items;
	http.nheaders = lines.count;
	http_attempt(gcp->http, &http, raw);
	release_lines(&lines);
	buf_release(&url);
}

static bool
is_rate_limit(const struct gcp_answer *answer)
{
	const char *reason = buf_text(&answer->reason);

	return !strcmp(reason, "rateLimitExceeded") ||
	       !strcmp(reason, "userRateLimitExceeded");
}

static void
read_error(struct gcp_answer *answer, struct slice reason)
{
	if (answer->status)
		gcp_error_read(answer->status, buf_slice(&answer->body),
		    answer->json, &answer->error, &answer->reason);
	else
		redact_add(&answer->error, reason);
	if (answer->status == 403 && is_rate_limit(answer))
		answer->class = HTTP_TEMPORARY;
	answer->exit =
	    answer->class == HTTP_TEMPORARY ? STATUS_TEMPORARY : STATUS_TROUBLE;
}

/* Sends a request once and reads what comes back. */
static void
exchange(struct gcp *gcp, const struct gcp_request *request, const char *token,
    struct gcp_answer *answer)
{
	struct http_answer raw = {0};
	struct buf ignored = {0};
	bool good;

	answer_clear(answer);
	raw.body = answer->body;
	send_as(gcp, request, token, &raw);
	answer->body = raw.body;
	answer->status = raw.status;
	answer->class = raw.class;
	good = raw.class == HTTP_GOOD;
	answer->exit = good ? STATUS_DONE : STATUS_TROUBLE;
	if (answer->body.len && !(good && request->text))
		answer->json = json_parse(buf_slice(&answer->body), &ignored);
	if (!good)
		read_error(answer, buf_slice(&raw.reason));
	answer->attempts = gcp->operation.sent + raw.sent;
	/* nothing else is sure to have had no effect: a proxy may say 429 */
	if (answer->status != 401)
		gcp->operation.sent = answer->attempts;
	buf_release(&raw.reason);
	buf_release(&ignored);
}

/* The token to send, or NULL: 0, or -1 with an answer that says why not. */
static int
find_token(struct gcp *gcp, const struct gcp_request *request,
    const char **token, struct gcp_answer *answer)
{
	struct buf reason = {0};
	int failed;

	*token = NULL;
	if (request->session)
		return 0;
	failed = auth_token(gcp->auth, token, &reason, &answer->exit);
	if (failed) {
		if (answer->error.len)
			buf_puts(&answer->error, ": ");
		buf_add_slice(&answer->error, buf_slice(&reason));
		answer->class = HTTP_BROKEN;
	}
	buf_release(&reason);
	return failed;
}

/* After a 401: once more, if there is another token. */
static void
exchange_renewed(struct gcp *gcp, const struct gcp_request *request,
    const char *refused, struct gcp_answer *answer)
{
	char *old = xstrdup(refused);
	const char *token;

	auth_refused(gcp->auth);
	if (!find_token(gcp, request, &token, answer) && token &&
	    strcmp(token, old) != 0)
		exchange(gcp, request, token, answer);
	memset(old, 0, strlen(old));
	free(old);
}

/* What is never sent: 0, or -1 with a reason. */
static int
check(const struct gcp *gcp, const struct gcp_request *request,
    struct buf *reason)
{
	if (gcp->patience < 0)
		buf_puts(
		    reason, "SLUICE_RETRY_SECONDS: not a number of seconds");
	else if (request->session && http_keeps_secrets(buf_text(&gcp->base)) &&
		 !http_keeps_secrets(request->target))
		buf_puts(reason, "the upload session does not lead over https");
	return reason->len ? -1 : 0;
}

int
gcp_attempt(struct gcp *gcp, const struct gcp_request *request,
    struct gcp_answer *answer)
{
	const char *token;

	answer_clear(answer);
	answer->attempts = gcp->operation.sent;
	if (check(gcp, request, &answer->error))
		return -1;
	if (find_token(gcp, request, &token, answer))
		return -1;
	exchange(gcp, request, token, answer);
	if (answer->status == 401 && token)
		exchange_renewed(gcp, request, token, answer);
	return answer->class == HTTP_GOOD ? 0 : -1;
}

void
gcp_begin(struct gcp *gcp)
{
	http_retry_begin(&gcp->operation.retry, gcp->patience);
	uuid_make(gcp->operation.token);
	gcp->operation.sent = 0;
}

void
gcp_progress(struct gcp *gcp)
{
	http_retry_progress(&gcp->operation.retry);
}

bool
gcp_pause(struct gcp *gcp, struct gcp_answer *answer)
{
	struct http_answer raw = {
	    .class = answer->class,
	    .status = answer->status,
	    .reason = answer->error,
	};
	bool again = http_retry_pause(gcp->http, &gcp->operation.retry, &raw);

	answer->error = raw.reason;
	return again;
}

int
gcp_call(struct gcp *gcp, const struct gcp_request *request,
    struct gcp_answer *answer)
{
	struct operation outer = gcp->operation;

	gcp_begin(gcp);
	while (gcp_attempt(gcp, request, answer) &&
	       answer->class == HTTP_TEMPORARY && gcp_pause(gcp, answer))
		continue;
	gcp->operation = outer;
	return answer->class == HTTP_GOOD ? 0 : -1;
}

const char *
gcp_header(const struct gcp *gcp, const char *name)
{
	return http_header(gcp->http, name);
}

const char *
gcp_header_at(const struct gcp *gcp, const char *name, size_t index)
{
	return http_header_at(gcp->http, name, index);
}

int64_t
gcp_stored(const struct gcp *gcp)
{
	static const char start[] = "bytes=0-";
	const char *range = gcp_header(gcp, "Range");
	int64_t last;

	if (!range)
		return 0;
	if (strncmp(range, start, strlen(start)) != 0 ||
	    num_int64(slice_of(range + strlen(start)), &last) || last < 0 ||
	    last == INT64_MAX)
		return -1;
	return last + 1;
}

const char *
gcp_project(struct gcp *gcp)
{
	return auth_project(gcp->auth);
}
