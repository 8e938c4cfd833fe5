/* SPDX-License-Identifier: ISC */
#include "ridge.h"

#include <stdlib.h>

#include "ldl.h"
#include "ols_matrix.h"

enum { FIRST_LIMBS = 8, SSE_LIMBS = 16 };

/* The system for one lambda, in numbers of one size. */
struct system {
	const struct ols_matrix *matrix;
	const struct ols_fit *fit;
	size_t count; /* coefficients held back: all but the constant */
	size_t size;
};

/* The matrix's index of coefficient i held back; i = count is the target. */
static size_t
index_of(const struct system *s, size_t i)
{
	if (i == s->count)
		return s->matrix->target;
	return s->matrix->first + s->fit->rank.pivots[i + s->fit->intercept];
}

/* r = A_11 A_ij - A_1i A_1j, or A_ij without an intercept */
static void
centred(const struct system *s, size_t i, size_t j, struct bigfloat *r)
{
	const struct ols_matrix *m = s->matrix;
	size_t a = index_of(s, i), b = index_of(s, j);
	struct bigint left = {0}, right = {0};

	bigint_set(&left, ols_element(m, a, b));
	if (s->fit->intercept) {
		bigint_mul(&left, &left, ols_element(m, 0, 0));
		bigint_mul(&right, ols_element(m, 0, a), ols_element(m, 0, b));
		bigint_sub(&left, &right);
	}
	bigfloat_set_bigint(r, &left);
	bigint_release(&left);
	bigint_release(&right);
}

/* b = the coefficients held back; false if the numbers are too short. */
static bool
solve(const struct system *s, const char *lambda, struct bigfloat *b)
{
	size_t n = s->count + 1;
	struct bigfloat *a = bigfloat_new(ldl_at(n, 0), s->size);
	struct bigfloat *w = bigfloat_new(2, s->size);
	struct ldl ldl;
	bool good;

	bigfloat_set_int(&w[0], 1);
	bigfloat_set_text(&w[1], slice_of(lambda));
	bigfloat_add(&w[0], &w[0], &w[1]);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j <= i; j++)
			centred(s, i, j, &a[ldl_at(i, j)]);
		if (i < s->count)
			bigfloat_mul(&a[ldl_at(i, i)], &a[ldl_at(i, i)], &w[0]);
	}
	good = ldl_factor(&ldl, a, n);
	if (good)
		ldl_solve(&ldl, b);
	ldl_release(&ldl);
	free(a);
	free(w);
	return good;
}

/* In how many digits two solutions agree; a zero has none to share. */
static int
agreement(const struct bigfloat *b, const struct bigfloat *before, size_t count)
{
	int digits = INT32_MAX;

	for (size_t i = 0; i < count; i++) {
		int same = bigfloat_digits(&b[i], &before[i]);
		bool zero = b[i].exponent < -(int64_t)(16 * b[i].size);

		if (!zero && same < digits)
			digits = same;
	}
	return digits;
}

/* Solves in ever more limbs; NULL, or what the caller frees. */
static struct bigfloat *
solve_certainly(struct system *s, const char *lambda, int *digits)
{
	struct bigfloat *before = NULL;

	for (s->size = FIRST_LIMBS; s->size <= BIGFLOAT_MAX_LIMBS;
	     s->size *= 2) {
		struct bigfloat *b = bigfloat_new(s->count + 1, s->size);
		bool good = solve(s, lambda, b);

		*digits = good && before ? agreement(b, before, s->count) : 0;
		free(before);
		if (*digits >= OLS_DIGITS)
			return b;
		before = good ? b : NULL;
		if (!good)
			free(b);
	}
	free(before);
	return NULL;
}

/* b_1 = mean y - sum b_j mean_j */
static void
set_constant(struct ols_fit *fit, const struct ols_matrix *matrix)
{
	struct bigfloat *w = bigfloat_new(2, fit->n->size);
	struct bigfloat *sum = &fit->coef[0];

	bigfloat_set_bigint(sum, ols_element(matrix, 0, matrix->target));
	bigfloat_set_bigint(&w[0], ols_element(matrix, 0, 0));
	bigfloat_div(sum, sum, &w[0]);
	for (size_t i = 1; i < fit->rank.count; i++) {
		bigfloat_mul(&w[1], &fit->coef[i], &fit->mean[i]);
		bigfloat_sub(sum, sum, &w[1]);
	}
	free(w);
}

