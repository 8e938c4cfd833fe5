/* SPDX-License-Identifier: ISC */
#include "gcs_upload.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gcs_session.h"
#include "hook.h"
#include "io.h"
#include "uuid.h"

enum { CHUNK = 8 * 1024 * 1024 };

struct gcs_upload {
	struct gcp *gcp;
	struct gcs_source source;
	char nonce[UUID_SIZE];
	size_t chunk;
	struct window *window;
	struct gcs_session *session; /* NULL: it is not too long for one go */
	struct digest_result digest;
};

void
gcs_uploaded_release(struct gcs_uploaded *uploaded)
{
	gcp_answer_release(&uploaded->answer);
	buf_release(&uploaded->reason);
}

struct gcs_upload *
gcs_upload_new(
    struct gcp *gcp, const struct gcs_place *place, const char *content_type)
{
	struct gcs_upload *upload = xcalloc(1, sizeof(*upload));

	upload->gcp = gcp;
	uuid_make(upload->nonce);
	upload->source = (struct gcs_source){.place = *place,
	    .content_type = content_type,
	    .upload = upload->nonce,
	    .digest = &upload->digest};
	upload->chunk = hook_size("SLUICE_TEST_CHUNK", CHUNK);
	upload->window = window_new(2 * upload->chunk);
	return upload;
}

void
gcs_upload_free(struct gcs_upload *upload)
{
	if (!upload)
		return;
	gcs_session_free(upload->session);
	window_free(upload->window);
	free(upload);
}

/* At most a chunk, for which there is room before there is a session. */
static int
add_piece(struct gcs_upload *upload, const void *data, size_t len)
{
	/* no more is wanted: it failed, or there is such an object already */
	if (window_add(upload->window, data, len))
		return gcs_session_wait(upload->session)->end == GCS_FAILED ? -1
									    : 0;
	if (!upload->session &&
	    window_added(upload->window, NULL) > upload->chunk)
		upload->session = gcs_session_new(upload->gcp, &upload->source,
		    upload->window, upload->chunk);
	return 0;
}

int
gcs_upload_add(struct gcs_upload *upload, const void *data, size_t len)
{
	const char *from = data;

	while (len) {
		size_t n = len < upload->chunk ? len : upload->chunk;

		if (add_piece(upload, from, n))
			return -1;
		from += n;
		len -= n;
	}
	return 0;
}

static int
fail(struct gcs_uploaded *uploaded, enum status status, const char *reason)
{
	buf_puts(&uploaded->reason, reason);
	uploaded->status = status;
	return -1;
}

/* Sends all bytes in one request. */
static enum gcs_end
send_at_once(struct gcs_upload *upload, struct gcs_outcome *outcome)
{
	struct buf target = {0}, type = {0}, head = {0}, tail = {0};
	size_t len = (size_t)window_added(upload->window, NULL);
	struct slice pieces[4];
	struct gcp_request request = {.method = "POST", .body = pieces};
	size_t n;

	gcs_source_target(&upload->source, "multipart", &target);
	buf_printf(&type, "multipart/related; boundary=%s", upload->nonce);
	buf_printf(&head,
	    "--%s\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n",
	    upload->nonce);
	gcs_source_resource(&upload->source, &upload->digest, &head);
	buf_printf(&head, "\r\n--%s\r\nContent-Type: %s\r\n\r\n", upload->nonce,
	    upload->source.content_type);
	buf_printf(&tail, "\r\n--%s--\r\n", upload->nonce);
	pieces[0] = buf_slice(&head);
	n = window_pieces(upload->window, 0, len, pieces + 1);
	pieces[n + 1] = buf_slice(&tail);
	request.target = buf_text(&target);
	request.content_type = buf_text(&type);
	request.nbody = n + 2;
	outcome->end = GCS_STORED;
	if (gcp_call(upload->gcp, &request, &outcome->answer))
		outcome->end = outcome->answer.status == 412
				   ? GCS_EXISTS
				   : gcs_outcome_refused(outcome);
	buf_release(&target);
	buf_release(&type);
	buf_release(&head);
	buf_release(&tail);
	return outcome->end;
}

