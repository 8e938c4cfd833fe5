/* SPDX-License-Identifier: ISC */
/*
 * gcs_session - a resumable upload to Cloud Storage (JSON API)
 *
 * The bytes of a window go out in chunks while more are added to it, in a
 * thread of its own, so that reading and sending overlap. After an error the
 * service is asked how much it has, and what it lacks is sent again. A session
 * that the service forgot is begun anew if the window still holds all bytes.
 * (Cloud Storage documentation, "Resumable uploads" and "Perform resumable
 * uploads".)
 *
 * The object becomes visible with the last byte, which is sent only when the
 * window is ended; it is never written over another one.
 */
#ifndef GCS_SESSION_H
#define GCS_SESSION_H

#include "gcs_object.h"
#include "window.h"

/* What is uploaded; all borrowed. */
struct gcs_source {
	struct gcs_place place;
	const char *content_type;
	const char *upload; /* GCS_UPLOAD of its metadata */
	/* of all bytes; valid from the window's end on */
	const struct digest_result *digest;
};

/* How an upload ended. */
enum gcs_end {
	GCS_STORED, /* the answer has the object's resource, not checked yet */
	GCS_EXISTS, /* there is an object of that name; maybe this upload's */
	GCS_FAILED, /* see reason and status */
};

/* {0} is valid; gcs_outcome_release() frees. */
struct gcs_outcome {
	enum gcs_end end;
	struct gcp_answer answer;
	struct buf reason;
	enum status status;
};

void gcs_outcome_release(struct gcs_outcome *outcome);

/* GCS_FAILED for the answer's reason. Returns GCS_FAILED. */
enum gcs_end gcs_outcome_refused(struct gcs_outcome *outcome);

/* Appends the resource of the object to be, with its checksums if known. */
void gcs_source_resource(const struct gcs_source *source,
    const struct digest_result *digest, struct buf *json);

/* Appends the target of an insertion: uploadType=KIND, create only. */
void gcs_source_target(
    const struct gcs_source *source, const char *kind, struct buf *target);

struct gcs_session;

/*
 * Begins to send what the window holds and will hold. The gcp is the
 * session's until it is freed. An error closes the window.
 */
struct gcs_session *gcs_session_new(struct gcp *gcp,
    const struct gcs_source *source, struct window *window, size_t chunk);

/* Waits for the session's end and says what it was; borrowed. */
struct gcs_outcome *gcs_session_wait(struct gcs_session *session);

/*
 * Ends and frees the session; one that is not complete is cancelled. NULL is
 * allowed.
 */
void gcs_session_free(struct gcs_session *session);

#endif
