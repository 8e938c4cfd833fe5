/* SPDX-License-Identifier: ISC */
#include "store_gcs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gcs_download.h"
#include "gcs_list.h"
#include "gcs_upload.h"
#include "utf8.h"

struct store_gcs {
	struct store store; /* first, so that one is the other */
	struct gcp *gcp;
	char *bucket;
	char *prefix;     /* "", or it ends in a slash */
	const char *name; /* of the put, borrowed */
	struct buf full;  /* the name in the bucket, of what is under way */
	struct gcs_upload *upload; /* under way, or NULL */
	struct gcs_list *list;     /* under way, or NULL */
	/* what the texts of objects that were told about are borrowed from */
	struct gcp_answer told;
	struct gcs_gotten gotten;
	struct buf texts;
};

static struct store_gcs *
of(struct store *store)
{
	return (struct store_gcs *)(void *)store;
}

/* Ends what is under way, and forgets what was told. */
static void
finish(struct store_gcs *self)
{
	gcs_upload_free(self->upload);
	self->upload = NULL;
	gcs_list_free(self->list);
	self->list = NULL;
	gcp_answer_release(&self->told);
	self->told = (struct gcp_answer){0};
	gcs_gotten_release(&self->gotten);
	self->gotten = (struct gcs_gotten){0};
	buf_clear(&self->texts);
}

/* Where an object is; the place lives until the next call. */
static struct gcs_place
place_of(struct store_gcs *self, const char *name)
{
	buf_clear(&self->full);
	buf_puts(&self->full, self->prefix);
	buf_puts(&self->full, name);
	return (struct gcs_place){self->bucket, buf_text(&self->full)};
}

/* Keeps a text, with its NUL, behind the others: its offset and 1, or 0. */
static size_t
keep(struct store_gcs *self, struct slice text)
{
	size_t at = self->texts.len;

	if (!text.len)
		return 0;
	buf_add_slice(&self->texts, text);
	buf_putc(&self->texts, '\0');
	return at + 1;
}

static const char *
kept(const struct store_gcs *self, size_t at)
{
	return at ? self->texts.data + at - 1 : NULL;
}

static void
describe(struct store_gcs *self, const char *name,
    const struct gcs_object *from, struct store_object *object)
{
	size_t given, type, encoding, crc32c, sha256;

	buf_clear(&self->texts);
	given = name ? 0 : keep(self, from->name);
	type = keep(self, from->content_type);
	encoding = keep(self, from->content_encoding);
	crc32c = keep(self, from->crc32c);
	sha256 = keep(self, from->sha256);
	*object = (struct store_object){
	    .name = name ? name : kept(self, given) + strlen(self->prefix),
	    .bytes = from->bytes,
	    .generation = from->generation,
	    .created = from->created,
	    .content_type = kept(self, type),
	    .content_encoding = kept(self, encoding),
	    .crc32c = kept(self, crc32c),
	    .sha256 = kept(self, sha256),
	};
}

/* Fails as an answer says. */
static int
fail(struct store_gcs *self, const char *name, const struct gcp_answer *answer)
{
	if (name && gcs_absent(answer))
		return store_fail_absent(&self->store, name);
	return store_fail(
	    &self->store, answer->exit, name, "%s", buf_text(&answer->error));
}

static int
gcs_put_begin(struct store *store, const struct store_put *put)
{
	struct store_gcs *self = of(store);
	struct gcs_place place;

	finish(self);
	self->name = put->name;
	place = place_of(self, put->name);
	self->upload = gcs_upload_new(self->gcp, &place,
	    put->content_type ? put->content_type : "application/octet-stream");
	return 0;
}

/* Publishes what was given so far, or tells why that cannot be. */
static int
commit(struct store_gcs *self, struct store_receipt *receipt)
{
	struct gcs_uploaded uploaded = {0};
	int result =
	    gcs_upload_finish(self->upload, &receipt->digest, &uploaded);

	receipt->existed = uploaded.existed;
	if (result)
		store_fail(&self->store, uploaded.status, self->name, "%s",
		    buf_text(&uploaded.reason));
	else
		describe(self, self->name, &uploaded.object, &receipt->object);
	gcs_uploaded_release(&uploaded);
	return result;
}

static int
gcs_put_write(struct store *store, const void *data, size_t len)
{
	struct store_gcs *self = of(store);
	struct store_receipt failed = {0};

	if (!gcs_upload_add(self->upload, data, len))
		return 0;
	return commit(self, &failed);
}

static int
gcs_put_commit(struct store *store, struct store_receipt *receipt)
{
	struct store_gcs *self = of(store);
	int result = commit(self, receipt);

	gcs_upload_free(self->upload);
	self->upload = NULL;
	return result;
}

static int
gcs_get(struct store *store, const struct store_get *get,
    struct store_object *object)
{
	struct store_gcs *self = of(store);
	struct gcs_wanted wanted = {.generation = get->generation,
	    .raw = get->raw,
	    .take = get->take,
	    .user = get->user};
	struct gcs_gotten *gotten = &self->gotten;

