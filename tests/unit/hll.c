/* SPDX-License-Identifier: ISC */
#include "hll.h"
#include "check.h"

#include <math.h>
#include <string.h>

#include "keyset_hash.h"
#include "rng.h"

/* Adds the texts "a<from>" and so on. */
static void
add_texts(struct hll *hll, int from, int count)
{
	char text[32];

	for (int i = from; i < from + count; i++) {
		struct slice value = {
		    text, (size_t)snprintf(text, sizeof(text), "a%d", i)};
		uint64_t hash;

		keyset_hash(&value, 1, &hash);
		hll_add(hll, &hash, 1);
	}
}

/* The share by which the count of so many texts is off. */
static double
error_at(int count)
{
	struct hll hll = {0};
	double error;

	add_texts(&hll, 0, count);
	error = (double)hll_count(&hll) / count - 1;
	printf("# %d: %+.2f %%\n", count, 100 * error);
	hll_release(&hll);
	return error;
}

static void
check_few(void)
{
	struct hll hll = {0};

	CHECK(hll_count(&hll) == 0);
	add_texts(&hll, 0, 1);
	CHECK(hll_count(&hll) == 1);
	add_texts(&hll, 0, 10);
	add_texts(&hll, 0, 10);
	CHECK(hll_count(&hll) == 10);
	hll_release(&hll);
}

/* Within four standard errors from a hundred to some millions. */
static void
check_sizes(void)
{
	const double error = 1.04 / sqrt(HLL_REGISTERS);
	bool good = true;

	for (int count = 100; count < 4000000; count = count * 5 / 2)
		good &= fabs(error_at(count)) < 4 * error;
	CHECK(good);
}

/* The root of the mean square of many errors is the standard error. */
static void
check_standard_error(void)
{
	enum { ROUNDS = 200, COUNT = 100000 };
	double squares = 0, error;
	uint64_t state = 1;

	for (int i = 0; i < ROUNDS; i++) {
		struct hll hll = {0};

		for (int j = 0; j < COUNT; j++)
			hll_add(&hll, &(uint64_t){rng_next(&state)}, 1);
		error = (double)hll_count(&hll) / COUNT - 1;
		squares += error * error;
		hll_release(&hll);
	}
	error = sqrt(squares / ROUNDS);
	printf("# %.3f %%\n", 100 * error);
	CHECK(error > 0.0065 && error < 0.0095);
}

static void
check_merge(void)
{
	struct hll both = {0}, left = {0}, right = {0}, none = {0};

	add_texts(&both, 0, 50000);
	add_texts(&left, 0, 30000);
	add_texts(&right, 20000, 30000);
	hll_merge(&left, &right);
	hll_merge(&left, &none);
	hll_merge(&none, &left);
	CHECK(hll_count(&left) == hll_count(&both));
	CHECK(!memcmp(left.registers, both.registers, HLL_REGISTERS));
	CHECK(hll_count(&none) == hll_count(&both));
	hll_release(&both);
	hll_release(&left);
	hll_release(&right);
	hll_release(&none);
}

int
main(void)
{
	check_few();
	check_sizes();
	check_standard_error();
	check_merge();
	return check_done();
}
