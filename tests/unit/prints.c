/* SPDX-License-Identifier: ISC */
#include "prints.h"
#include "check.h"

/* SplitMix64, made for spreading counters over all numbers. */
static uint64_t
mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static struct print
print_of(uint64_t i)
{
	return (struct print){mix(2 * i), mix(2 * i + 1)};
}

/* What a map of this width has of a print. */
static struct print
kept(enum prints_width width, struct print print)
{
	print.high = width == PRINTS_WIDE ? print.high : 0;
	return print;
}

static void
sum(void *context, struct print print, uint64_t number)
{
	uint64_t *sums = context;

	sums[0]++;
	sums[1] ^= print.low ^ print.high;
	sums[2] += number;
}

enum { MANY = 100000 };

/* Adds all prints twice; returns how many answers were wrong. */
static uint64_t
add_all(struct prints *map, bool numbers)
{
	uint64_t wrong = 0;

	for (uint64_t i = 0; i < 2 * MANY; i++) {
		struct print print = print_of(i % MANY);
		uint64_t number = i;
		bool fresh;

		prints_prefetch(map, print);
		fresh = prints_add(map, print, &number);
		wrong += fresh != (i < MANY) ||
			 (!fresh && number != (numbers ? i - MANY : 0));
	}
	return wrong;
}

/* Seeks what was added and as many others; returns the wrong answers. */
static uint64_t
find_all(const struct prints *map, bool numbers)
{
	uint64_t wrong = 0;

	for (uint64_t i = 0; i < 2 * MANY; i++) {
		uint64_t number;
		bool found = prints_find(map, print_of(i), &number);

		wrong += found != (i < MANY) ||
			 (found && number != (numbers ? i : 0));
	}
	return wrong;
}

/* Through several growths no print is lost and none appears. */
static void
check_many(enum prints_width width, bool numbers, uint64_t most_bytes)
{
	struct prints *map = prints_new(width, numbers);
	uint64_t sums[3] = {0}, want[3] = {0};

	CHECK(add_all(map, numbers) == 0);
	CHECK(find_all(map, numbers) == 0);
	for (uint64_t i = 0; i < MANY; i++)
		sum(want, kept(width, print_of(i)), numbers ? i : 0);
	prints_each(map, sum, sums);
	for (int i = 0; i < 3; i++)
		CHECK(sums[i] == want[i]);
	CHECK(prints_memory(map) <= MANY * most_bytes);
	prints_free(map);
}

/* In a wide map equal halves are not enough, in a narrow one they are. */
static void
check_width(enum prints_width width, bool distinct)
{
	struct prints *map = prints_new(width, true);
	uint64_t number = 3;

	CHECK(!prints_find(map, (struct print){5, 1}, &number));
	CHECK(prints_add(map, (struct print){5, 1}, &number));
	CHECK(!prints_add(map, (struct print){5, 1}, &number) && number == 3);
	CHECK(prints_add(map, (struct print){5, 2}, &number) == distinct);
	CHECK(prints_add(map, (struct print){6, 1}, &number));
	CHECK(prints_find(map, (struct print){6, 2}, &number) != distinct);
	prints_free(map);
	prints_free(NULL);
}

int
main(void)
{
	check_width(PRINTS_WIDE, true);
	check_width(PRINTS_NARROW, false);
	check_many(PRINTS_WIDE, false, 45);
	check_many(PRINTS_WIDE, true, 67);
	check_many(PRINTS_NARROW, false, 23);
	check_many(PRINTS_NARROW, true, 45);
	return check_done();
}
