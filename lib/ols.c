/* SPDX-License-Identifier: ISC */
#include "ols.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dist.h"
#include "ldl.h"
#include "ols_matrix.h"
#include "ols_solve.h"

enum { FIRST_LIMBS = 4 };

/* Above these, columns are nearly collinear. */
static const double max_condition = 1e8, max_vif = 1e4;

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
		bool good = ols_solve(matrix, fit, size);

		fit->digits = good && before ? ols_agreement(fit, before) : 0;
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

/* The relations of dependent columns, as text. */
static void
relate(struct ols_fit *fit, const struct ols_matrix *matrix)
{
	fit->relations =
	    xcalloc(fit->rank.ndependent + 1, sizeof(*fit->relations));
	for (size_t i = 0; i < fit->rank.ndependent; i++) {
		struct buf text = {0};

		ols_relation(fit, matrix, &fit->rank.dependent[i], &text);
		fit->relations[i] = xstrdup(buf_text(&text));
		buf_release(&text);
	}
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
		relate(fit, &matrix);
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
	for (size_t i = 0; fit->relations && i < fit->rank.ndependent; i++)
		free(fit->relations[i]);
	rank_release(&fit->rank);
	free(fit->relations);
	free(fit->names);
	free(fit->numbers);
	free(fit->p_value);
	*fit = (struct ols_fit){0};
}

bool
ols_collinear(const struct ols_fit *fit, struct buf *out)
{
	size_t before = out->len;

	if (fit->condition > max_condition)
		buf_printf(out, "condition number %.3g", fit->condition);
	for (size_t i = fit->intercept; i < fit->rank.count; i++) {
		double vif = bigfloat_double(&fit->vif[i]);

		if (vif > max_vif)
			buf_printf(out, "%sVIF of '%s' %.3g",
			    out->len > before ? ", " : "",
			    fit->names[fit->rank.pivots[i]], vif);
	}
	return out->len > before;
}
