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
	setenv("SLUICE_STORE", "gs://bucket/prefix", 1);
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
	CHECK(open_says("gs://bucket",
	    "gs://bucket: Cloud Storage is not built yet; use file:DIR"));
	CHECK(url_is("file:store", "file:store/a/b"));
	CHECK(url_is("file:store//", "file:store/a/b"));
	CHECK(url_is("file:/", "file:/a/b"));
	CHECK(dies_saying(option_unset,
	    "sluice: no store: set SLUICE_STORE or -s to a location like "
	    "file:DIR or gs://BUCKET\n"));
	CHECK(dies_saying(option_bad, "sluice: gs://bucket/prefix: Cloud "
				      "Storage is not built yet; use "
				      "file:DIR\n"));
}

/* Puts text: 0, 1 if it existed, or -1. */
static int
put(struct store *store, const char *name, const char *text)
{
	struct store_receipt receipt;

	if (store_put_begin(store, name) ||
	    store_put_write(store, text, strlen(text)) ||
	    store_put_commit(store, &receipt))
		return -1;
	if (strcmp(receipt.object.name, name) ||
	    receipt.object.bytes != (int64_t)strlen(text) ||
	    receipt.digest.bytes != strlen(text))
		return -1;
	return receipt.existed;
}

static bool
holds(struct store *store, const char *name, const char *text)
{
	char got[64];
	size_t len = 0;
	ssize_t n;

	if (store_get_open(store, name))
		return false;
	while ((n = store_get_read(store, got + len, 3)) > 0)
		len += (size_t)n;
	return n == 0 && len == strlen(text) && !memcmp(got, text, len);
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
		      store_get_open(store, bad[i]) == -1);
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
	CHECK(store_get_open(store, "t/y") == -1);
	CHECK(says(store, "file:store/t/y: no such object"));
	CHECK(store_get_open(store, "t") == -1);
	CHECK(store_get_open(store, "t/x/y") == -1);
}

/* Two puts under one name at once, and one that is given up. */
static void
check_two_puts(struct store *one)
{
	struct buf reason = {0};
	struct store *two = store_open("file:store", &reason);
	struct store_receipt receipt;

	CHECK(!store_put_begin(one, "race") && !store_put_begin(two, "race"));
	CHECK(!store_put_write(one, "1", 1) && !store_put_write(two, "1", 1));
	CHECK(!store_put_commit(two, &receipt) && !receipt.existed);
	CHECK(!store_put_commit(one, &receipt) && receipt.existed);
	CHECK(!store_put_begin(two, "given-up"));
	CHECK(!store_put_write(two, "1", 1));
	store_close(two);
	CHECK(store_get_open(one, "given-up") == -1);
	CHECK(!rmdir("store/.tmp"));
}

/* A get ends the one before it. */
static void
check_gets(struct store *store)
{
	int before, after;

	put(store, "g", "text");
	CHECK(!store_get_open(store, "g"));
	before = dup(STDIN_FILENO);
	CHECK(!store_get_open(store, "g"));
	after = dup(STDIN_FILENO);
	CHECK(after == before + 1);
	close(before);
	close(after);
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
	check_lists();
	store_close(store);
	buf_printf(&reason, "rm -r %s", folder);
	CHECK(!system(reason.data));
	buf_release(&reason);
	return check_done();
}