	finish(self);
	wanted.place = place_of(self, get->name);
	if (gcs_download(self->gcp, &wanted, gotten)) {
		if (gotten->absent)
			return store_fail_absent(store, get->name);
		return store_fail(store, gotten->status, get->name, "%s",
		    buf_text(&gotten->reason));
	}
	*object = (struct store_object){.name = get->name,
	    .bytes = gotten->bytes,
	    .generation = gotten->generation,
	    .content_type = gotten->content_type.data,
	    .content_encoding = gotten->content_encoding.data,
	    .crc32c = gotten->crc32c};
	return 0;
}

/* Asks for an object's resource. */
static int
stat_object(struct store_gcs *self, const char *name, struct gcs_object *object)
{
	struct gcs_place place = place_of(self, name);

	if (gcs_stat(self->gcp, &place, &self->told))
		return fail(self, name, &self->told);
	if (gcs_object_read(self->told.json, object))
		return store_fail(&self->store, STATUS_TROUBLE, name,
		    "the service does not say what it is");
	return 0;
}

static int
gcs_stat_object(
    struct store *store, const char *name, struct store_object *object)
{
	struct store_gcs *self = of(store);
	struct gcs_object found;

	finish(self);
	if (stat_object(self, name, &found))
		return -1;
	describe(self, name, &found, object);
	return 0;
}

/* The generation was not there: says which one is. */
static int
fail_generation(struct store_gcs *self, const char *name, int64_t generation)
{
	struct gcs_object found;

	if (stat_object(self, name, &found))
		return -1;
	store_fail(&self->store, STATUS_TROUBLE, name,
	    "generation %" PRId64 " is there, not %" PRId64, found.generation,
	    generation);
	self->store.absent = true;
	return -1;
}

static int
gcs_remove_object(struct store *store, const char *name, int64_t generation)
{
	struct store_gcs *self = of(store);
	struct gcs_place place;
	struct gcs_object found;

	finish(self);
	/* named, it may be removed again if an answer is lost */
	if (!generation) {
		if (stat_object(self, name, &found))
			return -1;
		generation = found.generation;
	}
	place = place_of(self, name);
	if (!gcs_remove(self->gcp, &place, generation, &self->told))
		return 0;
	if (gcs_absent(&self->told) && self->told.attempts > 1)
		return 0;
	if (self->told.status == 404 || self->told.status == 412)
		return fail_generation(self, name, generation);
	return fail(self, name, &self->told);
}

static int
gcs_list_begin(struct store *store, const char *prefix)
{
	struct store_gcs *self = of(store);
	struct gcs_place place;

	finish(self);
	place = place_of(self, prefix);
	self->list = gcs_list_new(self->gcp, place.bucket, place.name);
	return 0;
}

/* What stands for a folder, as Google's console makes it for an empty one. */
static bool
is_folder(const struct gcs_object *object)
{
	return !object->bytes && object->name.data[object->name.len - 1] == '/';
}

static int
gcs_list_object(struct store *store, struct store_object *object)
{
	struct store_gcs *self = of(store);
	struct gcs_object found;
	enum status status;
	const char *reason;
	int more;

	do
		more = gcs_list_next(self->list, &found);
	while (more > 0 && is_folder(&found));
	if (more < 0) {
		reason = gcs_list_error(self->list, &status);
		return store_fail(store, status, NULL, "%s", reason);
	}
	if (more)
		describe(self, NULL, &found, object);
	return more;
}

static void
gcs_close(struct store *store)
{
	struct store_gcs *self = of(store);

	finish(self);
	buf_release(&self->full);
	buf_release(&self->texts);
	gcp_free(self->gcp);
	free(self->bucket);
	free(self->prefix);
	free(self);
}

static const struct store_functions functions = {
    .put_begin = gcs_put_begin,
    .put_write = gcs_put_write,
    .put_commit = gcs_put_commit,
    .get = gcs_get,
    .stat = gcs_stat_object,
    .remove = gcs_remove_object,
    .list_begin = gcs_list_begin,
    .list_next = gcs_list_object,
    .close = gcs_close,
};

struct store *
store_gcs_new(const char *location)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
	const char *bucket = location + strspn(location, "/");
	size_t len = strspn(bucket, letters);
	struct store_gcs *self;
	struct buf prefix = {0};

	if (bucket != location + 2 || !len ||
	    (bucket[len] && bucket[len] != '/') ||
	    utf8_prefix(slice_of(bucket)) < strlen(bucket))
		return NULL;
	self = xcalloc(1, sizeof(*self));
	self->store.functions = &functions;
	self->gcp = gcp_new(GCP_STORAGE);
	self->bucket = xslicedup((struct slice){bucket, len});
	if (bucket[len])
		buf_printf(&prefix, "%s/", bucket + len + 1);
	self->prefix = xstrdup(buf_text(&prefix));
	buf_release(&prefix);
	return &self->store;
}
