/* SPDX-License-Identifier: ISC */
#include "gram.h"

#include <stdlib.h>
#include <string.h>

#include "digits.h"

enum {
	MAX_POWER = 18, /* 10^18 is the last one below 2^63 */
	/* of the lower part: 256 products of two still fit 128 bits */
	LOW_BITS = 58,
};

/*
 * The values of a block, at a scale of its own: one value that is small does
 * not make those of all other blocks long. They are m; or, split, m + high *
 * 2^LOW_BITS; or wide.
 */
struct column {
	int64_t m[GRAM_ROWS];
	int64_t *high;            /* room for these, or NULL */
	unsigned bits, high_bits; /* |m| <= 2^bits over the block */
	bool split;
	struct bigint *wide;       /* NULL if they are not */
	size_t block_scale, scale; /* of the values, and of the sums */
};

struct gram {
	size_t count;
	struct column *columns;
	struct bigint *sums; /* packed: (i, j), j <= i, at i (i + 1) / 2 + j */
	struct column *weight;  /* behind the columns, or NULL */
	struct column weighted; /* a column times the weights */
};

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

static void
release(struct column *column)
{
	drop_wide(column);
	free(column->high);
}

void
gram_free(struct gram *gram)
{
	if (!gram)
		return;
	for (size_t i = 0; i < gram->count + (gram->weight != NULL); i++)
		release(&gram->columns[i]);
	release(&gram->weighted);
	for (size_t i = 0; i < gram->count * (gram->count + 1) / 2; i++)
		bigint_release(&gram->sums[i]);
	free(gram->columns);
	free(gram->sums);
	free(gram);
}

/* Raises the scale of all sums that a column has a part in. */
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

/* A value of the block as an integer; room is for one that is not wide. */
static const struct bigint *
value_of(const struct column *column, size_t r, struct bigint *room)
{
	if (column->wide)
		return &column->wide[r];
	bigint_set_int64(room, column->m[r]);
	if (column->split)
		bigint_add_int128(room, column->high[r], LOW_BITS);
	return room;
}

/* Moves the block of a column into integers of any size. */
static void
widen(struct column *column)
{
	struct bigint *wide;

	if (column->wide)
		return;
	wide = xcalloc(GRAM_ROWS, sizeof(*column->wide));
	for (size_t r = 0; r < GRAM_ROWS; r++)
		value_of(column, r, &wide[r]);
	column->wide = wide;
	column->split = false;
}

/* Widens a column and sets its values again, each at the block's scale. */
static int
set_wide(struct column *column, const int64_t *mantissas, const uint8_t *scales,
    size_t rows)
{
	widen(column);
	for (size_t r = 0; r < rows; r++) {
		bigint_set_int64(&column->wide[r], mantissas[r]);
		if (bigint_scale(
			&column->wide[r], column->block_scale - scales[r]))
			return -1;
	}
	return 0;
}

/* Brings mantissas to the block's scale; false if one would leave 64 bits. */
static bool
align(struct column *column, const int64_t *mantissas, const uint8_t *scales,
    size_t rows)
{
	for (size_t r = 0; r < rows; r++) {
		size_t by = column->block_scale - scales[r];
		int64_t m = mantissas[r];

		if (m == 0)
			by = 0;
		if (by > MAX_POWER ||
		    __builtin_mul_overflow(
			m, (int64_t)digits_power[by], &column->m[r]))
			return false;
	}
	return true;
}

/* Splits a value in two; false if it is too large for that. */
static bool
split(struct column *column, size_t r, int128 value)
{
	const int128 low = ((int128)1 << LOW_BITS) - 1;
	int128 high = value >> LOW_BITS;

	column->m[r] = (int64_t)(value & low);
	column->high[r] = (int64_t)high;
	return high >= INT64_MIN && high <= INT64_MAX;
}

static void
make_split(struct column *column)
{
	column->split = true;
	if (!column->high)
		column->high = xcalloc(GRAM_ROWS, sizeof(*column->high));
}

/* align() to two parts; false if one would leave these. */
static bool
align_split(struct column *column, const int64_t *mantissas,
    const uint8_t *scales, size_t rows)
{
	make_split(column);
	for (size_t r = 0; r < rows && column->split; r++) {
		size_t by = mantissas[r] ? column->block_scale - scales[r] : 0;

		column->split =
		    by <= MAX_POWER &&
		    split(column, r,
			(int128)mantissas[r] * (int64_t)digits_power[by]);
	}
	return column->split;
}

int
gram_column(struct gram *gram, size_t index, const int64_t *mantissas,
    const uint8_t *scales, size_t rows)
{
	struct column *column = &gram->columns[index];
	unsigned most = 0, least = UINT8_MAX;

	drop_wide(column);
	column->split = false;
	for (size_t r = 0; r < rows; r++) {
		most = scales[r] > most ? scales[r] : most;
		least = scales[r] < least ? scales[r] : least;
	}
	if (most > column->scale && raise_scale(gram, index, most))
		return -1;
	column->block_scale = most;
	if (least == most)
		memcpy(column->m, mantissas, rows * sizeof(*mantissas));
	else if (!align(column, mantissas, scales, rows) &&
		 !align_split(column, mantissas, scales, rows))
		return set_wide(column, mantissas, scales, rows);
	return 0;
}

