/* SPDX-License-Identifier: ISC */
#include "gram.h"

#include <stdlib.h>
#include <string.h>

enum {
	MAX_POWER = 18, /* 10^18 is the last one below 2^63 */
	LOW_BITS = 62,
};

struct column {
	int64_t m[GRAM_ROWS];
	size_t scale;        /* of m, and of the sums */
	unsigned bits;       /* |m| < 2^bits over the block */
	struct bigint *wide; /* all values of the block, or NULL: they are m */
};

struct gram {
	size_t count;
	struct column *columns;
	struct bigint *sums; /* packed: (i, j), j <= i, at i (i + 1) / 2 + j */
	struct column *weight; /* behind the columns, or NULL */
	/*
	 * A column times the weights. Where 64 bits do not hold it, in two
	 * parts, the second one worth 2^LOW_BITS, if no column is wide.
	 */
	struct column weighted[2];
	bool split;
};

static const int64_t powers[MAX_POWER + 1] = {1, 10, 100, 1000, 10000, 100000,
    1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
    1000000000000, 10000000000000, 100000000000000, 1000000000000000,
    10000000000000000, 100000000000000000, 1000000000000000000};

static struct bigint *
sum_of(const struct gram *gram, size_t i, size_t j)
{
	return &gram->sums[i > j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i];
}

static struct gram *new (size_t columns, bool weighted)
{
	struct gram *gram = xcalloc(1, sizeof(*gram));

	gram->count = columns;
	gram->columns = xcalloc(columns + weighted, sizeof(*gram->columns));
	if (weighted)
		gram->weight = &gram->columns[columns];
	gram->sums = xcalloc(columns * (columns + 1) / 2, sizeof(*gram->sums));
	for (size_t r = 0; r < GRAM_ROWS; r++)
		gram->columns[0].m[r] = 1;
	gram->columns[0].bits = 1;
	return gram;
}

struct gram *
gram_new(size_t columns)
{
	return new (columns, false);
}

struct gram *
gram_new_weighted(size_t columns)
{
	return new (columns, true);
}

static void
drop_wide(struct column *column)
{
	for (size_t r = 0; column->wide && r < GRAM_ROWS; r++)
		bigint_release(&column->wide[r]);
	free(column->wide);
	column->wide = NULL;
}

void
gram_free(struct gram *gram)
{
	if (!gram)
		return;
	for (size_t i = 0; i < gram->count; i++)
		drop_wide(&gram->columns[i]);
	if (gram->weight)
		drop_wide(gram->weight);
	drop_wide(&gram->weighted[0]);
	for (size_t i = 0; i < gram->count * (gram->count + 1) / 2; i++)
		bigint_release(&gram->sums[i]);
	free(gram->columns);
	free(gram->sums);
	free(gram);
}

/* Raises a column's scale, with all sums that it has a part in. */
static int
raise_scale(struct gram *gram, size_t column, size_t scale)
{
	size_t by = scale - gram->columns[column].scale;
	bool weight = column == gram->count;

	for (size_t i = 0; !weight && i < gram->count; i++) {
		if (bigint_scale(
			sum_of(gram, column, i), i == column ? 2 * by : by))
			return -1;
	}
	for (size_t i = 0; weight && i < gram->count * (gram->count + 1) / 2;
	     i++) {
		if (bigint_scale(&gram->sums[i], by))
			return -1;
	}
	gram->columns[column].scale = scale;
	return 0;
}

/* Moves the block of a column into integers of any size. */
static void
widen(struct column *column)
{
	if (column->wide)
		return;
	column->wide = xcalloc(GRAM_ROWS, sizeof(*column->wide));
	for (size_t r = 0; r < GRAM_ROWS; r++)
		bigint_set_int64(&column->wide[r], column->m[r]);
}

/* Widens a column and sets its values again, each at the column's scale. */
static int
set_wide(struct column *column, const int64_t *mantissas, const uint8_t *scales,
    size_t rows)
{
	widen(column);
	for (size_t r = 0; r < rows; r++) {
		bigint_set_int64(&column->wide[r], mantissas[r]);
		if (bigint_scale(&column->wide[r], column->scale - scales[r]))
			return -1;
	}
	return 0;
}

/* Brings mantissas to a scale; false if one would leave 64 bits. */
static bool
align(struct column *column, const int64_t *mantissas, const uint8_t *scales,
    size_t rows)
{
	for (size_t r = 0; r < rows; r++) {
		size_t by = column->scale - scales[r];
		int64_t m = mantissas[r];

		if (m == 0)
			by = 0;
		if (by > MAX_POWER || m > INT64_MAX / powers[by] ||
		    m < -(INT64_MAX / powers[by]))
			return false;
		column->m[r] = m * powers[by];
	}
	return true;
}

int
gram_column(struct gram *gram, size_t index, const int64_t *mantissas,
    const uint8_t *scales, size_t rows)
{
	struct column *column = &gram->columns[index];
	unsigned most = 0, least = UINT8_MAX;

	drop_wide(column);
	for (size_t r = 0; r < rows; r++) {
		most = scales[r] > most ? scales[r] : most;
		least = scales[r] < least ? scales[r] : least;
	}
	if (most > column->scale && raise_scale(gram, index, most))
		return -1;
	if (least == column->scale)
		memcpy(column->m, mantissas, rows * sizeof(*mantissas));
	else if (!align(column, mantissas, scales, rows))
		return set_wide(column, mantissas, scales, rows);
	return 0;
}

