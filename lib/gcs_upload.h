/* SPDX-License-Identifier: ISC */
/*
 * gcs_upload - bytes of unknown number become an object of Cloud Storage
 *
 * Up to 8 MiB go in one request, a multipart upload that the service takes
 * whole or not at all, with their checksums; more go as in gcs_session.h,
 * while they come. Whatever the answer, an object is reported only after its
 * size and checksums were compared; one with others is removed again.
 *
 * No object is overwritten. If there is one, it may be that of this very
 * upload, whose answer was lost: its metadata tell.
 *
 * Memory is constant, two chunks of 8 MiB.
 */
#ifndef GCS_UPLOAD_H
#define GCS_UPLOAD_H

#include "gcs_object.h"

struct gcs_upload;

/* What came of an upload. {0} is valid; gcs_uploaded_release() frees. */
struct gcs_uploaded {
	struct gcs_object object; /* borrowed from the answer */
	bool existed;             /* it was there, with the same bytes */
	struct gcp_answer answer;
	struct buf reason; /* of a failure */
	enum status status;
};

void gcs_uploaded_release(struct gcs_uploaded *uploaded);

/*
 * An upload to a place, whose texts have to live on. The gcp is the upload's
 * until it is freed; one that is not finished leaves nothing.
 */
struct gcs_upload *gcs_upload_new(
    struct gcp *gcp, const struct gcs_place *place, const char *content_type);
void gcs_upload_free(struct gcs_upload *upload);

/* Takes more bytes: 0, or -1 if it failed; gcs_upload_finish() says why. */
int gcs_upload_add(struct gcs_upload *upload, const void *data, size_t len);

/* Publishes all bytes, which came to digest: 0, or -1 with a reason. */
int gcs_upload_finish(struct gcs_upload *upload,
    const struct digest_result *digest, struct gcs_uploaded *uploaded);

#endif
