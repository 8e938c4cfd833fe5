/* SPDX-License-Identifier: ISC */
#include "copy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json_out.h"

enum { LARGE = 1024 * 1024 }; /* so many bytes are worth a question more */

/* A put as the taker of a get: which of them failed? */
struct sink {
	struct store *store;
	int failed;
};

static int
take_into_put(void *user, const void *data, size_t len)
{
	struct sink *sink = user;

	sink->failed = store_put_write(sink->store, data, len);
	return sink->failed;
}

static int
take_into_digest(void *digest, const void *data, size_t len)
{
	digest_add(digest, data, len);
	return 0;
}

/* Hands all bytes of an object to take(). */
static int
get(struct store *store, const struct store_object *object,
    int (*take)(void *, const void *, size_t), void *user)
{
	struct store_get get = {
	    .name = object->name,
	    .generation = object->generation,
	    .take = take,
	    .user = user,
	};
	struct store_object got;

	return store_get(store, &get, &got);
}

/* The bytes and sums of an object: those that the store knows, or all. */
static int
examine(struct store *store, const struct store_object *object,
    struct digest_result *result)
{
	struct digest *digest;
	int failed;

	*result = (struct digest_result){0};
	if (object->crc32c && !object->content_encoding) {
		result->bytes = (uint64_t)object->bytes;
		snprintf(result->crc32c, sizeof(result->crc32c), "%s",
		    object->crc32c);
		return 0;
	}
	digest = digest_new();
	failed = get(store, object, take_into_digest, digest);
	digest_finish(digest, result);
	digest_free(digest);
	return failed;
}

static struct store *
fail_differs(const struct copy *copy, int64_t there, int64_t given)
{
	store_fail(copy->to, STATUS_TROUBLE, copy->name,
	    "exists with other bytes and is never overwritten: there %" PRId64
	    " bytes, given %" PRId64 " bytes",
	    there, given);
	return copy->to;
}

/* By what is known of both. */
static bool
equal(const struct digest_result *a, const struct digest_result *b)
{
	return a->bytes == b->bytes && !strcmp(a->crc32c, b->crc32c) &&
	       (!*a->sha256 || !*b->sha256 || !strcmp(a->sha256, b->sha256));
}

/* Fails unless what is there is the same. */
static struct store *
compare(const struct copy *copy, const struct store_object *there,
    struct store_receipt *receipt)
{
	const struct store_object *object = &copy->object;
	struct digest_result to, *from = &receipt->digest;

	if (!object->content_encoding && !there->content_encoding &&
	    object->bytes != there->bytes)
		return fail_differs(copy, there->bytes, object->bytes);
	if (examine(copy->to, there, &to))
		return copy->to;
	if (examine(copy->from, object, from))
		return copy->from;
	if (!equal(from, &to))
		return fail_differs(
		    copy, (int64_t)to.bytes, (int64_t)from->bytes);
	if (!*from->sha256)
		*from = to;
	receipt->existed = true;
	return NULL;
}

static struct store *
transfer(const struct copy *copy, struct store_receipt *receipt)
{
	struct store_put put = {copy->name, copy->object.content_type};
	struct sink sink = {.store = copy->to};

	if (store_put_begin(copy->to, &put))
		return copy->to;
	if (get(copy->from, &copy->object, take_into_put, &sink))
		return sink.failed ? copy->to : copy->from;
	return store_put_commit(copy->to, receipt) ? copy->to : NULL;
}

struct store *
copy_object(const struct copy *copy, struct store_receipt *receipt)
{
	struct store_object there;

	if (copy->object.bytes <= LARGE)
		return transfer(copy, receipt);
	if (!store_stat(copy->to, copy->name, &there)) {
		*receipt = (struct store_receipt){.object = there};
		receipt->object.name = there.name = copy->name;
		return compare(copy, &there, receipt);
	}
	return copy->to->absent ? transfer(copy, receipt) : copy->to;
}

/* A sum that may be unknown. */
static void
pair_sum(struct json_out *json, const char *key, const char *sum)
{
	json_pair_text(json, key, *sum ? sum : NULL);
}

/* Two members: where an object is, and its generation. */
static void
pair_place(struct json_out *json, const char *url_key,
    const char *generation_key, const struct store *store, const char *name,
    int64_t generation)
{
	struct buf url = {0}, number = {0};

	store_url(store, name, &url);
	buf_printf(&number, "%" PRId64, generation);
	json_pair_text(json, url_key, buf_text(&url));
	json_pair_text(json, generation_key, buf_text(&number));
	buf_release(&url);
	buf_release(&number);
}

void
copy_receipt_print(const struct copy *copy, const struct store_receipt *receipt,
    const char *tool, struct buf *text)
{
	struct json_out json = {.buf = text};

	json_open(&json, '{');
	pair_place(&json, "from", "from_generation", copy->from,
	    copy->object.name, copy->object.generation);
	pair_place(&json, "url", "generation", copy->to, copy->name,
	    receipt->object.generation);
	json_pair_text(&json, "name", copy->name);
	json_pair_int(&json, "bytes", receipt->object.bytes);
	pair_sum(&json, "sha256", receipt->digest.sha256);
	pair_sum(&json, "md5", receipt->digest.md5);
	pair_sum(&json, "crc32c", receipt->digest.crc32c);
	json_pair_bool(&json, "existed", receipt->existed);
	json_pair_text(&json, "tool", tool);
	json_close(&json, '}');
}
