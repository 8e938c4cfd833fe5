/* SPDX-License-Identifier: ISC */
#include "place.h"

#include <stdlib.h>
#include <string.h>

static bool
starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/* The length of $SLUICE_STORE, without slashes, if url lies in it, or 0. */
static size_t
in_usual_store(const char *url)
{
	const char *store = getenv("SLUICE_STORE");
	size_t len = store ? strlen(store) : 0;

	while (len && store[len - 1] == '/')
		len--;
	return len && !strncmp(url, store, len) && url[len] == '/' ? len : 0;
}

/* Splits behind the location; a slash there belongs to neither. */
static void
split(struct place *place, const char *url, size_t location)
{
	place->location = xslicedup((struct slice){url, location});
	place->name = xstrdup(url + location + (url[location] == '/'));
}

static void
split_directory(struct place *place, const char *url)
{
	const char *path = url + strlen("file:"), *slash = strrchr(path, '/');
	size_t store = in_usual_store(url);

	if (store) {
		split(place, url, store);
	} else if (!slash) {
		place->location = xstrdup("file:.");
		place->name = xstrdup(path);
	} else {
		/* the slash of the root is all of its name */
		split(place, url, (size_t)(slash - url) + (slash == path));
	}
}

int
place_parse(struct place *place, const char *url, struct buf *reason)
{
	size_t len = strlen(url);

	*place = (struct place){.url = url};
	place->folder = len && url[len - 1] == '/';
	if (starts_with(url, "gs://")) {
		split(place, url, 5 + strcspn(url + 5, "/"));
	} else if (starts_with(url, "file:")) {
		split_directory(place, url);
	} else {
		buf_printf(reason,
		    "'%s': not a URL like file:DIR/NAME or gs://BUCKET/NAME",
		    url);
		return -1;
	}
	if (*place->name || place->folder)
		return 0;
	buf_printf(reason,
	    "'%s': no name; a slash at the end is for everything below", url);
	return -1;
}

void
place_release(struct place *place)
{
	free(place->location);
	free(place->name);
}

void
place_target(const struct place *from, const char *name, const struct place *to,
    struct buf *target)
{
	const char *slash = strrchr(name, '/');

	buf_puts(target, to->name);
	if (!to->folder)
		return;
	if (from->folder)
		buf_puts(target, name + strlen(from->name));
	else
		buf_puts(target, slash ? slash + 1 : name);
}

bool
place_holds(const struct place *outer, const struct place *inner)
{
	return outer->folder && starts_with(inner->url, outer->url);
}
