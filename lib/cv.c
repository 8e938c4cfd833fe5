/* SPDX-License-Identifier: ISC */
#include "cv.h"

#include <stdlib.h>
#include <string.h>

#include "ridge.h"

enum { LIMBS = 16 };

/* The states without one of them, borrowed; free(rest->folds). */
static void
leave_out(const struct states *states, size_t fold, struct states *rest)
{
	*rest = (struct states){.folded = true,
	    .folds = xcalloc(states->count, sizeof(*rest->folds))};
	for (size_t i = 0; i < states->count; i++) {
		if (i != fold)
			rest->folds[rest->count++] = states->folds[i];
	}
}

/* The same task on another state, which may lack terms; free(rest->x). */
static bool
carry_over(const struct ols_task *task, const struct state *state,
    struct ols_task *rest)
{
	const struct cols *terms = &task->state->terms;
	size_t *x = xcalloc(task->nx + 1, sizeof(*x));
	long y = cols_find(&state->terms, slice_of(terms->names[task->y]));

	*rest = *task;
	rest->state = state;
	rest->x = x;
	rest->nx = 0;
	rest->y = (size_t)y;
	for (size_t i = 0; i < task->nx; i++) {
		const char *name = terms->names[task->x[i]];
		long found = cols_find(&state->terms, slice_of(name));

		if (found >= 0)
			x[rest->nx++] = (size_t)found;
	}
	return y >= 0;
}

/* Adds the errors on a fold of models of the rest. */
static int
add_fold(const struct ols_task *rest, const struct state *fold,
    struct cv_try *tries, size_t count, struct buf *error)
{
	struct bigfloat *sse = bigfloat_new(1, LIMBS);
	int result = 0;

	for (size_t i = 0; i < count && !result; i++) {
		struct ols_fit fit;

		result = ols_fit(&fit, rest, error);
		if (!result && tries[i].lambda)
			result =
			    ridge_apply(&fit, rest, tries[i].lambda, error);
		if (!result) {
			ridge_sse(&fit, fold, sse);
			bigfloat_add(tries[i].rmse, tries[i].rmse, sse);
		}
		ols_release(&fit);
	}
	free(sse);
	return result;
}

/* rmse = sqrt(the sum of errors / the sum of weights of all rows) */
static void
finish(const struct state *state, struct cv_try *tries, size_t count)
{
	size_t one = (size_t)cols_find(&state->terms, slice_of("1"));
	const struct state_sum *sum = state_pair(state, one, one);
	struct bigfloat *n = bigfloat_new(1, LIMBS);

	bigfloat_set_bigint(n, &sum->value);
	bigfloat_scale(n, n, -(int64_t)sum->scale);
	for (size_t i = 0; i < count; i++) {
		bigfloat_div(tries[i].rmse, tries[i].rmse, n);
		bigfloat_sqrt(tries[i].rmse, tries[i].rmse);
	}
	free(n);
}

int
cv_run(const struct states *states, const struct ols_task *task,
    struct cv_try *tries, size_t count, struct buf *error)
{
	int result = 0;

	for (size_t i = 0; i < count; i++)
		tries[i].rmse = bigfloat_new(1, LIMBS);
	for (size_t k = 0; k < states->count && !result; k++) {
		struct states others;
		struct state rest = {0};
		struct ols_task task_of_rest = {0};

		leave_out(states, k, &others);
		result = states_total(&others, &rest, error);
		if (!result && carry_over(task, &rest, &task_of_rest))
			result = add_fold(&task_of_rest,
			    &states->folds[k].state, tries, count, error);
		if (result)
			buf_printf(error, " (without fold %ld)",
			    states->folds[k].fold);
		free((void *)task_of_rest.x);
		free(others.folds);
		state_release(&rest);
	}
	finish(task->state, tries, count);
	return result;
}
