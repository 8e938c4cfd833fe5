/* SPDX-License-Identifier: ISC */
#include "store.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "store_dir.h"
#include "store_gcs.h"
#include "utf8.h"

enum { NAME_LIMIT = 1024 };

static bool
starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

struct store *
store_open(const char *location, struct buf *reason)
{
	size_t len = strlen(location);
	struct store *store = NULL;

	char *trimmed;

	while (len && location[len - 1] == '/')
		len--;
	trimmed = xslicedup((struct slice){location, len});
	if (starts_with(location, "gs://"))
		store = store_gcs_new(trimmed + strlen("gs:"));
	else if (starts_with(location, "file:") && location[strlen("file:")])
		store = store_dir_new(location + strlen("file:"));
	if (!store) {
		free(trimmed);
		buf_printf(reason,
		    "'%s': not a location like file:DIR or gs://BUCKET",
		    location);
		return NULL;
	}
	store->location = trimmed;
	return store;
}

struct store *
store_option(const char *location)
{
	struct buf reason = {0};
	struct store *store;

	if (!location)
		location = getenv("SLUICE_STORE");
	if (!location || !*location)
		die(STATUS_TROUBLE,
		    "no store: set SLUICE_STORE or -s to a location like "
		    "file:DIR or gs://BUCKET");
	store = store_open(location, &reason);
	if (!store)
		die(STATUS_TROUBLE, "%s", buf_text(&reason));
	return store;
}

void
store_close(struct store *store)
{
	char *location = store->location;

	digest_free(store->digest);
	buf_release(&store->reason);
	store->functions->close(store);
	free(location);
}

void
store_die(struct store *store)
{
	char *reason = xstrdup(buf_text(&store->reason));
	enum status status = store->status;

	store_close(store);
	die(status, "%s", reason);
}

void
store_url(const struct store *store, const char *name, struct buf *url)
{
	buf_printf(url, "%s/%s", store->location, name);
}

int
store_fail(struct store *store, enum status status, const char *name,
    const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	buf_clear(&store->reason);
	if (name)
		store_url(store, name, &store->reason);
	else
		buf_puts(&store->reason, store->location);
	buf_printf(&store->reason, ": %s", text);
	store->status = status;
	store->absent = false;
	return -1;
}

int
store_fail_absent(struct store *store, const char *name)
{
	store_fail(store, STATUS_TROUBLE, name, "no such object");
	store->absent = true;
	return -1;
}

/* What is wrong with the parts between the slashes, or NULL. */
static const char *
parts_wrong(const char *name)
{
	for (;;) {
		size_t len = strcspn(name, "/");

		if (len == 0)
			return "an empty part in the name";
		if (name[0] == '.' &&
		    (len == 1 || (len == 2 && name[1] == '.')))
			return "'.' or '..' as a part of the name";
		if (!name[len])
			return NULL;
		name += len + 1;
	}
}

/* What is wrong with a name, or NULL. */
static const char *
name_wrong(const char *name)
{
	struct slice text = slice_of(name);

	if (text.len > NAME_LIMIT)
		return "a name of more than 1024 bytes";
	if (utf8_prefix(text) < text.len)
		return "a name that is not UTF-8";
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
			return "a control byte in the name";
	}
	if (starts_with(name, ".well-known/acme-challenge/"))
		return "a name that Cloud Storage does not take";
	return parts_wrong(name);
}

/* 0, or -1 for a name that no object has. */
static int
check_name(struct store *store, const char *name)
{
	const char *wrong = name_wrong(name);

	return wrong ? store_fail(store, STATUS_TROUBLE, name, "%s", wrong) : 0;
}

int
store_put_begin(struct store *store, const struct store_put *put)
{
	if (check_name(store, put->name) ||
	    store->functions->put_begin(store, put))
		return -1;
	store->digest = digest_new();
	return 0;
}

int
store_put_write(struct store *store, const void *data, size_t len)
{
	digest_add(store->digest, data, len);
	return store->functions->put_write(store, data, len);
}

int
store_put_commit(struct store *store, struct store_receipt *receipt)
{
	*receipt = (struct store_receipt){0};
	digest_finish(store->digest, &receipt->digest);
	digest_free(store->digest);
	store->digest = NULL;
	return store->functions->put_commit(store, receipt);
}

void
store_receipt_print(const struct store *store,
    const struct store_receipt *receipt, const char *created_at,
    const char *tool, struct buf *text)
{
	struct json_out json = {.buf = text};
	struct buf url = {0}, generation = {0};

	store_url(store, receipt->object.name, &url);
	buf_printf(&generation, "%" PRId64, receipt->object.generation);
	json_open(&json, '{');
	json_pair_text(&json, "url", buf_text(&url));
	json_pair_text(&json, "name", receipt->object.name);
	json_pair_text(&json, "generation", buf_text(&generation));
	json_pair_int(&json, "bytes", receipt->object.bytes);
	json_pair_text(&json, "sha256", receipt->digest.sha256);
	json_pair_text(&json, "md5", receipt->digest.md5);
	json_pair_text(&json, "crc32c", receipt->digest.crc32c);
	json_pair_text(&json, "created_at", created_at);
	json_pair_bool(&json, "existed", receipt->existed);
	json_pair_text(&json, "tool", tool);
	json_close(&json, '}');
	buf_release(&url);
	buf_release(&generation);
}

int
store_get(struct store *store, const struct store_get *get,
    struct store_object *object)
{
	*object = (struct store_object){0};
	if (check_name(store, get->name))
		return -1;
	return store->functions->get(store, get, object);
}

int
store_stat(struct store *store, const char *name, struct store_object *object)
{
	*object = (struct store_object){0};
	if (check_name(store, name))
		return -1;
	return store->functions->stat(store, name, object);
}

int
store_remove(struct store *store, const char *name, int64_t generation)
{
	if (check_name(store, name))
		return -1;
	return store->functions->remove(store, name, generation);
}

int
store_list_begin(struct store *store, const char *prefix)
{
	return store->functions->list_begin(store, prefix);
}

int
store_list_next(struct store *store, struct store_object *object)
{
	*object = (struct store_object){0};
	return store->functions->list_next(store, object);
}
