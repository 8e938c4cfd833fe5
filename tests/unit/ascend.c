/* SPDX-License-Identifier: ISC */
#include "ascend.h"
#include "check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum ascend_answer
add(struct ascend *map, struct slice key, uint64_t *number)
{
	uint64_t value;

	return ascend_decimal(key, &value)
		   ? ascend_add_decimal(map, value, number)
		   : ascend_add_text(map, key, number);
}

static bool
find(const struct ascend *map, struct slice key, uint64_t *number)
{
	uint64_t value;

	return ascend_decimal(key, &value)
		   ? ascend_find_decimal(map, value, number)
		   : ascend_find_text(map, key, number);
}

/* Adds keys given as "a b c"; the answers, a letter each: New, Found, Other. */
static const char *
answers(const char *keys, char text[64])
{
	struct ascend *map = ascend_new(true);
	size_t count = 0;

	while (*keys) {
		size_t len = strcspn(keys, " ");
		uint64_t number = count;

		text[count++] =
		    "NFO"[add(map, (struct slice){keys, len}, &number)];
		keys += len + (keys[len] == ' ');
	}
	text[count] = '\0';
	ascend_free(map);
	return text;
}

static bool
answered(const char *keys, const char *want)
{
	char text[64];

	if (!strcmp(answers(keys, text), want))
		return true;
	printf("# %s gave %s, not %s\n", keys, text, want);
	return false;
}

static void
check_forms(void)
{
	/* by value, not by bytes */
	CHECK(answered("9 10 9 10 11", "NNFFN"));
	CHECK(answered(
	    "99999999 100000000 99999999999999999 9999999999999999", "NNNO"));
	CHECK(answered("5 3 5 7 6 7", "NOFNOF"));
	/* any other spelling is text, which has an order of its own */
	CHECK(answered("1 01 2 +2 02 2.0 01 2 3", "NNNONNFFN"));
	CHECK(answered("0 00 0 1 00", "NNFNF"));
	CHECK(answered("5 12345678x 123456789x x 6 x", "NNONNF"));
	/* 19 digits fit, 20 do not, whatever they are */
	CHECK(answered("9999999999999999998 9999999999999999999 "
		       "9999999999999999998 18446744073709551615 "
		       "10000000000000000000",
	    "NNFOO"));
	CHECK(answered("a b23456789012345 b234567890123456 b c", "NNOON"));
	CHECK(answered("2024-01-26 2024-01-27 2024-01-26", "NNF"));
}

static void
check_bytes(void)
{
	struct ascend *map = ascend_new(false);
	uint64_t number = 7;

	/* a byte above 127 is greater; an empty key is the least; NUL counts */
	CHECK(add(map, (struct slice){"", 0}, &number) == ASCEND_NEW);
	CHECK(add(map, (struct slice){"", 0}, &number) == ASCEND_FOUND);
	CHECK(number == 0);
	CHECK(add(map, (struct slice){"\0", 1}, &number) == ASCEND_NEW);
	CHECK(add(map, slice_of("z"), &number) == ASCEND_NEW);
	CHECK(add(map, slice_of("\xc3"), &number) == ASCEND_NEW);
	CHECK(add(map, slice_of("y"), &number) == ASCEND_OTHER);
	CHECK(ascend_memory(map) == 4 * 16);
	ascend_free(map);
	ascend_free(NULL);
}

static struct slice
spell(uint64_t value, char text[32])
{
	return (struct slice){
	    text, (size_t)snprintf(text, 32, "%" PRIu64, value)};
}

/* The i-th of keys whose steps change now and then; numbers with gaps. */
static uint64_t
key_of(uint64_t i)
{
	return i * 60 + i / 100 * 7 + (i % 1000 > 990 ? i % 7 : 0);
}

static void
sum(void *context, uint64_t value, uint64_t number)
{
	uint64_t *sums = context;

	sums[0]++;
	sums[1] += value;
	sums[2] += number;
}

static void
check_many(bool numbers)
{
	enum { MANY = 20000 };
	struct ascend *map = ascend_new(numbers);
	uint64_t wrong = 0, sums[3] = {0}, want[3] = {0}, number;
	char text[32];

	for (uint64_t i = 0; i < MANY; i++) {
		number = i + i / 500;
		want[0]++;
		want[1] += key_of(i);
		want[2] += numbers ? number : 0;
		wrong +=
		    add(map, spell(key_of(i), text), &number) != ASCEND_NEW;
	}
	for (uint64_t i = 0; i < MANY; i++) {
		wrong += !find(map, spell(key_of(i), text), &number) ||
			 number != (numbers ? i + i / 500 : 0);
		wrong += find(map, spell(key_of(i) + 1, text), &number) !=
			 (key_of(i + 1) == key_of(i) + 1 && i + 1 < MANY);
	}
	CHECK(wrong == 0);
	CHECK(!find(map, slice_of("x"), &number));
	ascend_each(map, &(struct ascend_visitor){sum, NULL, sums});
	CHECK(!memcmp(sums, want, sizeof(sums)));
	/* far less than what any keys may take */
	CHECK(ascend_memory(map) < MANY * 16 / 10);
	ascend_free(map);
}

/* No keys take more than 16 bytes each. */
static void
check_worst(void)
{
	enum { MANY = 1000 };
	struct ascend *map = ascend_new(false);
	uint64_t value = 0, number = 0;
	char text[32];

	for (uint64_t i = 0; i < MANY; i++) {
		value += i + 1;
		add(map, spell(value, text), &number);
	}
	CHECK(ascend_memory(map) <= MANY * 16);
	ascend_free(map);
}

static void
keep_last(void *context, struct slice key, uint64_t number)
{
	struct buf *last = context;

	buf_clear(last);
	buf_add_slice(last, key);
	buf_putc(last, (char)('0' + number));
}

static void
check_text_back(void)
{
	struct ascend *map = ascend_new(true);
	struct buf last = {0};
	uint64_t number = 5;

	add(map, slice_of("abcdefghijklmno"), &number);
	ascend_each(map, &(struct ascend_visitor){NULL, keep_last, &last});
	CHECK(!strcmp(buf_text(&last), "abcdefghijklmno5"));
	CHECK(ascend_memory(map) == 24);
	ascend_free(map);
	buf_release(&last);
}

int
main(void)
{
	check_forms();
	check_bytes();
	check_many(true);
	check_many(false);
	check_worst();
	check_text_back();
	return check_done();
}
