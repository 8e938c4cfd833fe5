/* SPDX-License-Identifier: ISC */
/*
 * ridge - a fit whose coefficients are held back
 *
 * Least squares plus lambda times the sum of squared standardised
 * coefficients (Hoerl and Kennard 1970): with C the centred sums of products
 * of the predictors and c those with the target,
 *	(C + lambda diag(C)) b = c
 * The constant is not held back. Without an intercept sums are taken about 0.
 * Of n rows, lambda is the n-th part of the alpha that scikit-learn takes
 * with standardised columns.
 */
#ifndef RIDGE_H
#define RIDGE_H

#include "ols.h"

/*
 * Replaces the coefficients of a fit by those for lambda, a decimal not below
 * 0, and sse, rmse, r2 and beta by what these make. There are no standard
 * errors then, nor what follows from them. Columns that were dropped stay so.
 * Returns 0, or -1 with a reason appended to error.
 */
int ridge_apply(struct ols_fit *fit, const struct ols_task *task,
    const char *lambda, struct buf *error);

/*
 * sse = the sum over the rows of a state of (y - Xb)^2, for the coefficients
 * of a fit of another state of the same terms. A term that the state has not
 * is 0 in all rows.
 */
void ridge_sse(
    const struct ols_fit *fit, const struct state *state, struct bigfloat *sse);

#endif
