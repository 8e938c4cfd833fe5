/* SPDX-License-Identifier: ISC */
#include "load_objects.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "place.h"
#include "scratch.h"
#include "store.h"

enum { HEADER_LIMIT = 1024 * 1024 };

struct object {
	struct place place;
	int64_t generation, bytes;
	char crc32c[DIGEST_CRC32C_BASE64];
};

struct objects {
	struct object *items;
	size_t count;
	struct warehouse *warehouse;
	const struct load_request *request;
	struct cols columns;
	struct buf header; /* of all */
};

static struct store *
open_store(const struct object *object)
{
	struct buf reason = {0};
	struct store *store = store_open(object->place.location, &reason);

	if (!store)
		die(STATUS_TROUBLE, "%s", buf_text(&reason));
	return store;
}

/* Learns which generation there is. */
static void
look(struct object *object)
{
	struct store *store = open_store(object);
	struct store_object found;

	if (store_stat(store, object->place.name, &found))
		store_die(store);
	object->generation = found.generation;
	object->bytes = found.bytes;
	snprintf(object->crc32c, sizeof(object->crc32c), "%s",
	    found.crc32c ? found.crc32c : "");
	store_close(store);
}

static void
open_objects(struct objects *objects, char *const *urls)
{
	struct buf reason = {0};

	objects->items = xcalloc(objects->count, sizeof(*objects->items));
	for (size_t i = 0; i < objects->count; i++) {
		struct object *object = &objects->items[i];

		if (place_parse(&object->place, urls[i], &reason))
			die(STATUS_TROUBLE, "%s", buf_text(&reason));
		if (object->place.folder)
			die(STATUS_TROUBLE, "%s: a folder, not an object",
			    urls[i]);
	}
}

static void
release(struct objects *objects)
{
	for (size_t i = 0; i < objects->count; i++)
		place_release(&objects->items[i].place);
	free(objects->items);
	cols_release(&objects->columns);
	buf_release(&objects->header);
}

struct line {
	struct buf *text;
	bool ended;
};

/* Takes bytes until there is a whole first line. */
static int
take_line(void *user, const void *data, size_t len)
{
	struct line *line = user;
	const char *end = memchr(data, '\n', len);

	buf_add(
	    line->text, data, end ? (size_t)(end - (const char *)data) : len);
	line->ended = end;
	return end || buf_failed(line->text);
}

/* Reads the first line of an object, without its end and a byte order mark. */
static void
read_header(const struct object *object, struct buf *line)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct store *store = open_store(object);
	struct store_object found;
	struct line first = {.text = line};
	struct store_get get = {
	    .name = object->place.name,
	    .generation = object->generation,
	    .take = take_line,
	    .user = &first,
	};
	int result;

	line->limit = HEADER_LIMIT;
	result = store_get(store, &get, &found);
	if (buf_failed(line))
		die(STATUS_TROUBLE, "%s: line 1: longer than %d bytes",
		    object->place.url, HEADER_LIMIT);
	/* taking no more is how a get ends that has what it wants */
	if (result && !first.ended)
		store_die(store);
	store_close(store);
	if (line->len >= 3 && !memcmp(line->data, mark, 3)) {
		memmove(line->data, line->data + 3, line->len - 3);
		line->len -= 3;
	}
	if (line->len && line->data[line->len - 1] == '\r')
		line->data[--line->len] = '\0';
	if (!line->len)
		die(STATUS_TROUBLE, "%s: empty, without a header",
		    object->place.url);
}

/* Takes the first object's header, and wants it of all others. */
static void
take_header(
    struct objects *objects, const struct object *object, struct slice header)
{
	const char *reason;

	if (!objects->header.len) {
		buf_add_slice(&objects->header, header);
		if (cols_from_list(
			&objects->columns, buf_text(&objects->header), &reason))
			die(STATUS_TROUBLE, "%s: line 1: %s", object->place.url,
			    reason);
	} else if (!slice_equal(buf_slice(&objects->header), header)) {
		die(STATUS_TROUBLE, "%s: its header is not that of %s",
		    object->place.url, objects->items[0].place.url);
	}
}

/* The request's source, or all URLs. */
static void
put_source(const struct objects *objects, struct buf *source)
{
	if (objects->request->source) {
		buf_puts(source, objects->request->source);
		return;
	}
	for (size_t i = 0; i < objects->count; i++)
		buf_printf(
		    source, "%s%s", i ? " " : "", objects->items[i].place.url);
}

static int
by_url(const void *a, const void *b)
{
	const struct object *one = a, *other = b;

	return strcmp(one->place.url, other->place.url);
}

