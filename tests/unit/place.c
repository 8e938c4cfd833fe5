/* SPDX-License-Identifier: ISC */
#include "place.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

static bool
is(const char *url, const char *location, const char *name)
{
	struct buf reason = {0};
	struct place place;
	bool good = !place_parse(&place, url, &reason) &&
		    !strcmp(place.location, location) &&
		    !strcmp(place.name, name) &&
		    place.folder == (url[strlen(url) - 1] == '/');

	if (!good)
		printf("# %s %s %s\n", place.location, place.name,
		    buf_text(&reason));
	place_release(&place);
	return good;
}

static bool
refused(const char *url, const char *reason)
{
	struct buf said = {0};
	struct place place;
	bool good =
	    place_parse(&place, url, &said) && !strcmp(buf_text(&said), reason);

	place_release(&place);
	buf_release(&said);
	return good;
}

static bool
target(const char *from, const char *name, const char *to, const char *want)
{
	struct buf text = {0};
	struct place source, goal;
	bool good;

	place_parse(&source, from, &text);
	place_parse(&goal, to, &text);
	place_target(&source, name, &goal, &text);
	good = !strcmp(buf_text(&text), want);
	place_release(&source);
	place_release(&goal);
	buf_release(&text);
	return good;
}

static bool
holds(const char *outer, const char *inner)
{
	struct buf reason = {0};
	struct place a, b;
	bool result;

	place_parse(&a, outer, &reason);
	place_parse(&b, inner, &reason);
	result = place_holds(&a, &b);
	place_release(&a);
	place_release(&b);
	buf_release(&reason);
	return result;
}

int
main(void)
{
	unsetenv("SLUICE_STORE");
	CHECK(is("gs://bucket/a/b", "gs://bucket", "a/b"));
	CHECK(is("gs://bucket/a/", "gs://bucket", "a/"));
	CHECK(is("gs://bucket/", "gs://bucket", ""));
	CHECK(is("gs://bucket//a", "gs://bucket", "/a"));
	CHECK(is("file:x/y/z", "file:x/y", "z"));
	CHECK(is("file:x/y/", "file:x/y", ""));
	CHECK(is("file:z", "file:.", "z"));
	CHECK(is("file:/z", "file:/", "z"));
	CHECK(is("file:/", "file:/", ""));
	CHECK(is("file:/x/z", "file:/x", "z"));
	setenv("SLUICE_STORE", "file:x//", 1);
	CHECK(is("file:x/y/z", "file:x", "y/z"));
	CHECK(is("file:x/y/", "file:x", "y/"));
	CHECK(is("file:x/", "file:x", ""));
	CHECK(is("file:xx/y/z", "file:xx/y", "z"));
	CHECK(is("gs://bucket/a/b", "gs://bucket", "a/b"));
	CHECK(refused("x", "'x': not a URL like file:DIR/NAME or "
			   "gs://BUCKET/NAME"));
	CHECK(refused("", "'': not a URL like file:DIR/NAME or "
			  "gs://BUCKET/NAME"));
	CHECK(refused("gs://bucket", "'gs://bucket': no name; a slash at the "
				     "end is for everything below"));
	CHECK(refused("file:", "'file:': no name; a slash at the end is for "
			       "everything below"));

	CHECK(target("file:in/a", "a", "gs://b/c", "c"));
	CHECK(target("gs://b/x/a", "x/a", "gs://b/c/", "c/a"));
	CHECK(target("file:in/a", "a", "gs://b/", "a"));
	CHECK(target("gs://b/x/", "x/y/a", "gs://b/c/", "c/y/a"));
	CHECK(target("gs://b/", "x/y/a", "file:out/", "x/y/a"));

	CHECK(holds("gs://b/", "gs://b/a/"));
	CHECK(holds("gs://b/a/", "gs://b/a/"));
	CHECK(holds("gs://b/a/", "gs://b/a/c"));
	CHECK(!holds("gs://b/a/", "gs://b/ab/"));
	CHECK(!holds("gs://b/a", "gs://b/a/"));
	CHECK(!holds("gs://b/a/", "gs://c/a/"));
	CHECK(holds("file:x/y/", "file:x/y/z/"));
	CHECK(!holds("file:y/", "file:z/"));
	unsetenv("SLUICE_STORE");
	CHECK(holds("file:x/", "file:x/y/"));
	CHECK(holds("file:/", "file:/x"));
	return check_done();
}