int
gram_value(struct gram *gram, size_t index, size_t row,
    const struct bigint *value, size_t scale)
{
	struct column *column = &gram->columns[index];
	size_t by = scale > column->scale ? scale - column->scale : 0;
	int result = 0;

	widen(column);
	if (by)
		result = raise_scale(gram, index, scale);
	for (size_t r = 0; r < GRAM_ROWS && by && !result; r++)
		result = bigint_scale(&column->wide[r], by);
	bigint_set(&column->wide[row], value);
	if (!result)
		result =
		    bigint_scale(&column->wide[row], column->scale - scale);
	return result;
}

/* The least bits with |m| <= 2^bits. */
static unsigned
bits_of(const int64_t *m, size_t rows)
{
	uint64_t all = 0;

	for (size_t r = 0; r < rows; r++)
		all |= (uint64_t)(m[r] ^ (m[r] >> 63));
	return all ? 64 - (unsigned)__builtin_clzll(all) : 0;
}

/*
 * Products are at most 2^(bits of both) <= 2^126, and as many of them as are
 * added before the sum is put away come to no more than that; there it counts
 * 2^shift times.
 */
static int
add_products(struct bigint *sum, const struct column *a, const struct column *b,
    size_t rows, unsigned shift)
{
	unsigned spare = 126 - a->bits - b->bits;
	size_t run = spare < 8 ? (size_t)1 << spare : GRAM_ROWS;

	for (size_t from = 0; from < rows; from += run) {
		size_t to = rows - from < run ? rows : from + run;
		int128 t = 0;

		for (size_t r = from; r < to; r++)
			t += (int128)a->m[r] * b->m[r];
		if (bigint_add_int128(sum, t, shift))
			return -1;
	}
	return 0;
}

static const struct bigint *
value_of(const struct column *column, size_t r, struct bigint *room)
{
	if (column->wide)
		return &column->wide[r];
	bigint_set_int64(room, column->m[r]);
	return room;
}

static int
add_wide_products(struct bigint *sum, const struct column *a,
    const struct column *b, size_t rows)
{
	struct bigint x = {0}, y = {0}, product = {0};
	int result = 0;

	for (size_t r = 0; r < rows && !result; r++) {
		result = bigint_mul(
		    &product, value_of(a, r, &x), value_of(b, r, &y));
		if (!result)
			result = bigint_add(sum, &product);
	}
	bigint_release(&x);
	bigint_release(&y);
	bigint_release(&product);
	return result;
}

static void
split_weighted(struct column weighted[2], const struct column *column,
    const struct column *weight, size_t rows)
{
	const int128 low = ((int128)1 << LOW_BITS) - 1;

	for (size_t r = 0; r < rows; r++) {
		int128 product = (int128)column->m[r] * weight->m[r];

		weighted[0].m[r] = (int64_t)(product & low);
		weighted[1].m[r] = (int64_t)(product >> LOW_BITS);
	}
	weighted[0].bits = LOW_BITS;
	weighted[1].bits = bits_of(weighted[1].m, rows);
}

static int
widen_weighted(struct column *weighted, const struct column *column,
    const struct column *weight, size_t rows)
{
	struct bigint x = {0}, w = {0};
	int result = 0;

	widen(weighted);
	for (size_t r = 0; r < rows && !result; r++)
		result = bigint_mul(&weighted->wide[r], value_of(column, r, &x),
		    value_of(weight, r, &w));
	bigint_release(&x);
	bigint_release(&w);
	return result;
}

/* weighted = column * weight */
static int
weigh(
    struct gram *gram, const struct column *column, bool any_wide, size_t rows)
{
	const struct column *weight = gram->weight;
	struct column *weighted = gram->weighted;
	unsigned bits = column->bits + weight->bits;
	bool wide = column->wide || weight->wide;

	drop_wide(weighted);
	gram->split = !any_wide && bits > LOW_BITS && bits <= 2 * LOW_BITS;
	if (gram->split) {
		split_weighted(weighted, column, weight, rows);
		return 0;
	}
	if (wide || bits > LOW_BITS)
		return widen_weighted(weighted, column, weight, rows);
	for (size_t r = 0; r < rows; r++)
		weighted->m[r] = column->m[r] * weight->m[r];
	weighted->bits = bits;
	return 0;
}

/* Adds the products of a, which may be weighted, with column j. */
static int
add_pair(
    struct gram *gram, const struct column *a, size_t i, size_t j, size_t rows)
{
	const struct column *b = &gram->columns[j];
	struct bigint *sum = sum_of(gram, i, j);

	if (a->wide || b->wide)
		return add_wide_products(sum, a, b, rows);
	if (add_products(sum, a, b, rows, 0))
		return -1;
	return gram->split
		   ? add_products(sum, &gram->weighted[1], b, rows, LOW_BITS)
		   : 0;
}

int
gram_add(struct gram *gram, size_t rows)
{
	size_t all = gram->count + (gram->weight != NULL);
	bool any_wide = false;
	int result = 0;

	for (size_t i = 1; i < all; i++) {
		gram->columns[i].bits = bits_of(gram->columns[i].m, rows);
		any_wide |= gram->columns[i].wide != NULL;
	}
	for (size_t i = 0; i < gram->count && !result; i++) {
		const struct column *a = &gram->columns[i];

		if (gram->weight) {
			result = weigh(gram, a, any_wide, rows);
			a = gram->weighted;
		}
		for (size_t j = 0; j <= i && !result; j++)
			result = add_pair(gram, a, i, j, rows);
	}
	for (size_t i = 0; i < all; i++)
		drop_wide(&gram->columns[i]);
	return result;
}

const struct bigint *
gram_sum(const struct gram *gram, size_t i, size_t j, size_t *scale)
{
	*scale = gram->columns[i].scale + gram->columns[j].scale +
		 (gram->weight ? gram->weight->scale : 0);
	return sum_of(gram, i, j);
}
