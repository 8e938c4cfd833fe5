/* SPDX-License-Identifier: ISC */
/*
 * gcs_object - objects of Cloud Storage: where they are and what they say
 *
 * The JSON API's object resource (Cloud Storage documentation, JSON API v1,
 * "Objects"). Its 64-bit integers are strings, and stay exact.
 */
#ifndef GCS_OBJECT_H
#define GCS_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "digest.h"
#include "gcp.h"
#include "json.h"

/* An object's place; both borrowed. */
struct gcs_place {
	const char *bucket;
	const char *name; /* with the store's prefix */
};

/* Members that a store wants; all texts are "" where there are none. */
#define GCS_FIELDS \
	"name,size,generation,crc32c,md5Hash,timeCreated,contentType," \
	"contentEncoding,metadata"

/* An object's resource; texts are borrowed from its JSON. */
struct gcs_object {
	struct slice name;
	int64_t bytes;
	int64_t generation;
	int64_t created; /* as in clock.h */
	struct slice crc32c, md5, content_type, content_encoding;
	struct slice sha256, upload; /* of its metadata: as GCS_SHA256 below */
};

/*
 * Keys of the metadata that a put adds: the SHA-256 of the bytes, if it is
 * known before they are sent, and a random text by which a put knows an
 * object for its own.
 */
#define GCS_SHA256 "sha256"
#define GCS_UPLOAD "x-upload-id"

/*
 * Reads a resource: 0, or -1 if it is none, with at least generation, size
 * and CRC-32C.
 */
int gcs_object_read(struct json *json, struct gcs_object *object);

/* A whole number in decimal digits: 0, or -1. */
int gcs_number(struct slice text, int64_t *number);

/* Appends "/storage/v1/b/BUCKET/o/NAME". */
void gcs_target(const struct gcs_place *place, struct buf *target);

/* Asks for an object's resource, as gcp_call() does. */
int gcs_stat(
    struct gcp *gcp, const struct gcs_place *place, struct gcp_answer *answer);

/* True if an answer says that there is no such object, in a bucket that is. */
bool gcs_absent(const struct gcp_answer *answer);

/* Removes exactly this generation, as gcp_call() does. */
int gcs_remove(struct gcp *gcp, const struct gcs_place *place,
    int64_t generation, struct gcp_answer *answer);

/* True if the object holds the bytes that came to this. */
bool gcs_object_holds(
    const struct gcs_object *object, const struct digest_result *digest);

/*
 * Appends in what the object and those bytes differ, for people: "there 4
 * bytes, sha256 ...; given 5 bytes, sha256 ...".
 */
void gcs_object_differ(const struct gcs_object *object,
    const struct digest_result *digest, struct buf *text);

#endif
