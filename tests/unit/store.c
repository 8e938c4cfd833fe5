/* SPDX-License-Identifier: ISC */
#include "store.h"
#include "check.h"
#include "dies.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What store_open() says of a location, or "" if it takes it. */
static bool
open_says(const char *location, const char *want)
{
	struct buf reason = {0};
	struct store *store = store_open(location, &reason);
	bool same = !strcmp(buf_text(&reason), want) && !store == !!*want;

	if (store)
		store_close(store);
	buf_release(&reason);
	return same;
}

static bool
url_is(const char *location, const char *want)
{
	struct buf reason = {0}, url = {0};
	struct store *store = store_open(location, &reason);
	bool same;

	store_url(store, "a/b", &url);
	same = !strcmp(buf_text(&url), want);
	store_close(store);
	buf_release(&url);
	return same;
}

static void
option_unset(void)
{
	unsetenv("SLUICE_STORE");
	store_close(store_option(NULL));
}

static void
option_bad(void)
{
	setenv("SLUICE_STORE", "s3://bucket", 1);
	store_close(store_option(NULL));
}

static void
check_locations(void)
{
	CHECK(open_says("file:store", ""));
	CHECK(open_says("file:/", ""));
	CHECK(open_says("file:", "'file:': not a location like file:DIR or "
				 "gs://BUCKET"));
	CHECK(open_says("", "'': not a location like file:DIR or gs://BUCKET"));
	CHECK(open_says("/tmp/store", "'/tmp/store': not a location like "
				      "file:DIR or gs://BUCKET"));
	CHECK(
	    open_says("gs://bucket", "") && open_says("gs://b.c_d-9/p/q", ""));
	CHECK(open_says("gs://", "'gs://': not a location like file:DIR or "
				 "gs://BUCKET"));
	CHECK(
	    open_says("gs:bucket", "'gs:bucket': not a location like file:DIR "
				   "or gs://BUCKET"));
	CHECK(open_says("gs:///a", "'gs:///a': not a location like file:DIR or "
				   "gs://BUCKET"));
	CHECK(open_says("gs://a?b", "'gs://a?b': not a location like file:DIR "
				    "or gs://BUCKET"));
	CHECK(url_is("gs://bucket//", "gs://bucket/a/b"));
	CHECK(url_is("gs://bucket/p/", "gs://bucket/p/a/b"));
	CHECK(url_is("file:store", "file:store/a/b"));
	CHECK(url_is("file:store//", "file:store/a/b"));
	CHECK(url_is("file:/", "file:/a/b"));
	CHECK(dies_saying(option_unset,
	    "sluice: no store: set SLUICE_STORE or -s to a location like "
	    "file:DIR or gs://BUCKET\n"));
	CHECK(dies_saying(option_bad,
	    "sluice: 's3://bucket': not a location like file:DIR or "
	    "gs://BUCKET\n"));
}

/* Puts text: 0, 1 if it existed, or -1. */
static int
put(struct store *store, const char *name, const char *text)
{
	struct store_receipt receipt;

	if (store_put_begin(store, &(struct store_put){.name = name}) ||
	    store_put_write(store, text, strlen(text)) ||
	    store_put_commit(store, &receipt))
		return -1;
	if (strcmp(receipt.object.name, name) ||
	    receipt.object.bytes != (int64_t)strlen(text) ||
	    receipt.digest.bytes != strlen(text))
		return -1;
	return receipt.existed;
}

static int
append(void *user, const void *data, size_t len)
{
	buf_add(user, data, len);
	return 0;
}

/* What a get of a generation came to; -1, or 0 and then the text follows. */
static int
get(struct store *store, const char *name, int64_t generation, struct buf *got)
{
	struct store_get get = {.name = name,
	    .generation = generation,
	    .take = append,
	    .user = got};
	struct store_object object;

	buf_clear(got);
	if (store_get(store, &get, &object))
		return -1;
	CHECK(!strcmp(object.name, name));
	CHECK(object.bytes == (int64_t)got->len);
	CHECK(!generation || object.generation == generation);
	return 0;
}

