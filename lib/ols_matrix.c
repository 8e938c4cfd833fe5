/* SPDX-License-Identifier: ISC */
#include "ols_matrix.h"

#include <stdlib.h>
#include <string.h>

/* Two of them can be multiplied, and a few such products added. */
enum { MAX_BITS = BIGINT_BITS / 2 - 64 };

/* Where the terms of the task stand in the state. */
static size_t *
terms_of(const struct ols_task *task, size_t n)
{
	size_t *terms = xcalloc(n, sizeof(*terms));

	terms[0] = (size_t)cols_find(&task->state->terms, slice_of("1"));
	for (size_t i = 0; i < task->nx; i++)
		terms[i + 1] = task->x[i];
	terms[n - 1] = task->y;
	return terms;
}

/* A sum with a level that is not there is 0. */
static bool
is_level(const struct state *state, size_t term)
{
	return strchr(state->terms.names[term], '=') != NULL;
}

static int
take_sum(const struct state *state, size_t i, size_t j,
    const struct state_sum **sum, struct buf *error)
{
	*sum = state_pair(state, i, j);
	if ((*sum)->present || is_level(state, i) || is_level(state, j))
		return 0;
	buf_printf(error, "no sum of '%s' and '%s'", state->terms.names[i],
	    state->terms.names[j]);
	return -1;
}

/* Brings every element to the scale of the matrix. */
static int
align(struct ols_matrix *matrix, const size_t *scales, size_t count)
{
	for (size_t k = 0; k < count; k++) {
		if (bigint_scale(&matrix->a[k], matrix->scale - scales[k]) ||
		    bigint_bits(&matrix->a[k]) > MAX_BITS)
			return -1;
	}
	return 0;
}

int
ols_matrix_init(
    struct ols_matrix *matrix, const struct ols_task *task, struct buf *error)
{
	size_t n = task->nx + 2, count = n * (n + 1) / 2, k = 0;
	size_t *terms = terms_of(task, n);
	size_t *scales = xcalloc(count, sizeof(*scales));
	int result = 0;

	*matrix = (struct ols_matrix){.n = n,
	    .target = n - 1,
	    .first = !task->intercept,
	    .a = xcalloc(count, sizeof(struct bigint))};
	for (size_t i = 0; i < n && !result; i++) {
		for (size_t j = 0; j <= i && !result; j++, k++) {
			const struct state_sum *sum;

			result = take_sum(
			    task->state, terms[i], terms[j], &sum, error);
			bigint_set(&matrix->a[k], &sum->value);
			scales[k] = sum->scale;
			if (sum->scale > matrix->scale)
				matrix->scale = sum->scale;
		}
	}
	if (!result && align(matrix, scales, count)) {
		buf_puts(error, "the sums are too large");
		result = -1;
	}
	free(terms);
	free(scales);
	return result;
}

void
ols_matrix_release(struct ols_matrix *matrix)
{
	for (size_t k = 0; k < matrix->n * (matrix->n + 1) / 2; k++)
		bigint_release(&matrix->a[k]);
	free(matrix->a);
	*matrix = (struct ols_matrix){0};
}

const struct bigint *
ols_element(const struct ols_matrix *matrix, size_t i, size_t j)
{
	return &matrix->a[i > j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i];
}

void
ols_variation(const struct ols_matrix *matrix, size_t j, struct bigint *r)
{
	const struct bigint *sum = ols_element(matrix, 0, j);
	struct bigint square = {0};

	/* none of these passes the limit: see MAX_BITS */
	bigint_mul(r, ols_element(matrix, 0, 0), ols_element(matrix, j, j));
	bigint_mul(&square, sum, sum);
	bigint_sub(r, &square);
	bigint_release(&square);
}
