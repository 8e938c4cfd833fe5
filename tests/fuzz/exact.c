/* SPDX-License-Identifier: ISC */
#include "exact.h"

#include "decimal.h"
#include "fuzz.h"

int
exact_cut(struct slice *rest, char byte, struct exact *number)
{
	struct slice cell = fuzz_cut(rest, byte);
	struct buf text = {0}, canon = {0};

	if (bigint_set_decimal(&number->value, cell, &number->scale))
		return -1;
	bigint_text(&number->value, number->scale, &text);
	PROPERTY(!decimal_canon(cell, &canon));
	PROPERTY(slice_equal(buf_slice(&text), buf_slice(&canon)));
	buf_release(&text);
	buf_release(&canon);
	return 0;
}

bool
exact_lines(struct slice text, struct exact *numbers, size_t count)
{
	bool good = true;

	for (size_t i = 0; i < count; i++)
		good = !exact_cut(&text, '\n', &numbers[i]) && good;
	return good;
}

void
exact_free(struct exact *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bigint_release(&numbers[i].value);
}

void
exact_table(struct slice text, struct exact_table *table)
{
	size_t i = 0, most;

	table->columns = 2;
	if (text.len) {
		table->columns += (size_t)text.data[0] % (EXACT_COLUMNS - 1);
		text.data++;
		text.len--;
	}
	most = table->columns * EXACT_ROWS;
	while (i < most && (i % table->columns == 0 || text.len)) {
		struct exact *cell = &table->cells[i];

		if (i % table->columns == 0)
			bigint_set_int64(&cell->value, 1);
		else if (exact_cut(&text, ',', cell))
			continue;
		i++;
	}
	table->rows = i / table->columns;
}

/* Of a column's term. */
static struct slice
name(size_t column)
{
	return (struct slice){&"1abcd"[column], 1};
}

/* The mantissa if 64 bits hold it, with a scale that 8 do; else false. */
static bool
is_small(const struct exact *cell, int64_t *mantissa)
{
	struct bigint back = {0};
	size_t count;
	uint64_t *limbs = bigint_magnitude(&cell->value, &count);
	uint64_t low = count ? limbs[0] : 0;
	bool small;

	low = bigint_sign(&cell->value) < 0 ? -low : low;
	memcpy(mantissa, &low, sizeof(low));
	bigint_set_int64(&back, *mantissa);
	small = !bigint_compare(&back, &cell->value) && cell->scale <= 18;
	bigint_release(&back);
	free(limbs);
	return small;
}

/* Gives a column of a block to the sums. */
static int
give(struct gram *gram, const struct exact_table *table, size_t column,
    size_t from, size_t rows)
{
	int64_t mantissas[EXACT_ROWS] = {0};
	uint8_t scales[EXACT_ROWS] = {0};
	bool small[EXACT_ROWS];
	const struct exact *cell =
	    &table->cells[from * table->columns + column];

	for (size_t i = 0; i < rows; i++) {
		const struct exact *at = &cell[i * table->columns];

		small[i] = is_small(at, &mantissas[i]);
		if (small[i])
			scales[i] = (uint8_t)at->scale;
		else
			mantissas[i] = 0;
	}
	if (gram_column(gram, column, mantissas, scales, rows))
		return -1;
	for (size_t i = 0; i < rows; i++) {
		const struct exact *at = &cell[i * table->columns];

		if (!small[i] &&
		    gram_value(gram, column, i, &at->value, at->scale))
			return -1;
	}
	return 0;
}

static int
sum_up(struct gram *gram, const struct exact_table *table, size_t block)
{
	for (size_t from = 0; from < table->rows; from += block) {
		size_t rows = table->rows - from;

		if (rows > block)
			rows = block;
		for (size_t j = 1; j < table->columns; j++) {
			if (give(gram, table, j, from, rows))
				return -1;
		}
		if (gram_add(gram, rows))
			return -1;
	}
	return 0;
}

/* Adds to a state, one by one, the products of two columns. */
static int
add_products(const struct exact_table *table, size_t i, size_t j, bool subtract,
    struct state *state)
{
	struct bigint product = {0};
	int status = 0;

	for (size_t row = 0; !status && row < table->rows; row++) {
		const struct exact *cells = &table->cells[row * table->columns];

		status = bigint_mul(&product, &cells[i].value, &cells[j].value);
		if (!status)
			status =
			    state_add_sum(state, name(i), name(j), &product,
				cells[i].scale + cells[j].scale, subtract);
	}
	bigint_release(&product);
	return status;
}

int
exact_sums(const struct exact_table *table, size_t block, bool subtract,
    struct state *state)
{
	struct gram *gram = gram_new(table->columns);
	int status = block ? sum_up(gram, table, block) : 0;

	for (size_t i = 0; i < table->columns; i++) {
		for (size_t j = i; !status && j < table->columns; j++) {
			size_t scale;
			const struct bigint *sum = gram_sum(gram, i, j, &scale);

			if (block)
				status = state_add_sum(state, name(i), name(j),
				    sum, scale, subtract);
			else
				status =
				    add_products(table, i, j, subtract, state);
		}
	}
	gram_free(gram);
	return status;
}

/* The term of a coefficient's column. */
static size_t
term(const struct ols_fit *fit, const struct ols_task *task, size_t i)
{
	size_t column = fit->rank.pivots[i];

	if (!fit->intercept)
		return task->x[column];
	return column ? task->x[column - 1] : 0;
}

/* r = the sum of products of two terms */
static void
set_sum(struct bigfloat *r, const struct state *state, size_t i, size_t j)
{
	const struct state_sum *sum = state_pair(state, i, j);

	bigfloat_set_bigint(r, &sum->value);
	bigfloat_scale(r, r, -(int64_t)sum->scale);
}

bool
exact_solved(const struct ols_fit *fit, const struct ols_task *task)
{
	struct bigfloat *w = bigfloat_new(2, fit->n->size), *left = w + 1;
	bool solved = true;

	for (size_t i = 0; i < fit->rank.count; i++) {
		size_t at = term(fit, task, i);
		int64_t top;

		set_sum(left, task->state, at, task->y);
		top = left->sign ? left->exponent : INT64_MIN;
		for (size_t k = 0; k < fit->rank.count; k++) {
			set_sum(w, task->state, at, term(fit, task, k));
			bigfloat_mul(w, w, &fit->coef[k]);
			if (w->sign && w->exponent > top)
				top = w->exponent;
			bigfloat_sub(left, left, w);
		}
		/* 10^20 is less than 2^67 */
		solved = solved && (!left->sign || left->exponent < top - 67);
	}
	free(w);
	return solved;
}
