/* SPDX-License-Identifier: ISC */
#include "gcs_session.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "interrupt.h"
#include "json_out.h"

/* Chunks but the last are of so many bytes, or a multiple. */
enum { QUANTUM = 256 * 1024 };

/* What a session does next, or how it ended. */
enum step { START, SEND, ASK, PAUSE, STORED, EXISTS, FAILED };

struct gcs_session {
	struct gcp *gcp;
	const struct gcs_source *source;
	struct window *window;
	size_t chunk;
	pthread_t thread;
	bool joined;
	pthread_mutex_t lock; /* of these, for one who cancels */
	char *uri;            /* a secret: who has it can write; or NULL */
	bool cancelled;
	uint64_t at;   /* the next byte to send */
	uint64_t sent; /* behind the last one that this uri was sent */
	uint64_t most; /* behind the last one that any uri was sent */
	uint64_t best; /* the most that was ever acknowledged */
	bool waited;   /* there was a pause, and no chunk since */
	struct gcs_outcome outcome;
};

void
gcs_outcome_release(struct gcs_outcome *outcome)
{
	gcp_answer_release(&outcome->answer);
	buf_release(&outcome->reason);
}

enum gcs_end
gcs_outcome_refused(struct gcs_outcome *outcome)
{
	buf_clear(&outcome->reason);
	buf_add_slice(&outcome->reason, buf_slice(&outcome->answer.error));
	outcome->status = outcome->answer.exit;
	outcome->end = GCS_FAILED;
	return GCS_FAILED;
}

void
gcs_source_resource(const struct gcs_source *source,
    const struct digest_result *digest, struct buf *text)
{
	struct json_out json = {.buf = text};

	json_open(&json, '{');
	json_pair_text(&json, "name", source->place.name);
	json_pair_text(&json, "contentType", source->content_type);
	if (digest) {
		json_pair_text(&json, "crc32c", digest->crc32c);
		json_pair_text(&json, "md5Hash", digest->md5);
	}
	json_key(&json, "metadata");
	json_open(&json, '{');
	if (digest)
		json_pair_text(&json, GCS_SHA256, digest->sha256);
	json_pair_text(&json, GCS_UPLOAD, source->upload);
	json_close(&json, '}');
	json_close(&json, '}');
}

void
gcs_source_target(
    const struct gcs_source *source, const char *kind, struct buf *target)
{
	buf_puts(target, "/upload/storage/v1/b/");
	http_escape(slice_of(source->place.bucket), target);
	buf_printf(target, "/o?uploadType=%s&ifGenerationMatch=0", kind);
}

static enum step
fail(struct gcs_session *session, enum status status, const char *reason)
{
	buf_clear(&session->outcome.reason);
	buf_puts(&session->outcome.reason, reason);
	session->outcome.status = status;
	return FAILED;
}

/* The session cannot go on, and its bytes cannot be had again. */
static enum step
fail_lost(struct gcs_session *session)
{
	return fail(session, STATUS_TEMPORARY,
	    "the service lost the upload, whose first bytes are gone here: "
	    "nothing was stored, the same command may be run again");
}

static enum step
refused(struct gcs_session *session)
{
	gcs_outcome_refused(&session->outcome);
	return FAILED;
}

static void
set_uri(struct gcs_session *session, const char *uri)
{
	pthread_mutex_lock(&session->lock);
	free(session->uri);
	session->uri = uri ? xstrdup(uri) : NULL;
	pthread_mutex_unlock(&session->lock);
}

/* The same may be tried again, until the patience is over. */
static enum step
try_again(struct gcs_session *session, const char *reason)
{
	struct gcp_answer *answer = &session->outcome.answer;

	buf_clear(&answer->error);
	buf_puts(&answer->error, reason);
	answer->exit = STATUS_TEMPORARY;
	return PAUSE;
}