/* Tells whether each object is still the one that it was. */
static int
check(void *user, struct buf *reason)
{
	struct objects *objects = user;

	for (size_t i = 0; i < objects->count; i++) {
		struct object now = objects->items[i];

		look(&now);
		if (now.generation == objects->items[i].generation)
			continue;
		buf_printf(
		    reason, "%s: changed while it was loaded", now.place.url);
		return -1;
	}
	return 0;
}

/* Has the warehouse take the objects. */
static void
hand_over(struct objects *objects, const struct load_request *request,
    struct buf *text)
{
	struct warehouse_objects handed = {.check = check, .user = objects};
	struct load *load;
	struct buf line = {0}, content = {0};

	qsort(objects->items, objects->count, sizeof(*objects->items), by_url);
	handed.urls = xcalloc(objects->count, sizeof(*handed.urls));
	handed.count = objects->count;
	for (size_t i = 0; i < objects->count; i++) {
		struct object *object = &objects->items[i];

		look(object);
		buf_clear(&line);
		read_header(object, &line);
		take_header(objects, object, buf_slice(&line));
		handed.urls[i] = object->place.url;
		handed.bytes += object->bytes;
		buf_printf(&content, "%s %" PRId64 " %s\n", object->place.url,
		    object->generation, object->crc32c);
	}
	load = load_begin(objects->warehouse, request, &objects->columns,
	    buf_slice(&objects->header));
	if (!load || load_objects(load, &handed, buf_slice(&content)) ||
	    load_commit(load, text))
		warehouse_die(objects->warehouse);
	load_free(load);
	free(handed.urls);
	buf_release(&line);
	buf_release(&content);
}

static int
take_bytes(void *user, const void *data, size_t len)
{
	return io_write(*(int *)user, data, len);
}

/* Copies an object to a temporary file, verified; the caller closes it. */
static int
fetch(const struct object *object)
{
	struct store *store = open_store(object);
	struct store_object found;
	int fd = scratch_file();
	struct store_get get = {
	    .name = object->place.name,
	    .take = take_bytes,
	    .user = &fd,
	};

	if (fd < 0)
		die(STATUS_TROUBLE, "%s: %s", scratch_folder(),
		    strerror(errno));
	if (store_get(store, &get, &found))
		store_die(store);
	store_close(store);
	if (lseek(fd, 0, SEEK_SET) < 0)
		die(STATUS_TROUBLE, "%s: %s", scratch_folder(),
		    strerror(errno));
	return fd;
}

/* Adds the rows of an object; the first one begins the load. */
static struct load *
add_rows(struct objects *objects, const struct load_request *request,
    struct load *load, const struct object *object)
{
	char room[32], *path = room, *name = (char *)object->place.url;
	int fd = fetch(object);
	struct csvin_record header;
	struct csvin *in;

	snprintf(room, sizeof(room), "/dev/fd/%d", fd);
	in = csvin_new(&path, 1, 0);
	csvin_call(in, &name);
	if (!csvin_xnext(in, &header))
		die(STATUS_TROUBLE, "%s: empty, without a header", name);
	take_header(objects, object, csvin_bytes(&header));
	if (!load)
		load = load_begin(objects->warehouse, request,
		    &objects->columns, buf_slice(&objects->header));
	if (!load)
		warehouse_die(objects->warehouse);
	load_xrecords(load, in);
	csvin_free(in);
	close(fd);
	return load;
}

/* True if the warehouse can take all objects by itself. */
static bool
can_take(const struct objects *objects)
{
	for (size_t i = 0; i < objects->count; i++) {
		if (strncmp(objects->items[i].place.url, "gs://", 5) != 0)
			return false;
	}
	return objects->warehouse->load_objects;
}

void
load_xobjects(struct warehouse *warehouse, const struct load_request *given,
    char *const *urls, size_t count, struct buf *receipt)
{
	struct load_request request = *given;
	struct objects objects = {
	    .count = count, .warehouse = warehouse, .request = given};
	struct buf source = {0};
	struct load *load = NULL;

	open_objects(&objects, urls);
	put_source(&objects, &source);
	request.source = buf_text(&source);
	if (can_take(&objects)) {
		hand_over(&objects, &request, receipt);
	} else {
		for (size_t i = 0; i < count; i++)
			load = add_rows(
			    &objects, &request, load, &objects.items[i]);
		if (load_commit(load, receipt))
			warehouse_die(warehouse);
		load_free(load);
	}
	buf_release(&source);
	release(&objects);
}