/* What follows from the coefficients; the rest does not exist. */
static void
set_rest(struct ols_fit *fit, const struct ols_task *task,
    const struct bigfloat *before)
{
	struct bigfloat *w = bigfloat_new(1, fit->n->size);

	for (size_t i = fit->intercept; i < fit->rank.count; i++) {
		if (!before[i].sign) {
			bigfloat_set_int(&fit->beta[i], 0);
			continue;
		}
		bigfloat_mul(&fit->beta[i], &fit->beta[i], &fit->coef[i]);
		bigfloat_div(&fit->beta[i], &fit->beta[i], &before[i]);
	}
	ridge_sse(fit, task->state, fit->sse);
	bigfloat_div(w, fit->sse, fit->n);
	bigfloat_sqrt(fit->rmse, w);
	bigfloat_div(w, fit->sse, fit->sst);
	bigfloat_set_int(fit->r2, 1);
	bigfloat_sub(fit->r2, fit->r2, w);
	fit->has_se = fit->has_t = fit->has_f = fit->has_loglik = false;
	fit->perfect = false;
	free(w);
}

int
ridge_apply(struct ols_fit *fit, const struct ols_task *task,
    const char *lambda, struct buf *error)
{
	size_t p = fit->rank.count;
	struct bigfloat *before = bigfloat_new(p + 1, fit->n->size), *b;
	struct ols_matrix matrix;
	struct system s = {&matrix, fit, p - fit->intercept, 0};

	if (ols_matrix_init(&matrix, task, error)) {
		ols_matrix_release(&matrix);
		free(before);
		return -1;
	}
	b = solve_certainly(&s, lambda, &fit->digits);
	if (b) {
		for (size_t i = 0; i < p; i++)
			bigfloat_set(&before[i], &fit->coef[i]);
		for (size_t i = 0; i < s.count; i++)
			bigfloat_set(&fit->coef[i + fit->intercept], &b[i]);
		if (fit->intercept)
			set_constant(fit, &matrix);
		set_rest(fit, task, before);
	} else {
		buf_puts(error, "no certain digits for this lambda");
	}
	ols_matrix_release(&matrix);
	free(before);
	free(b);
	return b ? 0 : -1;
}

/* r = the sum of a pair of terms of a state, by names; 0 if there is none */
static void
sum_of(const struct state *state, long i, long j, struct bigfloat *r)
{
	const struct state_sum *sum;

	bigfloat_set_int(r, 0);
	if (i < 0 || j < 0)
		return;
	sum = state_pair(state, (size_t)i, (size_t)j);
	bigfloat_set_bigint(r, &sum->value);
	bigfloat_scale(r, r, -(int64_t)sum->scale);
}

void
ridge_sse(
    const struct ols_fit *fit, const struct state *state, struct bigfloat *sse)
{
	size_t p = fit->rank.count;
	struct bigfloat *e = bigfloat_new(p + 1, SSE_LIMBS);
	struct bigfloat *w = bigfloat_new(3, SSE_LIMBS);
	long *at = xcalloc(p + 1, sizeof(*at));

	for (size_t i = 0; i <= p; i++) {
		size_t name = i < p ? fit->rank.pivots[i] : fit->columns;

		at[i] = cols_find(&state->terms, slice_of(fit->names[name]));
		if (i < p)
			bigfloat_set(&e[i], &fit->coef[i]);
		else
			bigfloat_set_int(&e[i], -1);
	}
	for (size_t i = 0; i <= p; i++) {
		bigfloat_set_int(&w[0], 0);
		for (size_t j = 0; j <= p; j++) {
			sum_of(state, at[i], at[j], &w[1]);
			bigfloat_mul(&w[1], &w[1], &e[j]);
			bigfloat_add(&w[0], &w[0], &w[1]);
		}
		bigfloat_mul(&w[0], &w[0], &e[i]);
		bigfloat_add(&w[2], &w[2], &w[0]);
	}
	if (w[2].sign < 0)
		bigfloat_set_int(&w[2], 0);
	bigfloat_set(sse, &w[2]);
	free(e);
	free(w);
	free(at);
}
