/* SPDX-License-Identifier: ISC */
/*
 * gcs_download - the bytes of one generation of an object of Cloud Storage
 *
 * A download that breaks off goes on where it was, by Range, with the
 * generation that the first answer named: it never mixes two. At the end the
 * bytes, as they are stored, are compared with the service's checksums.
 * (Cloud Storage documentation, JSON API v1, "Objects: get"; "Transcoding of
 * gzip-compressed files".)
 */
#ifndef GCS_DOWNLOAD_H
#define GCS_DOWNLOAD_H

#include "gcs_object.h"

/* What to get; take() as in store.h. */
struct gcs_wanted {
	struct gcs_place place;
	int64_t generation; /* 0: the newest */
	bool raw;           /* gzip, if the object says so, is not inflated */
	int (*take)(void *user, const void *data, size_t len);
	void *user;
};

/* What the object is. {0} is valid; gcs_gotten_release() frees. */
struct gcs_gotten {
	int64_t bytes; /* as stored */
	int64_t generation;
	struct buf content_type, content_encoding;
	char crc32c[DIGEST_CRC32C_BASE64];
	struct buf reason; /* of a failure */
	enum status status;
	bool absent; /* it was that there is no such object */
};

void gcs_gotten_release(struct gcs_gotten *gotten);

/* Gets all bytes: 0, or -1 with a reason. */
int gcs_download(struct gcp *gcp, const struct gcs_wanted *wanted,
    struct gcs_gotten *gotten);

#endif
