/* SPDX-License-Identifier: ISC */
#include "keyset.h"
#include "check.h"

#include <string.h>

enum { MANY = 100000 };

/* The key of parts a and b, or of a alone if b is NULL. */
static struct slice
key_of(struct buf *key, const char *a, const char *b)
{
	buf_clear(key);
	keyset_part(key, slice_of(a));
	if (b)
		keyset_part(key, slice_of(b));
	return buf_slice(key);
}

static void
check_parts(void)
{
	struct buf one = {0}, two = {0};

	CHECK(!slice_equal(key_of(&one, "ab", "c"), key_of(&two, "a", "bc")));
	CHECK(!slice_equal(key_of(&one, "", "a"), key_of(&two, "a", "")));
	CHECK(!slice_equal(key_of(&one, "a", NULL), key_of(&two, "a", "")));
	CHECK(slice_equal(key_of(&one, "a", "b"), key_of(&two, "a", "b")));
	buf_release(&one);
	buf_release(&two);
}

static void
check_few(void)
{
	struct keyset *set = keyset_xnew();
	struct buf key = {0};
	struct slice empty = {"", 0};
	uint64_t *number;

	CHECK(!keyset_find(set, key_of(&key, "a", NULL)));
	CHECK(!keyset_add(set, key_of(&key, "a", NULL), 7));
	number = keyset_find(set, key_of(&key, "a", NULL));
	CHECK(number && *number == 7);
	number = keyset_add(set, key_of(&key, "a", NULL), 8);
	CHECK(number && *number == 7);
	if (number)
		*number = 9;
	number = keyset_find(set, key_of(&key, "a", NULL));
	CHECK(number && *number == 9);
	CHECK(!keyset_add(set, empty, 1));
	CHECK(keyset_find(set, empty) != NULL);
	keyset_free(set);
	keyset_free(NULL);
	buf_release(&key);
}

/* Through several growths no key is lost and none appears. */
static void
check_many(void)
{
	struct keyset *set = keyset_xnew();
	struct buf key = {0};
	char text[32];
	int added = 0, found = 0, strangers = 0;

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < MANY; i++) {
			snprintf(text, sizeof(text), "%d", i);
			added += !keyset_add(
			    set, key_of(&key, text, NULL), (uint64_t)i);
		}
	}
	for (int i = 0; i < 2 * MANY; i++) {
		const uint64_t *number;

		snprintf(text, sizeof(text), "%d", i);
		number = keyset_find(set, key_of(&key, text, NULL));
		found += number && *number == (uint64_t)i;
		strangers += number && i >= MANY;
	}
	CHECK(added == MANY);
	CHECK(found == MANY);
	CHECK(strangers == 0);
	keyset_free(set);
	buf_release(&key);
}

int
main(void)
{
	check_parts();
	check_few();
	check_many();
	return check_done();
}