/* True if the object is this upload's own. */
static bool
own(const struct gcs_upload *upload, const struct gcs_object *object)
{
	return slice_equal(object->upload, slice_of(upload->nonce));
}

/* Removes the object, which is ours and wrong, and fails. */
static int
take_back(struct gcs_upload *upload, struct gcs_uploaded *uploaded)
{
	struct gcp_answer answer = {0};
	int64_t generation = uploaded->object.generation;

	buf_puts(
	    &uploaded->reason, "the service did not store what was sent: ");
	gcs_object_differ(
	    &uploaded->object, &upload->digest, &uploaded->reason);
	if (gcs_remove(upload->gcp, &upload->source.place, generation, &answer))
		buf_printf(&uploaded->reason,
		    "; generation %" PRId64
		    " is there, it cannot be removed: %s",
		    generation, buf_text(&answer.error));
	else
		buf_printf(&uploaded->reason,
		    "; generation %" PRId64 " was removed", generation);
	gcp_answer_release(&answer);
	uploaded->status = STATUS_TROUBLE;
	return -1;
}

/* Success for our own object, if it holds the bytes. */
static int
verify(struct gcs_upload *upload, struct gcs_uploaded *uploaded)
{
	if (gcs_object_holds(&uploaded->object, &upload->digest))
		return 0;
	return take_back(upload, uploaded);
}

/* There is an object: ours, one like it, or another one. */
static int
compare(struct gcs_upload *upload, struct gcs_uploaded *uploaded)
{
	if (own(upload, &uploaded->object))
		return verify(upload, uploaded);
	uploaded->existed = true;
	if (gcs_object_holds(&uploaded->object, &upload->digest))
		return 0;
	buf_puts(&uploaded->reason,
	    "exists with other bytes and is never overwritten: ");
	gcs_object_differ(
	    &uploaded->object, &upload->digest, &uploaded->reason);
	uploaded->status = STATUS_TROUBLE;
	return -1;
}

/* Asks which object is there, if one is. */
static int
look(struct gcs_upload *upload, bool exists, struct gcs_uploaded *uploaded)
{
	struct gcp_answer *answer = &uploaded->answer;

	if (gcs_stat(upload->gcp, &upload->source.place, answer)) {
		if (answer->status == 404)
			return fail(uploaded, STATUS_TEMPORARY,
			    "an object of this name came and went meanwhile; "
			    "the same command may be run again");
		buf_puts(&uploaded->reason,
		    exists ? "there is such an object, which cannot be "
			     "compared: "
			   : "it may be there: ");
		return fail(uploaded, answer->exit, buf_text(&answer->error));
	}
	if (gcs_object_read(answer->json, &uploaded->object))
		return fail(uploaded, STATUS_TEMPORARY,
		    "it may be there: the service does not say what it has");
	return compare(upload, uploaded);
}

int
gcs_upload_finish(struct gcs_upload *upload, const struct digest_result *digest,
    struct gcs_uploaded *uploaded)
{
	struct gcs_outcome at_once = {0}, *outcome = &at_once;
	int result;

	upload->digest = *digest;
	window_end(upload->window);
	if (upload->session)
		outcome = gcs_session_wait(upload->session);
	else
		send_at_once(upload, outcome);
	uploaded->answer = outcome->answer;
	outcome->answer = (struct gcp_answer){0};
	if (outcome->end == GCS_FAILED)
		result =
		    fail(uploaded, outcome->status, buf_text(&outcome->reason));
	else if (outcome->end == GCS_STORED &&
		 !gcs_object_read(uploaded->answer.json, &uploaded->object))
		result = verify(upload, uploaded);
	else
		result = look(upload, outcome->end == GCS_EXISTS, uploaded);
	gcs_outcome_release(&at_once);
	return result;
}
