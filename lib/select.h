/* SPDX-License-Identifier: ISC */
/*
 * select - fewer predictors, by an information criterion
 *
 * Backwards: of all fits with one predictor less, the one with the least
 * criterion is taken, as long as that is less than before (R's step() with
 * direction "backward"). Equal criteria drop the later predictor.
 */
#ifndef SELECT_H
#define SELECT_H

#include "ols.h"

enum select_by { SELECT_NONE, SELECT_AIC, SELECT_BIC };

/*
 * Shortens a list of predictors, task->nx of them, which is what task->x
 * points to, and appends the names of those left out to removed. Returns 0, or
 * -1 with a reason appended to error: no fit, or one without a likelihood.
 */
int select_terms(struct ols_task *task, size_t *x, enum select_by by,
    struct cols *removed, struct buf *error);

#endif
