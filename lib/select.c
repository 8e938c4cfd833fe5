/* SPDX-License-Identifier: ISC */
#include "select.h"

#include <string.h>

/* The criterion of a fit. */
static int
rate(const struct ols_task *task, enum select_by by, long double *value,
    struct buf *error)
{
	struct ols_fit fit;
	int result = ols_fit(&fit, task, error);

	if (!result && !fit.has_loglik) {
		buf_puts(error, "a fit that is perfect or weighted has no "
				"criterion to select by");
		result = -1;
	}
	*value = by == SELECT_AIC ? fit.aic : fit.bic;
	ols_release(&fit);
	return result;
}

/* x without element i, or with it back in its place */
static void
take_out(size_t *x, size_t count, size_t i)
{
	memmove(&x[i], &x[i + 1], (count - i - 1) * sizeof(*x));
}

static void
put_back(size_t *x, size_t count, size_t i, size_t term)
{
	memmove(&x[i + 1], &x[i], (count - i - 1) * sizeof(*x));
	x[i] = term;
}

int
select_terms(struct ols_task *task, size_t *x, enum select_by by,
    struct cols *removed, struct buf *error)
{
	long double best, value;
	int result = rate(task, by, &best, error);
	size_t least = 0;

	while (!result && least < task->nx) {
		size_t count = task->nx;

		least = count;
		for (size_t i = 0; i < count && !result; i++) {
			size_t term = x[i];

			take_out(x, count, i);
			task->nx = count - 1;
			result = rate(task, by, &value, error);
			if (!result && value <= best) {
				best = value;
				least = i;
			}
			put_back(x, count, i, term);
			task->nx = count;
		}
		if (result || least == count)
			break;
		cols_add(removed, slice_of(task->state->terms.names[x[least]]));
		take_out(x, count, least);
		task->nx = count - 1;
	}
	return result;
}
