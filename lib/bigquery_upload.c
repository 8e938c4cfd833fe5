/* SPDX-License-Identifier: ISC */
#include "bigquery_upload.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hook.h"

/* All pieces but the last are a multiple of 256 KiB. */
enum { PIECE = 16 * 1024 * 1024, QUANTUM = 256 * 1024 };

/* What comes next, or that it is over. */
enum step { START, SEND, ASK, PAUSE, ANSWERED, FAILED };

struct upload {
	struct bigquery *bigquery;
	const struct bigquery_start *start;
	struct gcp_answer *answer;
	char *uri; /* a secret: who has it can write; or NULL */
	char *piece;
	size_t size;  /* of a piece */
	int64_t at;   /* the next byte to send */
	int64_t best; /* the most that was acknowledged */
};

int
bigquery_upload_read(struct bigquery *bigquery,
    const struct bigquery_start *start, char *data, size_t size, int64_t offset)
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

static enum step
fail(struct upload *upload, enum status status, const char *reason)
{
	warehouse_fail(&upload->bigquery->warehouse, status, "%s: %s",
	    upload->start->what, reason);
	return FAILED;
}

static void
set_uri(struct upload *upload, const char *uri)
{
	free(upload->uri);
	upload->uri = uri ? xstrdup(uri) : NULL;
	upload->at = 0;
}

/* Asks for a session. */
static enum step
begin(struct upload *upload)
{
	static const char *const headers[] = {
	    "X-Upload-Content-Type: application/octet-stream"};
	struct buf target = {0};
	struct gcp_request request = {.method = "POST",
	    .content_type = "application/json; charset=UTF-8",
	    .headers = headers,
	    .nheaders = 1,
	    .body = &upload->start->resource,
	    .nbody = 1};
	struct gcp *gcp = upload->bigquery->gcp;
	int result;

	set_uri(upload, NULL);
	buf_printf(&target,
	    "/upload/bigquery/v2/projects/%s/jobs?uploadType=resumable",
	    upload->bigquery->project);
	request.target = buf_text(&target);
	result = gcp_attempt(gcp, &request, upload->answer);
	buf_release(&target);
	if (result)
		return upload->answer->class == HTTP_TEMPORARY ? PAUSE
							       : ANSWERED;
	if (!gcp_header(gcp, "Location"))
		return fail(upload, STATUS_TROUBLE,
		    "the service began an upload and did not say where");
	set_uri(upload, gcp_header(gcp, "Location"));
	return SEND;
}

/* Goes on where the service says in a 308. */
static enum step
go_on(struct upload *upload, int64_t sent, bool asked)
{
	struct gcp *gcp = upload->bigquery->gcp;
	int64_t next = gcp_stored(gcp);
	bool moved;

	/* all can be sent again, so what it says wrong is that it has none */
	if (next < 0)
		next = 0;
	if (next > sent || next > upload->start->bytes)
		return fail(upload, STATUS_TROUBLE,
		    "the service claims bytes that were never sent");
	moved = next > upload->at;
	upload->at = next;
	if (next > upload->best) {
		upload->best = next;
		gcp_progress(gcp);
	}
	return moved || asked ? SEND : PAUSE;
}

/* What follows the answer to a PUT, after which so many bytes were sent. */
static enum step
judge(struct upload *upload, int64_t sent, bool asked)
{
	switch (upload->answer->status) {
	case 308:
		return go_on(upload, sent, asked);
	case 404:
	case 410:
		set_uri(upload, NULL);
		return PAUSE;
	default:
		return upload->answer->class == HTTP_TEMPORARY ? PAUSE
							       : ANSWERED;
	}
}

/* Sends a piece, or nothing to ask how much there is. */
static void
put(struct upload *upload, const char *range, struct slice piece)
{
	struct buf line = {0};
	const char *header;
	struct gcp_request request = {.method = "PUT",
	    .target = upload->uri,
	    .session = true,
	    .content_type = "application/octet-stream",
	    .headers = &header,
	    .nheaders = 1,
	    .body = &piece,
	    .nbody = piece.len ? 1 : 0};

	buf_printf(&line, "Content-Range: bytes %s/%" PRId64, range,
	    upload->start->bytes);
	header = buf_text(&line);
	gcp_attempt(upload->bigquery->gcp, &request, upload->answer);
	buf_release(&line);
}

static enum step
send_piece(struct upload *upload)
{
	int64_t left = upload->start->bytes - upload->at;
	size_t len = left < (int64_t)upload->size ? (size_t)left : upload->size;
	int64_t end = upload->at + (int64_t)len;
	char range[64];

	if (!len)
		return ASK;
	if (bigquery_upload_read(upload->bigquery, upload->start, upload->piece,
		len, upload->at))
		return FAILED;
	snprintf(
	    range, sizeof(range), "%" PRId64 "-%" PRId64, upload->at, end - 1);
	put(upload, range, (struct slice){upload->piece, len});
	return judge(upload, end, false);
}

static enum step
ask(struct upload *upload)
{
	put(upload, "*", (struct slice){0});
	return judge(upload, upload->start->bytes, true);
}

static enum step
rest(struct upload *upload)
{
	if (!gcp_pause(upload->bigquery->gcp, upload->answer)) {
		bigquery_fail(
		    upload->bigquery, upload->start->what, upload->answer);
		return FAILED;
	}
	return upload->uri ? ASK : START;
}

static enum step
take_step(struct upload *upload, enum step step)
{
	switch (step) {
	case START:
		return begin(upload);
	case SEND:
		return send_piece(upload);
	case ASK:
		return ask(upload);
	default:
		return rest(upload);
	}
}

int
bigquery_upload(struct bigquery *bigquery, const struct bigquery_start *start,
    struct gcp_answer *answer)
{
	struct upload upload = {.bigquery = bigquery,
	    .start = start,
	    .answer = answer,
	    .size = hook_size("SLUICE_TEST_PIECE", PIECE) / QUANTUM * QUANTUM};
	enum step step = START;

	upload.piece = xmalloc(upload.size);
	gcp_begin(bigquery->gcp);
	while (step < ANSWERED)
		step = take_step(&upload, step);
	free(upload.piece);
	free(upload.uri);
	return step == FAILED ? -1 : 0;
}
