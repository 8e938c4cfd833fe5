/* SPDX-License-Identifier: ISC */
#include "ols.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dist.h"
#include "ldl.h"
#include "ols_matrix.h"

enum { FIRST_LIMBS = 4 };

/* One solution, in numbers of one size; A is F times the Gram matrix. */
struct solution {
	const struct ols_matrix *matrix;
	struct ols_fit *fit; /* of which it sets the numbers */
	size_t size, p;
	struct ldl ldl;
	struct bigfloat *w;       /* scratch */
	struct bigfloat *inverse; /* packed; of A's kept columns */
	struct bigfloat *s2;      /* of A: sse F / df */
};

enum { SCRATCH = 4 };

/* Which scalars, and then arrays of p, there are of numbers. */
enum scalar { N, SSE, SST, RSD, RMSE, R2, ADJ_R2, F, NSCALARS };
enum vector { COEF, SE, T, LOW, HIGH, BETA, VIF, MEAN, SD, NVECTORS };

/* Makes room for all numbers of the fit, in so many limbs. */
static void
make_numbers(struct ols_fit *fit, size_t size)
{
	size_t p = fit->rank.count;
	struct bigfloat **scalars[NSCALARS] = {&fit->n, &fit->sse, &fit->sst,
	    &fit->rsd, &fit->rmse, &fit->r2, &fit->adj_r2, &fit->f};
	struct bigfloat **vectors[NVECTORS] = {&fit->coef, &fit->se, &fit->t,
	    &fit->low, &fit->high, &fit->beta, &fit->vif, &fit->mean, &fit->sd};
	struct bigfloat *next;

	next = fit->numbers =
	    bigfloat_new(NSCALARS + NVECTORS * p + ldl_at(p, 0), size);
	for (size_t i = 0; i < NSCALARS; i++)
		*scalars[i] = next++;
	for (size_t i = 0; i < NVECTORS; i++, next += p)
		*vectors[i] = next;
	fit->white = next;
}

/* How many digits a fit has in common with the numbers of another size. */
static int
agreement(const struct ols_fit *fit, const struct bigfloat *other)
{
	size_t p = fit->rank.count, printed = NSCALARS + 2 * p;
	int digits = INT32_MAX;

	for (size_t i = 0; i < printed; i++) {
		int same = bigfloat_digits(&fit->numbers[i], &other[i]);

		if (same < digits)
			digits = same;
	}
	return digits;
}

/* The matrix's index of coefficient i; i = p is the target. */
static size_t
index_of(const struct solution *s, size_t i)
{
	if (i == s->p)
		return s->matrix->target;
	return s->matrix->first + s->fit->rank.pivots[i];
}

static bool
factor(struct solution *s)
{
	size_t n = s->p + 1;
	struct bigfloat *a = bigfloat_new(ldl_at(n, 0), s->size);
	bool good;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j <= i; j++)
			bigfloat_set_bigint(&a[ldl_at(i, j)],
			    ols_element(
				s->matrix, index_of(s, i), index_of(s, j)));
	}
	good = ldl_factor(&s->ldl, a, n);
	free(a);
	/* what is left of the target is positive too, or its relation exact */
	return good && (s->fit->perfect || s->ldl.d[s->p].sign > 0);
}

static void
solve_coefficients(struct solution *s)
{
	struct ols_fit *fit = s->fit;
	const struct relation *relation = &fit->rank.fit;

	ldl_solve(&s->ldl, fit->coef);
	for (size_t i = 0; i < s->p; i++) {
		if (fit->rank.zero[i] || fit->perfect)
			bigfloat_set_int(&fit->coef[i], 0);
	}
	if (!fit->perfect)
		return;
	bigfloat_set_bigint(&s->w[0], &relation->denominator);
	for (size_t k = 0; k < relation->count; k++) {
		size_t i = 0;

		while (fit->rank.pivots[i] != relation->column[k])
			i++;
		bigfloat_set_bigint(&s->w[1], &relation->factor[k]);
		bigfloat_div(&fit->coef[i], &s->w[1], &s->w[0]);
	}
}

/* r = r / F */
static void
unscale(const struct solution *s, struct bigfloat *r)
{
	bigfloat_scale(r, r, -(int64_t)s->matrix->scale);
}

