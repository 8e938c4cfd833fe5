/* SPDX-License-Identifier: ISC */
#include "gcs_object.h"

#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "http.h"
#include "num.h"

int
gcs_number(struct slice text, int64_t *number)
{
	return num_int64(text, number) || *number < 0 ? -1 : 0;
}

static struct slice
member(struct json *json, const char *key)
{
	return json_string(json_get(json, key));
}

int
gcs_object_read(struct json *json, struct gcs_object *object)
{
	struct json *metadata = json_get(json, "metadata");

	*object = (struct gcs_object){
	    .name = member(json, "name"),
	    .crc32c = member(json, "crc32c"),
	    .md5 = member(json, "md5Hash"),
	    .content_type = member(json, "contentType"),
	    .content_encoding = member(json, "contentEncoding"),
	    .sha256 = member(metadata, GCS_SHA256),
	    .upload = member(metadata, GCS_UPLOAD),
	};
	if (clock_parse(member(json, "timeCreated"), &object->created))
		object->created = 0;
	if (!object->crc32c.len)
		return -1;
	if (gcs_number(member(json, "size"), &object->bytes))
		return -1;
	return gcs_number(member(json, "generation"), &object->generation);
}

void
gcs_target(const struct gcs_place *place, struct buf *target)
{
	buf_puts(target, "/storage/v1/b/");
	http_escape(slice_of(place->bucket), target);
	buf_puts(target, "/o/");
	http_escape(slice_of(place->name), target);
}

int
gcs_stat(
    struct gcp *gcp, const struct gcs_place *place, struct gcp_answer *answer)
{
	struct gcp_request request = {.method = "GET"};
	struct buf target = {0};
	int result;

	gcs_target(place, &target);
	buf_puts(&target, "?fields=" GCS_FIELDS);
	request.target = buf_text(&target);
	result = gcp_call(gcp, &request, answer);
	buf_release(&target);
	return result;
}

bool
gcs_absent(const struct gcp_answer *answer)
{
	/* both are a 404 of the reason notFound */
	return answer->status == 404 &&
	       !strstr(buf_text(&answer->error), "bucket does not exist");
}

int
gcs_remove(struct gcp *gcp, const struct gcs_place *place, int64_t generation,
    struct gcp_answer *answer)
{
	struct gcp_request request = {.method = "DELETE"};
	struct buf target = {0};
	int result;

	gcs_target(place, &target);
	buf_printf(&target,
	    "?generation=%" PRId64 "&ifGenerationMatch=%" PRId64, generation,
	    generation);
	request.target = buf_text(&target);
	result = gcp_call(gcp, &request, answer);
	buf_release(&target);
	return result;
}

/* True if a checksum is the one wanted, or there is none. */
static bool
agrees(struct slice sum, const char *want)
{
	return !sum.len || slice_equal(sum, slice_of(want));
}

bool
gcs_object_holds(
    const struct gcs_object *object, const struct digest_result *digest)
{
	return (uint64_t)object->bytes == digest->bytes &&
	       slice_equal(object->crc32c, slice_of(digest->crc32c)) &&
	       agrees(object->md5, digest->md5) &&
	       agrees(object->sha256, digest->sha256);
}

void
gcs_object_differ(const struct gcs_object *object,
    const struct digest_result *digest, struct buf *text)
{
	const char *kind = "crc32c", *given = digest->crc32c;
	struct slice there = object->crc32c;

	if (object->sha256.len) {
		kind = "sha256";
		given = digest->sha256;
		there = object->sha256;
	} else if (object->md5.len) {
		kind = "md5";
		given = digest->md5;
		there = object->md5;
	}
	buf_printf(text,
	    "there %" PRId64 " bytes, %s %.*s; given %" PRIu64 " bytes, %s %s",
	    object->bytes, kind, (int)there.len, there.data, digest->bytes,
	    kind, given);
}