/* Asks for a session. */
static int
request_start(struct gcs_session *session)
{
	struct buf target = {0}, body = {0}, type = {0};
	struct gcp_request request = {.method = "POST",
	    .content_type = "application/json; charset=UTF-8",
	    .nheaders = 1,
	    .nbody = 1};
	struct slice piece;
	const char *header;
	int result;

	gcs_source_target(session->source, "resumable", &target);
	gcs_source_resource(session->source, NULL, &body);
	buf_printf(
	    &type, "X-Upload-Content-Type: %s", session->source->content_type);
	piece = buf_slice(&body);
	header = buf_text(&type);
	request.target = buf_text(&target);
	request.headers = &header;
	request.body = &piece;
	result = gcp_call(session->gcp, &request, &session->outcome.answer);
	buf_release(&target);
	buf_release(&body);
	buf_release(&type);
	return result;
}

static enum step
start(struct gcs_session *session)
{
	const char *uri;

	set_uri(session, NULL);
	if (!window_holds(session->window, 0))
		return fail_lost(session);
	if (request_start(session))
		return session->outcome.answer.status == 412 ? EXISTS
							     : refused(session);
	uri = gcp_header(session->gcp, "Location");
	if (!uri)
		return fail(session, STATUS_TROUBLE,
		    "the service began an upload and did not say where");
	set_uri(session, uri);
	session->at = session->sent = 0;
	return SEND;
}

/* Sends pieces, none for a query, under a Content-Range. */
static void
request_put(struct gcs_session *session, const char *range,
    const struct slice *pieces, size_t npieces, const char *hash)
{
	struct buf line = {0};
	const char *headers[2];
	struct gcp_request request = {.method = "PUT",
	    .target = session->uri,
	    .session = true,
	    .content_type = session->source->content_type,
	    .headers = headers,
	    .nheaders = hash ? 2 : 1,
	    .body = pieces,
	    .nbody = npieces};

	buf_printf(&line, "Content-Range: bytes %s", range);
	headers[0] = buf_text(&line);
	headers[1] = hash;
	gcp_attempt(session->gcp, &request, &session->outcome.answer);
	buf_release(&line);
}

/* Goes on where the service says in a 308. */
static enum step
go_on(struct gcs_session *session)
{
	int64_t next = gcp_stored(session->gcp);

	if (next < 0) {
		if (!window_holds(session->window, 0))
			return fail(session, STATUS_TROUBLE,
			    "the service does not say how much it has");
		next = 0;
	}
	if ((uint64_t)next > session->sent)
		return fail(session, STATUS_TROUBLE,
		    "the service claims bytes that were never sent");
	if (!window_holds(session->window, (uint64_t)next))
		return fail_lost(session);
	session->at = (uint64_t)next;
	window_acknowledge(session->window, session->at);
	if (session->at > session->best) {
		session->best = session->at;
		gcp_progress(session->gcp);
		return SEND;
	}
	if (session->waited)
		return SEND;
	return try_again(session, "the service does not keep what is sent");
}

/* What follows the answer to a PUT. */
static enum step
judge(struct gcs_session *session)
{
	const struct gcp_answer *answer = &session->outcome.answer;

	switch (answer->status) {
	case 200:
	case 201:
		return STORED;
	case 308:
		return go_on(session);
	case 404:
	case 410:
		set_uri(session, NULL);
		if (!window_holds(session->window, 0))
			return fail_lost(session);
		return try_again(session, "the service lost the upload");
	case 412:
		return EXISTS;
	}
	return answer->class == HTTP_TEMPORARY ? PAUSE : refused(session);
}

/* Sends the next chunk; the last one says that it is. */
static enum step
send_chunk(struct gcs_session *session)
{
	struct buf hash = {0};
	struct slice pieces[2];
	char range[80], total[32] = "*";
	bool last;
	int64_t there =
	    window_wait(session->window, session->at, session->chunk, &last);
	uint64_t end;
	size_t len;

	if (there < 0)
		return fail(session, STATUS_TROUBLE, "given up");
	session->waited = false;
	if (!there)
		return ASK;
	len = (uint64_t)there < session->chunk ? (size_t)there : session->chunk;
	end = session->at + len;
	if (last && len == (size_t)there) {
		snprintf(total, sizeof(total), "%" PRIu64, end);
		buf_printf(&hash, "x-goog-hash: crc32c=%s,md5=%s",
		    session->source->digest->crc32c,
		    session->source->digest->md5);
	}
	snprintf(range, sizeof(range), "%" PRIu64 "-%" PRIu64 "/%s",
	    session->at, end - 1, total);
	if (end > session->sent)
		session->sent = end;
	/* the time that the input took is not the service's */
	if (end > session->most) {
		session->most = end;
		gcp_progress(session->gcp);
	}
	request_put(session, range, pieces,
	    window_pieces(session->window, session->at, len, pieces),
	    hash.len ? buf_text(&hash) : NULL);
	buf_release(&hash);
	return judge(session);
}