static void
sum_squares(struct solution *s)
{
	struct ols_fit *fit = s->fit;
	struct bigfloat *w = s->w;
	const struct ldl *ldl = &s->ldl;

	bigfloat_set_int(fit->sse, 0);
	if (!fit->perfect)
		bigfloat_set(fit->sse, &ldl->d[s->p]);
	unscale(s, fit->sse);
	bigfloat_set_int(&w[0], 0);
	for (size_t k = fit->intercept; k < s->p; k++) {
		const struct bigfloat *u = &ldl->u[ldl_at(s->p, k)];

		bigfloat_mul(&w[1], u, u);
		bigfloat_mul(&w[1], &w[1], &ldl->e[k]);
		bigfloat_add(&w[0], &w[0], &w[1]);
	}
	unscale(s, &w[0]);
	/* no cancellation: a sum of positive numbers */
	bigfloat_add(fit->sst, &w[0], fit->sse);
	bigfloat_div(fit->r2, &w[0], fit->sst);
	bigfloat_div(&w[1], fit->sse, fit->n);
	bigfloat_sqrt(fit->rmse, &w[1]);
	if (!fit->has_se)
		return;
	/* w[1] = s^2, w[2] = 1 - adjusted R2 */
	bigfloat_set_int(&w[2], fit->df);
	bigfloat_div(&w[1], fit->sse, &w[2]);
	bigfloat_sqrt(fit->rsd, &w[1]);
	bigfloat_set_int(&w[3], fit->df + (int64_t)s->p - fit->intercept);
	bigfloat_div(&w[2], &w[3], &w[2]);
	bigfloat_div(&w[3], fit->sse, fit->sst);
	bigfloat_mul(&w[2], &w[2], &w[3]);
	bigfloat_set_int(&w[3], 1);
	bigfloat_sub(fit->adj_r2, &w[3], &w[2]);
	if (!fit->has_f)
		return;
	bigfloat_set_int(&w[2], (int64_t)s->p - fit->intercept);
	bigfloat_div(&w[0], &w[0], &w[2]);
	bigfloat_div(fit->f, &w[0], &w[1]);
}

static void
standard_errors(struct solution *s)
{
	struct ols_fit *fit = s->fit;
	struct bigfloat *w = s->w;

	ldl_invert(&s->ldl);
	for (size_t i = 0; i < s->p; i++) {
		for (size_t j = 0; j <= i; j++)
			ldl_inverse(&s->ldl, i, j, &s->inverse[ldl_at(i, j)]);
	}
	if (!fit->has_se)
		return;
	bigfloat_set_int(&w[0], fit->df);
	bigfloat_div(s->s2, fit->sse, &w[0]);
	bigfloat_scale(s->s2, s->s2, (int64_t)s->matrix->scale);
	for (size_t i = 0; i < s->p; i++) {
		bigfloat_mul(&w[1], s->s2, &s->inverse[ldl_at(i, i)]);
		bigfloat_sqrt(&fit->se[i], &w[1]);
		if (fit->has_t)
			bigfloat_div(&fit->t[i], &fit->coef[i], &fit->se[i]);
	}
}

/* r = A_11 A_jj - A_1j^2, for j the matrix's index */
static void
variation(const struct solution *s, size_t j, struct bigfloat *r)
{
	struct bigint value = {0};

	ols_variation(s->matrix, j, &value);
	bigfloat_set_bigint(r, &value);
	bigint_release(&value);
}

/* Means, standard deviations, standardised coefficients, variance inflation. */
static void
describe(struct solution *s)
{
	struct ols_fit *fit = s->fit;
	struct bigfloat *w = s->w, *n = &w[3];

	bigfloat_set_bigint(n, ols_element(s->matrix, 0, 0));
	variation(s, s->matrix->target, &w[2]);
	for (size_t i = 0; i < s->p; i++) {
		size_t j = index_of(s, i);
		const struct bigfloat *inverse = &s->inverse[ldl_at(i, i)];

		bigfloat_set_bigint(&w[0], ols_element(s->matrix, 0, j));
		bigfloat_div(&fit->mean[i], &w[0], n);
		variation(s, j, &w[0]);
		if (w[2].sign) {
			bigfloat_div(&w[1], &w[0], &w[2]);
			bigfloat_sqrt(&w[1], &w[1]);
			bigfloat_mul(&fit->beta[i], &fit->coef[i], &w[1]);
		}
		bigfloat_div(&w[1], &w[0], n);
		if (!fit->intercept)
			bigfloat_set_bigint(
			    &w[1], ols_element(s->matrix, j, j));
		bigfloat_mul(&fit->vif[i], &w[1], inverse);
		/* sd^2 = variation / (A_11 F (n - 1)) */
		bigfloat_div(&w[1], &w[0], n);
		unscale(s, &w[1]);
		bigfloat_set_int(&w[0], 1);
		bigfloat_sub(&w[0], fit->n, &w[0]);
		if (w[0].sign > 0) {
			bigfloat_div(&w[1], &w[1], &w[0]);
			bigfloat_sqrt(&fit->sd[i], &w[1]);
		}
	}
}

