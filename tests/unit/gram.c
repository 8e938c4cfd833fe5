/* SPDX-License-Identifier: ISC */
#include "gram.h"
#include "check.h"

#include <string.h>

#include "rng.h"

/* Constants were made with Python's integers. */

static const int64_t most = INT64_C(999999999999999999);

static bool
sum_is(const struct gram *gram, size_t i, size_t j, const char *want)
{
	struct buf text = {0};
	size_t scale;
	const struct bigint *sum = gram_sum(gram, i, j, &scale);
	bool same;

	bigint_text(sum, scale, &text);
	same = !strcmp(buf_text(&text), want);
	if (!same)
		printf("# (%zu, %zu) is %s, not %s\n", i, j, buf_text(&text),
		    want);
	buf_release(&text);
	return same;
}

/* Gives a column that many rows of one value. */
static int
fill(struct gram *gram, size_t column, int64_t value, size_t rows)
{
	int64_t m[GRAM_ROWS];
	uint8_t scales[GRAM_ROWS] = {0};

	for (size_t r = 0; r < rows; r++)
		m[r] = value;
	return gram_column(gram, column, m, scales, rows);
}

/* A full block of the largest products does not overflow 128 bits. */
static void
test_run_bound(void)
{
	struct gram *gram = gram_new(3);

	fill(gram, 1, most, 256);
	fill(gram, 2, -most, 256);
	CHECK(!gram_add(gram, 256));
	CHECK(sum_is(gram, 0, 1, "255999999999999999744"));
	CHECK(sum_is(gram, 1, 1, "255999999999999999488000000000000000256"));
	CHECK(sum_is(gram, 1, 2, "-255999999999999999488000000000000000256"));
	gram_free(gram);

	gram = gram_new(3);
	fill(gram, 1, INT64_MIN, 256);
	fill(gram, 2, INT64_MAX, 256);
	CHECK(!gram_add(gram, 256));
	CHECK(sum_is(gram, 0, 0, "256"));
	CHECK(sum_is(gram, 0, 1, "-2361183241434822606848"));
	CHECK(sum_is(gram, 1, 1, "21778071482940061661655974875633165533184"));
	CHECK(sum_is(gram, 1, 2, "-21778071482940061659294791634198342926336"));
	gram_free(gram);
}

/* Weights of 62 bits and more, where a product is in two parts or is wide. */
static void
test_weights(void)
{
	struct gram *gram = gram_new_weighted(2);

	fill(gram, 1, -most, 256);
	fill(gram, 2, most, 256);
	CHECK(!gram_add(gram, 256));
	CHECK(sum_is(gram, 0, 0, "255999999999999999744"));
	CHECK(sum_is(gram, 0, 1, "-255999999999999999488000000000000000256"));
	CHECK(sum_is(gram, 1, 1,
	    "255999999999999999232000000000000000767999999999999999744"));
	gram_free(gram);

	gram = gram_new_weighted(2);
	fill(gram, 1, INT64_MIN, 256);
	fill(gram, 2, INT64_MAX, 256);
	CHECK(!gram_add(gram, 256));
	CHECK(sum_is(gram, 1, 1,
	    "200867255532373784420967190059705263653619399347215938879488"));
	gram_free(gram);

	gram = gram_new_weighted(2);
	fill(gram, 1, INT64_C(1) << 31, 256);
	fill(gram, 2, (INT64_C(1) << 31) - 1, 256);
	CHECK(!gram_add(gram, 256));
	CHECK(sum_is(gram, 1, 1, "2535301199275867182275995107328"));
	gram_free(gram);
}

/* The scale of a weight is a part of all sums, and grows with it. */
static void
test_weight_scale(void)
{
	struct gram *gram = gram_new_weighted(2);
	int64_t x[] = {3, 5}, w[] = {2, 125};
	uint8_t none[] = {0, 0}, one[] = {0, 3};

	for (size_t r = 0; r < 2; r++) {
		gram_column(gram, 1, x + r, none, 1);
		gram_column(gram, 2, w + r, one + r, 1);
		CHECK(!gram_add(gram, 1));
	}
	CHECK(sum_is(gram, 0, 0, "2.125"));
	CHECK(sum_is(gram, 0, 1, "6.625"));
	CHECK(sum_is(gram, 1, 1, "21.125"));
	gram_free(gram);
}

/* 10^-r in row r: within a block the scale is aligned, or the values wide. */
static void
test_scales(size_t rows_at_once)
{
	struct gram *gram = gram_new(2);
	struct buf ones = {0}, squares = {0};

	for (size_t from = 0; from < 256; from += rows_at_once) {
		size_t rows =
		    256 - from < rows_at_once ? 256 - from : rows_at_once;
		int64_t m[GRAM_ROWS];
		uint8_t scales[GRAM_ROWS];

		for (size_t r = 0; r < rows; r++) {
			m[r] = 1;
			scales[r] = (uint8_t)(from + r);
		}
		gram_column(gram, 1, m, scales, rows);
		CHECK(!gram_add(gram, rows));
	}
	buf_puts(&ones, "1.");
	buf_puts(&squares, "1.");
	for (size_t i = 1; i < 256; i++) {
		buf_puts(&ones, "1");
		buf_puts(&squares, "01");
	}
	CHECK(sum_is(gram, 0, 1, buf_text(&ones)));
	CHECK(sum_is(gram, 1, 1, buf_text(&squares)));
	buf_release(&ones);
	buf_release(&squares);
	gram_free(gram);
}

