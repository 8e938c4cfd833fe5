/* SPDX-License-Identifier: ISC */
#include "keyset.h"
#include "check.h"

#include <string.h>

/* The key of parts a and b. */
static struct slice
key_of(struct buf *key, const char *a, const char *b)
{
	buf_clear(key);
	keyset_part(key, slice_of(a));
	keyset_part(key, slice_of(b));
	return buf_slice(key);
}

static void
check_parts(void)
{
	struct buf one = {0}, two = {0};

	CHECK(!slice_equal(key_of(&one, "ab", "c"), key_of(&two, "a", "bc")));
	CHECK(!slice_equal(key_of(&one, "", "a"), key_of(&two, "a", "")));
	CHECK(slice_equal(key_of(&one, "a", "b"), key_of(&two, "a", "b")));
	buf_release(&one);
	buf_release(&two);
}

static void
check_few(void)
{
	struct keyset *set = keyset_xnew(true);
	struct buf key = {0};
	struct slice empty = {"", 0};
	uint64_t number = 7;

	CHECK(!keyset_find(set, key_of(&key, "a", "b"), &number));
	CHECK(keyset_add(set, key_of(&key, "a", "b"), &number));
	number = 8;
	CHECK(keyset_find(set, key_of(&key, "a", "b"), &number));
	CHECK(number == 7);
	number = 8;
	CHECK(!keyset_add(set, key_of(&key, "a", "b"), &number));
	CHECK(number == 7);
	CHECK(keyset_add(set, empty, &number));
	CHECK(keyset_find(set, empty, &number));
	keyset_clear(set);
	CHECK(!keyset_find(set, empty, &number));
	keyset_free(set);
	keyset_free(NULL);
	buf_release(&key);
}

/*
 * Key i, of three kinds that follow in one map: rising numbers, the gaps
 * between them from the last one down, texts.
 */
static struct slice
mixed_key(int i, char text[32])
{
	int len;

	if (i < 3000)
		len = snprintf(text, 32, "%d", 2 * i);
	else if (i < 6000)
		len = snprintf(text, 32, "%d", 2 * (6000 - i) - 1);
	else
		len = snprintf(text, 32, i % 2 ? "0%d" : "+%d", i);
	return (struct slice){text, (size_t)len};
}

/* The same answers one by one and in batches of each size. */
static void
check_batches(size_t size)
{
	enum { MANY = 9000 };
	struct keyset *one = keyset_xnew(true), *many = keyset_xnew(true);
	static uint64_t numbers[MANY];
	struct keyset_key keys[KEYSET_BATCH];
	char texts[KEYSET_BATCH][32];
	uint64_t next = 0, wrong = 0;

	for (size_t i = 0; i < 2 * MANY; i += size) {
		for (size_t j = 0; j < size; j++)
			keys[j].key =
			    mixed_key((int)((i + j) % MANY), texts[j]);
		keyset_add_batch(many, keys, size, &next);
		for (size_t j = 0; j < size; j++) {
			uint64_t number = 0, *first = &numbers[(i + j) % MANY];

			wrong += keys[j].fresh !=
				 keyset_add(one, keys[j].key, &number);
			if (keys[j].fresh)
				*first = keys[j].number;
			wrong += keys[j].number != *first;
		}
	}
	CHECK(wrong == 0);
	CHECK(next == MANY);
	keyset_free(one);
	keyset_free(many);
}

static void
add_print(void *context, struct print print, uint64_t number)
{
	prints_add(context, print, &number);
}

/* keyset_each() gives the fingerprint of every key, however it is held. */
static void
check_each(void)
{
	struct keyset *set = keyset_xnew(true);
	struct prints *prints = prints_new(PRINTS_WIDE, true);
	char text[32];
	uint64_t wrong = 0, number;

	for (int i = 0; i < 9000; i++) {
		number = (uint64_t)i;
		keyset_add(set, mixed_key(i, text), &number);
	}
	keyset_each(set, add_print, prints);
	for (int i = 0; i < 9000; i++)
		wrong += !prints_find(prints,
			     keyset_print(set, mixed_key(i, text)), &number) ||
			 number != (uint64_t)i;
	CHECK(wrong == 0);
	CHECK(keyset_memory(set) > 0);
	keyset_free(set);
	prints_free(prints);
}

int
main(void)
{
	check_parts();
	check_few();
	check_batches(1);
	check_batches(10);
	check_batches(KEYSET_BATCH - 4);
	check_each();
	return check_done();
}