/* W_k = sqrt(F / D_k) M_k */
static void
whiten(struct solution *s)
{
	struct bigfloat *w = s->w;

	for (size_t k = 0; k < s->p; k++) {
		bigfloat_scale(&w[0], &s->ldl.e[k], (int64_t)s->matrix->scale);
		bigfloat_sqrt(&w[0], &w[0]);
		for (size_t j = 0; j <= k; j++)
			bigfloat_mul(&s->fit->white[ldl_at(k, j)],
			    &s->ldl.m[ldl_at(k, j)], &w[0]);
	}
}

/* The largest eigenvalue of a symmetric matrix, to a few digits. */
static long double
largest_eigenvalue(const long double *a, size_t n)
{
	long double *v = xcalloc(2 * n, sizeof(*v)), *next = v + n;
	long double value = 0, before;

	for (size_t i = 0; i < n; i++)
		v[i] = 1 + 0.01L * (long double)i;
	for (int step = 0; step < 1000; step++) {
		long double length = 0;

		before = value;
		for (size_t i = 0; i < n; i++) {
			next[i] = 0;
			for (size_t j = 0; j < n; j++)
				next[i] += a[i * n + j] * v[j];
			length += next[i] * next[i];
		}
		value = sqrtl(length);
		for (size_t i = 0; i < n; i++)
			v[i] = next[i] / value;
		if (fabsl(value - before) <= 1e-9L * value)
			break;
	}
	free(v);
	return value;
}

/* Of X with columns of unit length: S = X'X scaled, and its inverse. */
static void
find_condition(struct solution *s)
{
	size_t p = s->p;
	long double *forth = xcalloc(p * p, sizeof(*forth));
	long double *back = xcalloc(p * p, sizeof(*back));
	struct bigfloat *w = s->w;

	for (size_t i = 0; i < p * p; i++) {
		size_t a = index_of(s, i / p), b = index_of(s, i % p);
		size_t high = i / p > i % p ? i / p : i % p;
		size_t low = i / p + i % p - high;

		bigfloat_set_bigint(&w[0], ols_element(s->matrix, a, a));
		bigfloat_set_bigint(&w[1], ols_element(s->matrix, b, b));
		bigfloat_mul(&w[0], &w[0], &w[1]);
		bigfloat_sqrt(&w[0], &w[0]);
		bigfloat_set_bigint(&w[1], ols_element(s->matrix, a, b));
		bigfloat_div(&w[1], &w[1], &w[0]);
		forth[i] = bigfloat_long_double(&w[1]);
		bigfloat_mul(&w[1], &s->inverse[ldl_at(high, low)], &w[0]);
		back[i] = bigfloat_long_double(&w[1]);
	}
	s->fit->condition = (double)sqrtl(
	    largest_eigenvalue(forth, p) * largest_eigenvalue(back, p));
	free(forth);
	free(back);
}

/* All numbers of the fit, in so many limbs; false if these are too few. */
static bool
solve(const struct ols_matrix *matrix, struct ols_fit *fit, size_t size)
{
	struct solution s = {
	    .matrix = matrix, .fit = fit, .size = size, .p = fit->rank.count};
	bool good;

	make_numbers(fit, size);
	bigfloat_set_bigint(fit->n, ols_element(matrix, 0, 0));
	unscale(&s, fit->n);
	s.w = bigfloat_new(SCRATCH, size);
	s.inverse = bigfloat_new(ldl_at(s.p, 0), size);
	s.s2 = bigfloat_new(1, size);
	good = factor(&s);
	if (good) {
		solve_coefficients(&s);
		sum_squares(&s);
		standard_errors(&s);
		describe(&s);
		whiten(&s);
		find_condition(&s);
	}
	ldl_release(&s.ldl);
	free(s.w);
	free(s.inverse);
	free(s.s2);
	return good;
}

static void
find_intervals(struct ols_fit *fit, double level)
{
	size_t p = fit->rank.count;
	struct bigfloat *w = bigfloat_new(1, fit->n->size);

	fit->p_value = xcalloc(p + 1, sizeof(*fit->p_value));
	if (fit->has_se)
		fit->tq = dist_student_quantile(
		    1 - (long double)level, (long double)fit->df);
	for (size_t i = 0; i < p && fit->has_se; i++) {
		bigfloat_set_long_double(w, fit->tq);
		bigfloat_mul(w, w, &fit->se[i]);
		bigfloat_sub(&fit->low[i], &fit->coef[i], w);
		bigfloat_add(&fit->high[i], &fit->coef[i], w);
		if (fit->has_t)
			fit->p_value[i] =
			    dist_student(bigfloat_long_double(&fit->t[i]),
				(long double)fit->df);
	}
	free(w);
}

