/* SPDX-License-Identifier: ISC */
#include "frequent.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "keyset_hash.h"
#include "rng.h"

/* Adds the text "v<number>" count times. */
static void
add(struct frequent *frequent, unsigned long number, int count)
{
	char text[32];
	struct slice value = {
	    text, (size_t)snprintf(text, sizeof(text), "v%lu", number)};
	uint64_t hash;

	keyset_hash(&value, 1, &hash);
	while (count--)
		frequent_add(frequent, &value, &hash, 1);
}

static bool
is(const struct frequent_value *value, const char *text, uint64_t count)
{
	return slice_equal(value->text, slice_of(text)) &&
	       value->count == count && !value->cut;
}

static void
check_exact(void)
{
	struct frequent frequent = {0};
	struct frequent_value list[3];

	CHECK(frequent_count(&frequent) == 0);
	CHECK(frequent_error(&frequent) == 0);
	CHECK(frequent_list(&frequent, list, 3) == 0);
	for (unsigned long i = 0; i < FREQUENT_VALUES; i++)
		add(&frequent, i, i == 700 ? 8 : i == 3 || i == 9 ? 4 : 1);
	for (unsigned long i = 0; i < FREQUENT_VALUES; i++)
		add(&frequent, i, 1);
	CHECK(frequent_count(&frequent) == FREQUENT_VALUES);
	CHECK(frequent_error(&frequent) == 0);
	CHECK(frequent_list(&frequent, list, 3) == 3);
	CHECK(is(&list[0], "v700", 9));
	CHECK(is(&list[1], "v3", 5));
	CHECK(is(&list[2], "v9", 5));
	frequent_release(&frequent);
	frequent_release(&frequent);
}

/* Hashes that all belong to one place of the table, and share their tags. */
static void
check_collisions(void)
{
	enum { VALUES = 40 };
	struct frequent frequent = {0};
	struct frequent_value list[VALUES];
	struct slice value = {"x", 1};
	bool good = true;

	for (int round = 0; round < 3; round++)
		for (uint64_t i = 0; i < VALUES; i++)
			frequent_add(&frequent, &value,
			    &(uint64_t){(i % 4) << 57 | i << 20}, 1);
	CHECK(frequent_list(&frequent, list, VALUES) == VALUES);
	for (uint64_t i = 0; i < VALUES; i++)
		good &= list[i].count == 3;
	CHECK(frequent_count(&frequent) == VALUES);
	CHECK(good);
	frequent_release(&frequent);
}

static void
check_long_text(void)
{
	struct frequent frequent = {0};
	struct frequent_value list[2];
	char text[FREQUENT_TEXT + 2];
	struct slice values[] = {{text, FREQUENT_TEXT}, {text, sizeof(text)}};
	uint64_t hashes[2];

	memset(text, 'x', sizeof(text));
	keyset_hash(values, 2, hashes);
	frequent_add(&frequent, values, hashes, 2);
	CHECK(frequent_list(&frequent, list, 2) == 2);
	CHECK(list[0].text.len == FREQUENT_TEXT && !list[0].cut);
	CHECK(list[1].text.len == FREQUENT_TEXT && list[1].cut);
	frequent_release(&frequent);
}

/*
 * Values 0 to 9 make up 2 % of the rows each, at random places; all others are
 * different. counts[] are the true ones.
 */
static void
add_skewed(struct frequent *frequent, uint64_t *state, int rows, int *counts)
{
	for (int i = 0; i < rows; i++) {
		uint64_t random = rng_next(state);

		if (random % 50 < 10) {
			counts[random % 50]++;
			add(frequent, random % 50, 1);
		} else {
			add(frequent, random | 64, 1);
		}
	}
}

/* Of values that were there from the beginning all counts lack the same. */
static bool
lacks_the_error(const struct frequent *frequent, const int *counts)
{
	struct frequent_value list[10];
	uint64_t sum = 10 * frequent_error(frequent);
	int truth = 0;

	if (frequent_list(frequent, list, 10) != 10)
		return false;
	for (int i = 0; i < 10; i++) {
		sum += list[i].count;
		truth += counts[i];
	}
	return sum == (uint64_t)truth;
}

