/* SPDX-License-Identifier: ISC */
/*
 * ols_matrix - the integers that a fit is solved from
 *
 * A = F G, where G are the sums of the constant, the predictors in order and
 * the target, and F = 10^scale makes all of them whole.
 */
#ifndef OLS_MATRIX_H
#define OLS_MATRIX_H

#include "ols.h"

struct ols_matrix {
	struct bigint *a; /* packed, (i, j) at i (i + 1) / 2 + j, j <= i */
	size_t n;         /* constant, predictors, target */
	size_t target;    /* n - 1 */
	size_t first;     /* column of the design: 1 without an intercept */
	size_t scale;
};

/*
 * Takes the sums of a task out of its state. Returns 0, or -1 with a reason: a
 * pair of terms without a sum, or sums so large that their products pass
 * bigint.h's limit. ols_matrix_release() is due in either case.
 */
int ols_matrix_init(
    struct ols_matrix *matrix, const struct ols_task *task, struct buf *error);
void ols_matrix_release(struct ols_matrix *matrix);

const struct bigint *ols_element(
    const struct ols_matrix *matrix, size_t i, size_t j);

/* r = A_11 A_jj - A_1j^2: n^2 F^2 times the variance of column j */
void ols_variation(const struct ols_matrix *matrix, size_t j, struct bigint *r);

#endif