/* Asks how much the service has; it completes an upload that is all there. */
static enum step
ask(struct gcs_session *session)
{
	char range[40] = "*/*";
	bool ended;
	uint64_t total = window_added(session->window, &ended);

	if (ended)
		snprintf(range, sizeof(range), "*/%" PRIu64, total);
	request_put(session, range, NULL, 0, NULL);
	return judge(session);
}

/* A pause before the next attempt, which asks first, or starts anew. */
static enum step
wait_a_while(struct gcs_session *session)
{
	if (!gcp_pause(session->gcp, &session->outcome.answer))
		return refused(session);
	session->waited = true;
	return session->uri ? ASK : START;
}

static enum step
take_step(struct gcs_session *session, enum step step)
{
	switch (step) {
	case START:
		return start(session);
	case SEND:
		return send_chunk(session);
	case ASK:
		return ask(session);
	default:
		return wait_a_while(session);
	}
}

static bool
cancelled(struct gcs_session *session)
{
	bool result;

	pthread_mutex_lock(&session->lock);
	result = session->cancelled;
	pthread_mutex_unlock(&session->lock);
	return result;
}

/* Runs until it is over; then nobody waits for the window any more. */
static void *
run(void *user)
{
	struct gcs_session *session = user;
	enum step step = START;

	gcp_begin(session->gcp);
	while (step < STORED && !cancelled(session))
		step = take_step(session, step);
	session->outcome.end = step == STORED   ? GCS_STORED
			       : step == EXISTS ? GCS_EXISTS
						: GCS_FAILED;
	if (step == STORED)
		set_uri(session, NULL);
	window_close(session->window);
	return NULL;
}

/* Tells the service to forget the upload; nothing depends on that it does. */
static void
forget(const char *uri)
{
	struct gcp *gcp = gcp_new(GCP_STORAGE);
	struct gcp_answer answer = {0};
	struct gcp_request request = {.method = "DELETE",
	    .target = uri,
	    .session = true,
	    .stall_seconds = 5};

	gcp_attempt(gcp, &request, &answer);
	gcp_answer_release(&answer);
	gcp_free(gcp);
}

static void
set_cancelled(struct gcs_session *session)
{
	pthread_mutex_lock(&session->lock);
	session->cancelled = true;
	pthread_mutex_unlock(&session->lock);
}

/* Ends the upload, whatever it is doing. */
static void
cancel(void *user)
{
	struct gcs_session *session = user;

	set_cancelled(session);
	pthread_mutex_lock(&session->lock);
	if (session->uri)
		forget(session->uri);
	pthread_mutex_unlock(&session->lock);
}

struct gcs_session *
gcs_session_new(struct gcp *gcp, const struct gcs_source *source,
    struct window *window, size_t chunk)
{
	struct gcs_session *session = xcalloc(1, sizeof(*session));
	int error;

	session->gcp = gcp;
	session->source = source;
	session->window = window;
	session->chunk = chunk / QUANTUM * QUANTUM;
	pthread_mutex_init(&session->lock, NULL);
	error = pthread_create(&session->thread, NULL, run, session);
	if (error)
		die(STATUS_TROUBLE, "a thread: %s", strerror(error));
	interrupt_guard(cancel, session);
	return session;
}

struct gcs_outcome *
gcs_session_wait(struct gcs_session *session)
{
	if (!session->joined) {
		pthread_join(session->thread, NULL);
		interrupt_release();
		session->joined = true;
	}
	return &session->outcome;
}

void
gcs_session_free(struct gcs_session *session)
{
	if (!session)
		return;
	/* after what it is doing now, rather than after all its repeats */
	set_cancelled(session);
	window_close(session->window);
	gcs_session_wait(session);
	cancel(session);
	pthread_mutex_destroy(&session->lock);
	gcs_outcome_release(&session->outcome);
	free(session->uri);
	free(session);
}