/* Each listed count is at most the true one, and by no more than the error. */
static bool
within_error(const struct frequent *frequent, const int *counts)
{
	struct frequent_value list[10];
	uint64_t error = frequent_error(frequent);
	bool seen[10] = {false};

	if (frequent_list(frequent, list, 10) != 10)
		return false;
	for (int i = 0; i < 10; i++) {
		char text[FREQUENT_TEXT + 1] = {0};
		long at;
		uint64_t truth;

		memcpy(text, list[i].text.data, list[i].text.len);
		at = strtol(text + 1, NULL, 10);
		if (at < 0 || at > 9 || seen[at])
			return false;
		seen[at] = true;
		truth = (uint64_t)counts[at];
		if (list[i].count > truth || truth - list[i].count > error)
			return false;
	}
	return true;
}

static void
check_many(void)
{
	struct frequent frequent = {0};
	int counts[10] = {0};
	uint64_t state = 1;

	add_skewed(&frequent, &state, 100000, counts);
	printf("# error %lu\n", (unsigned long)frequent_error(&frequent));
	CHECK(frequent_error(&frequent) > 0);
	CHECK(frequent_error(&frequent) < 100000 / 50 / 2);
	CHECK(within_error(&frequent, counts));
	CHECK(lacks_the_error(&frequent, counts));
	add_skewed(&frequent, &state, 1900000, counts);
	printf("# error %lu\n", (unsigned long)frequent_error(&frequent));
	CHECK(frequent_error(&frequent) < 2000000 / 50 / 2);
	CHECK(within_error(&frequent, counts));
	frequent_release(&frequent);
}

/*
 * More different values than there are places, all equally frequent but for
 * one that is 1 % of the rows.
 */
static void
check_even(void)
{
	enum { ROWS = 2000000, VALUES = 3000 };
	struct frequent frequent = {0};
	struct frequent_value top;
	uint64_t state = 1;
	int truth = 0;

	for (int i = 0; i < ROWS; i++) {
		uint64_t random = rng_next(&state);
		unsigned long number = random / 100 % VALUES;

		if (random % 100 == 0)
			number = VALUES;
		truth += number == VALUES;
		add(&frequent, number, 1);
	}
	printf("# error %lu\n", (unsigned long)frequent_error(&frequent));
	CHECK(frequent_error(&frequent) < ROWS / 100 / 2);
	CHECK(frequent_list(&frequent, &top, 1) == 1);
	CHECK(slice_equal(top.text, slice_of("v3000")));
	CHECK(top.count <= (uint64_t)truth);
	CHECK(top.count + frequent_error(&frequent) >= (uint64_t)truth);
	frequent_release(&frequent);
}

static void
check_merge(void)
{
	struct frequent left = {0}, right = {0}, none = {0};
	struct frequent_value list[2];
	int counts[10] = {0};
	uint64_t state = 1;

	add(&left, 1, 3);
	add(&left, 2, 2);
	add(&right, 2, 2);
	frequent_merge(&left, &right);
	frequent_merge(&left, &none);
	CHECK(frequent_list(&left, list, 2) == 2);
	CHECK(is(&list[0], "v2", 4));
	CHECK(is(&list[1], "v1", 3));
	CHECK(frequent_error(&left) == 0);
	frequent_release(&left);
	frequent_release(&right);
	add_skewed(&left, &state, 500000, counts);
	add_skewed(&right, &state, 500000, counts);
	frequent_merge(&left, &right);
	CHECK(within_error(&left, counts));
	frequent_release(&left);
	frequent_release(&right);
}

int
main(void)
{
	check_exact();
	check_collisions();
	check_long_text();
	check_many();
	check_even();
	check_merge();
	return check_done();
}
