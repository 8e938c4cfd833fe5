/* SPDX-License-Identifier: ISC */
#include "gcs_list.h"

#include <stdlib.h>
#include <string.h>

#include "http.h"

struct gcs_list {
	struct gcp *gcp;
	const char *bucket, *prefix;
	struct gcp_answer page;
	struct json *items; /* of the page; NULL: it has none */
	size_t at, count;
	struct buf token; /* of the next page */
	struct buf last;  /* the last object's name */
	bool begun;
	struct buf reason;
	enum status status;
};

struct gcs_list *
gcs_list_new(struct gcp *gcp, const char *bucket, const char *prefix)
{
	struct gcs_list *list = xcalloc(1, sizeof(*list));

	list->gcp = gcp;
	list->bucket = bucket;
	list->prefix = prefix;
	return list;
}

void
gcs_list_free(struct gcs_list *list)
{
	if (!list)
		return;
	gcp_answer_release(&list->page);
	buf_release(&list->token);
	buf_release(&list->last);
	buf_release(&list->reason);
	free(list);
}

const char *
gcs_list_error(const struct gcs_list *list, enum status *status)
{
	*status = list->status;
	return buf_text(&list->reason);
}

static int
fail(struct gcs_list *list, enum status status, const char *reason)
{
	buf_clear(&list->reason);
	buf_puts(&list->reason, reason);
	list->status = status;
	return -1;
}

/* Asks for the page of the token. */
static int
request(struct gcs_list *list)
{
	struct gcp_request get = {.method = "GET"};
	struct buf target = {0};
	int result;

	buf_puts(&target, "/storage/v1/b/");
	http_escape(slice_of(list->bucket), &target);
	buf_puts(&target,
	    "/o?maxResults=1000&fields=nextPageToken,items(" GCS_FIELDS ")");
	if (*list->prefix) {
		buf_puts(&target, "&prefix=");
		http_escape(slice_of(list->prefix), &target);
	}
	if (list->token.len) {
		buf_puts(&target, "&pageToken=");
		http_escape(buf_slice(&list->token), &target);
	}
	get.target = buf_text(&target);
	result = gcp_call(list->gcp, &get, &list->page);
	buf_release(&target);
	return result;
}

/* Turns to the next page: 1, 0 if there is none, or -1. */
static int
turn(struct gcs_list *list)
{
	struct slice token;

	if (list->begun && !list->token.len)
		return 0;
	if (request(list))
		return fail(list, list->page.exit, buf_text(&list->page.error));
	if (json_type(list->page.json) != JSON_OBJECT)
		return fail(list, STATUS_TROUBLE,
		    "the service sends something else than a list");
	list->items = json_get(list->page.json, "items");
	list->at = 0;
	list->count = json_count(list->items);
	token = json_string(json_get(list->page.json, "nextPageToken"));
	if (list->count && token.len &&
	    slice_equal(token, buf_slice(&list->token)))
		return fail(list, STATUS_TROUBLE,
		    "the service sends the same part of the list again");
	buf_clear(&list->token);
	buf_add_slice(&list->token, token);
	list->begun = true;
	return 1;
}

/* Notes the name; false if it was there before. */
static bool
is_new(struct gcs_list *list, struct slice name)
{
	if (list->last.data && slice_equal(name, buf_slice(&list->last)))
		return false;
	buf_clear(&list->last);
	buf_add_slice(&list->last, name);
	return true;
}

/* Reads an item: 0, or -1 if it is none of those that were asked for. */
static int
read_item(
    const struct gcs_list *list, struct json *item, struct gcs_object *object)
{
	size_t len = strlen(list->prefix);

	if (gcs_object_read(item, object) || !object->name.len ||
	    object->name.len < len)
		return -1;
	return memcmp(object->name.data, list->prefix, len) ? -1 : 0;
}

int
gcs_list_next(struct gcs_list *list, struct gcs_object *object)
{
	for (;;) {
		while (list->at == list->count) {
			int more = turn(list);

			if (more <= 0)
				return more;
		}
		if (read_item(list, json_at(list->items, list->at++), object))
			return fail(list, STATUS_TROUBLE,
			    "the service lists something else than was asked "
			    "for");
		if (is_new(list, object->name))
			return 1;
	}
}
