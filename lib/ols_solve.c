/* SPDX-License-Identifier: ISC */
#include "ols_solve.h"

#include <stdlib.h>

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

int
ols_agreement(const struct ols_fit *fit, const struct bigfloat *other)
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

size_t
ols_index(const struct solution *s, size_t i)
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
				s->matrix, ols_index(s, i), ols_index(s, j)));
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

/* True if all coefficients but the constant's are zero. */
static bool
explains_nothing(const struct ols_fit *fit)
{
	for (size_t i = fit->intercept; i < fit->rank.count; i++) {
		if (!fit->rank.zero[i] || fit->perfect)
			return false;
	}
	return true;
}

/* adj_r2 = 1 - sse / sst * (n - c) / df; what only rounding leaves is 0. */
static void
adjust(struct solution *s)
{
	struct ols_fit *fit = s->fit;
	struct bigfloat *w = s->w, *r = fit->adj_r2;

	bigfloat_set_int(&w[2], fit->df);
	bigfloat_set_int(&w[3], fit->df + (int64_t)s->p - fit->intercept);
	bigfloat_div(&w[2], &w[3], &w[2]);
	bigfloat_div(&w[3], fit->sse, fit->sst);
	bigfloat_mul(&w[2], &w[2], &w[3]);
	bigfloat_set_int(&w[3], 1);
	bigfloat_sub(r, &w[3], &w[2]);
	if (r->sign && r->exponent < -(int64_t)(32 * s->size))
		bigfloat_set_int(r, 0);
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
	if (explains_nothing(fit))
		bigfloat_set_int(&w[0], 0);
	/* no cancellation: a sum of positive numbers */
	bigfloat_add(fit->sst, &w[0], fit->sse);
	bigfloat_div(fit->r2, &w[0], fit->sst);
	bigfloat_div(&w[1], fit->sse, fit->n);
	bigfloat_sqrt(fit->rmse, &w[1]);
	if (!fit->has_se)
		return;
	/* w[1] = s^2 */
	bigfloat_set_int(&w[2], fit->df);
	bigfloat_div(&w[1], fit->sse, &w[2]);
	bigfloat_sqrt(fit->rsd, &w[1]);
	adjust(s);
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
		size_t j = ols_index(s, i);
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

bool
ols_solve(const struct ols_matrix *matrix, struct ols_fit *fit, size_t size)
{
	struct solution s = {
	    .matrix = matrix, .fit = fit, .size = size, .p = fit->rank.count};
	bool good;

	make_numbers(fit, size);
	bigfloat_set_bigint(fit->n, ols_element(matrix, 0, 0));
	unscale(&s, fit->n);
	s.w = bigfloat_new(OLS_SCRATCH, size);
	s.inverse = bigfloat_new(ldl_at(s.p, 0), size);
	s.s2 = bigfloat_new(1, size);
	good = factor(&s);
	if (good) {
		solve_coefficients(&s);
		sum_squares(&s);
		standard_errors(&s);
		describe(&s);
		whiten(&s);
		ols_condition(&s);
	}
	ldl_release(&s.ldl);
	free(s.w);
	free(s.inverse);
	free(s.s2);
	return good;
}