static void
find_likelihood(struct ols_fit *fit)
{
	long double n = bigfloat_long_double(fit->n);
	long double parameters = (long double)fit->rank.count + 1;
	long double sse = bigfloat_long_double(fit->sse);

	if (fit->has_f)
		fit->f_p = dist_f(bigfloat_long_double(fit->f),
		    (long double)fit->rank.count - fit->intercept,
		    (long double)fit->df);
	if (!fit->has_loglik)
		return;
	fit->loglik = -n / 2 *
		      (logl(2 * 3.14159265358979323846264338327950288L) +
			  logl(sse / n) + 1);
	fit->aic = -2 * fit->loglik + 2 * parameters;
	fit->bic = -2 * fit->loglik + parameters * logl(n);
}

/* Solves in ever more limbs until the digits to print are certain. */
static int
solve_certainly(
    const struct ols_matrix *matrix, struct ols_fit *fit, struct buf *error)
{
	struct bigfloat *before = NULL;

	for (size_t size = FIRST_LIMBS; size <= BIGFLOAT_MAX_LIMBS; size *= 2) {
		bool good = solve(matrix, fit, size);

		fit->digits = good && before ? agreement(fit, before) : 0;
		free(before);
		if (fit->digits >= OLS_DIGITS)
			return 0;
		before = good ? fit->numbers : NULL;
		if (!good)
			free(fit->numbers);
		fit->numbers = NULL;
	}
	free(before);
	buf_printf(error, "no %d certain digits in %d bits", OLS_DIGITS,
	    64 * BIGFLOAT_MAX_LIMBS);
	return -1;
}

/* Names, rank and degrees of freedom: what is known before the numbers. */
static void
begin(struct ols_fit *fit, const struct ols_task *task,
    const struct ols_matrix *matrix)
{
	const struct state *state = task->state;
	size_t n = matrix->n - matrix->first;
	struct bigint *a = xcalloc(ldl_at(n, 0), sizeof(*a));
	bool weighted = state_told(state, ":w2", "") != NULL;

	fit->intercept = task->intercept;
	fit->columns = n - 1;
	fit->names = xcalloc(n, sizeof(*fit->names));
	for (size_t i = 0; i < n; i++) {
		size_t k = i + matrix->first;

		fit->names[i] =
		    k == 0 ? "1"
			   : state->terms
				 .names[k == matrix->target ? task->y
							    : task->x[k - 1]];
		for (size_t j = 0; j <= i; j++)
			/* borrowed: the numbers themselves stay there */
			a[ldl_at(i, j)] =
			    *ols_element(matrix, k, j + matrix->first);
	}
	rank_find(&fit->rank, a, n);
	free(a);
	fit->perfect = fit->rank.fit.exact;
	fit->df = fit->rows - (int64_t)fit->rank.count;
	fit->has_se = fit->df > 0;
	fit->has_t = fit->has_se && !fit->perfect;
	fit->has_f = fit->has_t && fit->rank.count > fit->intercept;
	fit->has_loglik = !fit->perfect && (!weighted || task->frequency);
}

/* What makes a fit impossible, or NULL. */
static void
find_obstacle(const struct ols_task *task, const struct ols_matrix *matrix,
    int64_t rows, struct buf *error)
{
	size_t columns = task->nx + task->intercept;
	struct bigint value = {0};

	if (rows < (int64_t)columns) {
		buf_printf(error, "%" PRId64 " row%s for %zu columns", rows,
		    rows == 1 ? "" : "s", columns);
	} else {
		if (task->intercept)
			ols_variation(matrix, matrix->target, &value);
		else
			bigint_set(&value, ols_element(matrix, matrix->target,
					       matrix->target));
		if (!bigint_sign(&value))
			buf_puts(error, task->intercept
					    ? "the target is constant"
					    : "the target is zero");
	}
	bigint_release(&value);
}

/* The rows of a state, or with weights that count rows, their sum. */
static int64_t
rows_of(const struct ols_task *task)
{
	const struct state *state = task->state;
	size_t one = (size_t)cols_find(&state->terms, slice_of("1"));

	if (state_told(state, ":rows", "used") && !task->frequency)
		return state_count(state, ":rows", "used");
	return state_sum_count(state_pair(state, one, one));
}

int
ols_fit(struct ols_fit *fit, const struct ols_task *task, struct buf *error)
{
	struct ols_matrix matrix;
	size_t before = error->len;
	int result;

	*fit = (struct ols_fit){.rows = rows_of(task)};
	result = ols_matrix_init(&matrix, task, error);
	if (!result) {
		find_obstacle(task, &matrix, fit->rows, error);
		result = error->len > before ? -1 : 0;
	}
	if (!result) {
		begin(fit, task, &matrix);
		result = solve_certainly(&matrix, fit, error);
	}
	if (!result) {
		find_intervals(fit, task->level);
		find_likelihood(fit);
	}
	ols_matrix_release(&matrix);
	return result;
}

void
ols_release(struct ols_fit *fit)
{
	rank_release(&fit->rank);
	free(fit->names);
	free(fit->numbers);
	free(fit->p_value);
	*fit = (struct ols_fit){0};
}