static bool
holds(struct store *store, const char *name, const char *text)
{
	struct buf got = {0};
	bool same = !get(store, name, 0, &got) && !strcmp(buf_text(&got), text);

	buf_release(&got);
	return same;
}

static bool
absent(struct store *store, const char *name)
{
	struct store_object object;

	return store_stat(store, name, &object) == -1 && store->absent;
}

/* The names of the objects, each followed by a blank. */
static bool
lists(struct store *store, const char *prefix, const char *want)
{
	struct store_object object;
	struct buf names = {0};
	int more;
	bool same;

	if (store_list_begin(store, prefix))
		return false;
	while ((more = store_list_next(store, &object)) > 0)
		buf_printf(&names, "%s ", object.name);
	same = !more && !strcmp(buf_text(&names), want);
	if (!same)
		printf("# %s\n", buf_text(&names));
	buf_release(&names);
	return same;
}

static bool
says(const struct store *store, const char *reason)
{
	if (!strcmp(buf_text(&store->reason), reason))
		return true;
	printf("# %s\n", buf_text(&store->reason));
	return false;
}

static void
check_names(struct store *store)
{
	static const char *const good[] = {"A", "...", "a/.tmp", ".tmpx",
	    ".hidden/x", "a b", "\xc3\xa9",
	    "created_at=2024-01-26:15:00:00:300"};
	static const char *const bad[] = {"", "/", "/a", "a/", "a//b", ".",
	    "..", "../a", "a/..", "a/./b", "a\nb", "a\rb", "a\tb", "a\x7f",
	    "\xc3", "\xff", ".tmp", ".tmp/a", ".well-known/acme-challenge/a"};
	char name[1026];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(put(store, good[i], good[i]) == 0 &&
		      holds(store, good[i], good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(put(store, bad[i], "x") == -1 &&
		      !holds(store, bad[i], "x"));
	for (int i = 0; i < 1025; i++)
		name[i] = i % 101 == 100 ? '/' : 'n';
	name[1025] = '\0';
	CHECK(put(store, name, "x") == -1);
	name[1024] = '\0';
	CHECK(put(store, name, "x") == 0);
}

static void
check_put(struct store *store)
{
	struct stat st;

	CHECK(put(store, "t/x", "one") == 0);
	CHECK(put(store, "t/x", "one") == 1);
	CHECK(put(store, "t/x", "two") == -1);
	CHECK(strstr(buf_text(&store->reason),
	    "file:store/t/x: exists with other bytes and is never "
	    "overwritten: there 3 bytes, sha256 7692c3ad"));
	CHECK(store->status == STATUS_TROUBLE);
	CHECK(holds(store, "t/x", "one"));
	CHECK(!stat("store/t/x", &st) && (st.st_mode & 0777) == 0444);
	CHECK(put(store, "t/empty", "") == 0 && holds(store, "t/empty", ""));
	CHECK(put(store, "t", "x") == -1);
	CHECK(says(store, "file:store/t: a folder of other objects here"));
	CHECK(put(store, "t/x/y", "x") == -1);
	CHECK(says(store, "file:store/t/x/y: a folder of this name is an "
			  "object here"));
	CHECK(put(store, "t/x/y/z", "x") == -1);
	CHECK(absent(store, "t/y"));
	CHECK(says(store, "file:store/t/y: no such object"));
	CHECK(absent(store, "t"));
	CHECK(absent(store, "t/x/y"));
}

/* Two puts under one name at once, and one that is given up. */
static void
check_two_puts(struct store *one)
{
	struct buf reason = {0};
	struct store *two = store_open("file:store", &reason);
	struct store_put race = {.name = "race"},
			 given_up = {.name = "given-up"};
	struct store_receipt receipt;

	CHECK(!store_put_begin(one, &race) && !store_put_begin(two, &race));
	CHECK(!store_put_write(one, "1", 1) && !store_put_write(two, "1", 1));
	CHECK(!store_put_commit(two, &receipt) && !receipt.existed);
	CHECK(!store_put_commit(one, &receipt) && receipt.existed);
	CHECK(!store_put_begin(two, &given_up));
	CHECK(!store_put_write(two, "1", 1));
	store_close(two);
	CHECK(absent(one, "given-up"));
	CHECK(!rmdir("store/.tmp"));
}

static int
refuse(void *user, const void *data, size_t len)
{
	(void)data;
	*(size_t *)user += len;
	return 1;
}

/* A get of a generation, one that is given up, and no descriptor left open. */
static void
check_gets(struct store *store)
{
	size_t taken = 0;
	struct store_get given_up = {
	    .name = "g", .take = refuse, .user = &taken};
	struct store_object object;
	struct buf got = {0};
	int before = dup(STDIN_FILENO), after;

	close(before);
	put(store, "g", "text");
	CHECK(!store_stat(store, "g", &object) && object.bytes == 4);
	CHECK(!get(store, "g", object.generation, &got));
	CHECK(get(store, "g", object.generation - 1, &got) == -1);
	CHECK(store->absent);
	CHECK(store_get(store, &given_up, &object) == -1 && taken == 4);
	CHECK(says(store, "file:store/g: given up") && !store->absent);
	after = dup(STDIN_FILENO);
	CHECK(after == before);
	close(after);
	buf_release(&got);
}

static void
check_removes(struct store *store)
{
	struct store_object object;

	put(store, "r/s/t", "one");
	put(store, "r/u", "two");
	CHECK(store_remove(store, "r/s", 0) == -1 && store->absent);
	CHECK(store_remove(store, ".tmp/x", 0) == -1 && store->absent);
	CHECK(store_remove(store, "r//u", 0) == -1 && !store->absent);
	CHECK(!store_stat(store, "r/s/t", &object));
	CHECK(store_remove(store, "r/s/t", object.generation + 1) == -1);
	CHECK(strstr(buf_text(&store->reason), "is there, not"));
	CHECK(holds(store, "r/s/t", "one"));
	CHECK(!store_remove(store, "r/s/t", object.generation));
	CHECK(absent(store, "r/s/t") && access("store/r/s", F_OK));
	CHECK(put(store, "r/s", "now an object") == 0);
	CHECK(!store_remove(store, "r/s", 0) && !store_remove(store, "r/u", 0));
	CHECK(access("store/r", F_OK) && !access("store", F_OK));
}

static void
check_lists(void)
{
	struct buf reason = {0};
	struct store *store = store_open("file:lists", &reason);

	CHECK(lists(store, "", ""));
	CHECK(access("lists", F_OK));
	put(store, "a/b/c", "");
	put(store, "a/b-c", "");
	put(store, "a/b0", "");
	put(store, "a0", "");
	put(store, "a-b", "");
	put(store, "\xc3\xa9", "");
	CHECK(lists(store, "", "a-b a/b-c a/b/c a/b0 a0 \xc3\xa9 "));
	CHECK(lists(store, "a", "a-b a/b-c a/b/c a/b0 a0 "));
	CHECK(lists(store, "a/b", "a/b-c a/b/c a/b0 "));
	CHECK(lists(store, "a/b/", "a/b/c "));
	CHECK(lists(store, "a/b/c", "a/b/c "));
	CHECK(lists(store, "a/b/c/", ""));
	CHECK(lists(store, "a/b/cd", ""));
	CHECK(lists(store, ".tmp/", ""));
	CHECK(!symlink("a0", "lists/link") && !symlink(".", "lists/loop"));
	CHECK(lists(store, "l", ""));
	store_close(store);
}

int
main(void)
{
	char folder[] = "/tmp/store-XXXXXX";
	struct buf reason = {0};
	struct store *store;

	check_locations();
	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	store = store_open("file:store", &reason);
	check_names(store);
	check_put(store);
	check_two_puts(store);
	check_gets(store);
	check_removes(store);
	check_lists();
	store_close(store);
	buf_printf(&reason, "rm -r %s", folder);
	CHECK(!system(reason.data));
	buf_release(&reason);
	return check_done();
}
