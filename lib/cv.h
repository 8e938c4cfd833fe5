/* SPDX-License-Identifier: ISC */
/*
 * cv - cross-validation out of the states of folds
 *
 * The sums of all folds but one are those of the rest, exactly, so a model can
 * be fitted to the rest and its errors on the fold summed up without seeing a
 * row: with e = (-b, 1) over the terms and the target, e' G_fold e.
 */
#ifndef CV_H
#define CV_H

#include "ols.h"
#include "states.h"

/* One way to fit, and what came of it. */
struct cv_try {
	const char *lambda;    /* of a ridge, or NULL; borrowed */
	struct bigfloat *rmse; /* over all rows; free() frees */
};

/*
 * Sets the error of each way to fit a task, whose state is that of all folds.
 * Returns 0, or -1 with a reason appended to error: a fit that is impossible,
 * as where a fold holds nearly all of the rows.
 */
int cv_run(const struct states *states, const struct ols_task *task,
    struct cv_try *tries, size_t count, struct buf *error);

#endif