int
gram_value(struct gram *gram, size_t index, size_t row,
    const struct bigint *value, size_t scale)
{
	struct column *column = &gram->columns[index];
	size_t old = column->block_scale;
	int result = 0;

	widen(column);
	if (scale > column->scale)
		result = raise_scale(gram, index, scale);
	if (scale > old)
		column->block_scale = scale;
	for (size_t r = 0; r < GRAM_ROWS && scale > old && !result; r++)
		result = bigint_scale(&column->wide[r], scale - old);
	bigint_set(&column->wide[row], value);
	if (!result)
		result = bigint_scale(
		    &column->wide[row], column->block_scale - scale);
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

/* A column, or one part of it: |m| <= 2^bits. */
struct part {
	const int64_t *m;
	unsigned bits;
};

/*
 * Adds the sum of products times 2^shift. Products are at most 2^(bits of
 * both) <= 2^126, and as many of them as are added before the sum is put away
 * come to no more than that.
 */
static int
add_products(struct bigint *sum, struct part a, struct part b, size_t rows,
    unsigned shift)
{
	unsigned spare = 126 - a.bits - b.bits;
	size_t run = spare < 8 ? (size_t)1 << spare : GRAM_ROWS;

	for (size_t from = 0; from < rows; from += run) {
		size_t to = rows - from < run ? rows : from + run;
		int128 t = 0;

		for (size_t r = from; r < to; r++)
			t += (int128)a.m[r] * b.m[r];
		if (bigint_add_int128(sum, t, shift))
			return -1;
	}
	return 0;
}

/* The same of columns that are not wide. */
static int
add_parts(struct bigint *sum, const struct column *a, const struct column *b,
    size_t rows)
{
	struct part low_a = {a->m, a->bits}, high_a = {a->high, a->high_bits};
	struct part low_b = {b->m, b->bits}, high_b = {b->high, b->high_bits};
	int result = add_products(sum, low_a, low_b, rows, 0);

	if (a->split && !result)
		result = add_products(sum, high_a, low_b, rows, LOW_BITS);
	if (b->split && !result)
		result = add_products(sum, low_a, high_b, rows, LOW_BITS);
	if (a->split && b->split && !result)
		result = add_products(sum, high_a, high_b, rows, 2 * LOW_BITS);
	return result;
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

/* Adds the products of two columns to a sum at the scale of the block's. */
static int
add_block(struct bigint *sum, const struct column *a, const struct column *b,
    size_t rows)
{
	return a->wide || b->wide ? add_wide_products(sum, a, b, rows)
				  : add_parts(sum, a, b, rows);
}

/* Adds them to a sum at the scale of the sums. */
static int
add_pair(struct bigint *sum, const struct column *a, const struct column *b,
    size_t rows)
{
	size_t by = a->scale - a->block_scale + b->scale - b->block_scale;
	struct bigint block = {0};
	int result;

	if (!by)
		return add_block(sum, a, b, rows);
	result = add_block(&block, a, b, rows);
	if (!result)
		result = bigint_scale(&block, by);
	if (!result)
		result = bigint_add(sum, &block);
	bigint_release(&block);
	return result;
}

static int
weigh_wide(struct column *weighted, const struct column *column,
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

static void
take_bits(struct column *column, size_t rows)
{
	column->bits = bits_of(column->m, rows);
	if (column->split) {
		column->bits = LOW_BITS;
		column->high_bits = bits_of(column->high, rows);
	}
}

/* weighted = column * weight */
static int
weigh(struct column *weighted, const struct column *column,
    const struct column *weight, size_t rows)
{
	unsigned bits = column->bits + weight->bits;
	bool narrow = !column->wide && !weight->wide && !column->split &&
		      !weight->split && bits <= LOW_BITS + 62;

	drop_wide(weighted);
	weighted->split = false;
	weighted->scale = column->scale + weight->scale;
	weighted->block_scale = column->block_scale + weight->block_scale;
	if (!narrow)
		return weigh_wide(weighted, column, weight, rows);
	if (bits > 62)
		make_split(weighted);
	for (size_t r = 0; r < rows; r++) {
		int128 product = (int128)column->m[r] * weight->m[r];

		if (weighted->split)
			split(weighted, r, product);
		else
			weighted->m[r] = (int64_t)product;
	}
	take_bits(weighted, rows);
	return 0;
}

int
gram_add(struct gram *gram, size_t rows)
{
	size_t all = gram->count + (gram->weight != NULL);
	int result = 0;

	for (size_t i = 1; i < all; i++)
		take_bits(&gram->columns[i], rows);
	for (size_t i = 0; i < gram->count && !result; i++) {
		const struct column *a = &gram->columns[i];

		if (gram->weight) {
			result = weigh(&gram->weighted, a, gram->weight, rows);
			a = &gram->weighted;
		}
		for (size_t j = 0; j <= i && !result; j++)
			result = add_pair(
			    sum_of(gram, i, j), a, &gram->columns[j], rows);
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