/* One value of a block that 64 bits do not hold, at a scale of its own. */
static void
test_wide(void)
{
	struct gram *gram = gram_new(3);
	struct bigint big = {0};
	size_t scale;

	fill(gram, 1, 7, 3);
	fill(gram, 2, 2, 3);
	CHECK(!bigint_set_decimal(&big, slice_of("1e30"), &scale));
	CHECK(!gram_value(gram, 1, 1, &big, scale));
	CHECK(!bigint_set_decimal(&big, slice_of("0.25"), &scale));
	CHECK(!gram_value(gram, 1, 2, &big, scale));
	CHECK(!gram_add(gram, 3));
	CHECK(sum_is(gram, 0, 1, "1000000000000000000000000000007.25"));
	CHECK(sum_is(gram, 1, 2, "2000000000000000000000000000014.5"));
	CHECK(sum_is(gram, 1, 1,
	    "1000000000000000000000000000000000000000000000000000000000049.0625"));
	/* the next block has none of it */
	fill(gram, 1, 1, 3);
	fill(gram, 2, 2, 3);
	CHECK(!gram_add(gram, 3));
	CHECK(sum_is(gram, 0, 1, "1000000000000000000000000000010.25"));
	bigint_release(&big);
	gram_free(gram);
}

enum { COLUMNS = 4, SCALE = 24 };

/* A block of random decimals, whose bits and scales the block's number says. */
struct block {
	int64_t m[COLUMNS][GRAM_ROWS];
	uint8_t scales[COLUMNS][GRAM_ROWS];
	size_t rows;
};

static void
make_block(struct block *block, uint64_t *random, size_t number)
{
	block->rows = 1 + rng_next(random) % GRAM_ROWS;
	for (size_t i = 1; i < COLUMNS; i++) {
		unsigned bits = (unsigned)(20 * i + 11 * number) % 64;
		unsigned least = (unsigned)(number * i) % 8;
		unsigned spread = (unsigned)(number + i) % (SCALE - 7);

		for (size_t r = 0; r < block->rows; r++) {
			uint64_t next = rng_next(random);

			block->m[i][r] = (int64_t)next >> bits;
			block->scales[i][r] =
			    (uint8_t)(least + rng_next(random) % (spread + 1));
		}
	}
	for (size_t r = 0; r < block->rows; r++) {
		block->m[0][r] = 1;
		block->scales[0][r] = 0;
	}
}

/* The same sums, product by product, in integers of any size. */
static void
add_slowly(struct bigint *sums, const struct block *block, bool weighted)
{
	struct bigint a = {0}, b = {0};
	size_t count = weighted ? COLUMNS - 1 : COLUMNS;

	for (size_t r = 0; r < block->rows; r++) {
		for (size_t i = 0; i < count; i++) {
			for (size_t j = 0; j <= i; j++) {
				size_t scale = (size_t)block->scales[i][r] +
					       block->scales[j][r];

				bigint_set_int64(&a, block->m[i][r]);
				bigint_set_int64(&b, block->m[j][r]);
				bigint_mul(&a, &a, &b);
				if (weighted) {
					bigint_set_int64(
					    &b, block->m[count][r]);
					bigint_mul(&a, &a, &b);
					scale += block->scales[count][r];
				}
				bigint_scale(&a, 3 * SCALE - scale);
				bigint_add(&sums[i * COLUMNS + j], &a);
			}
		}
	}
	bigint_release(&a);
	bigint_release(&b);
}

/* Sums of narrow, split and wide columns are those of slow arithmetic. */
static void
test_random(bool weighted)
{
	size_t count = weighted ? COLUMNS - 1 : COLUMNS;
	struct gram *gram =
	    weighted ? gram_new_weighted(count) : gram_new(count);
	struct bigint sums[COLUMNS * COLUMNS] = {{0}};
	static struct block block;
	uint64_t random = 5;

	for (size_t number = 0; number < 60; number++) {
		bool good = true;

		make_block(&block, &random, number);
		for (size_t i = 1; i < COLUMNS; i++)
			good &= !gram_column(
			    gram, i, block.m[i], block.scales[i], block.rows);
		CHECK(good && !gram_add(gram, block.rows));
		add_slowly(sums, &block, weighted);
	}
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j <= i; j++) {
			struct buf want = {0};

			bigint_text(&sums[i * COLUMNS + j], 3 * SCALE, &want);
			CHECK(sum_is(gram, i, j, buf_text(&want)));
			buf_release(&want);
			bigint_release(&sums[i * COLUMNS + j]);
		}
	}
	gram_free(gram);
}

int
main(void)
{
	test_random(false);
	test_random(true);
	test_run_bound();
	test_weights();
	test_weight_scale();
	test_scales(1);
	test_scales(19);
	test_scales(256);
	test_wide();
	return check_done();
}
