/* SPDX-License-Identifier: ISC */
/*
 * ols_solve - the numbers of a fit, in floating point of one size
 *
 * Coefficients, errors and the rest follow from the factorisation of the sums
 * by formulas without cancellation; ols.c does this in ever more limbs until
 * the digits to print are certain.
 */
#ifndef OLS_SOLVE_H
#define OLS_SOLVE_H

#include "ldl.h"
#include "ols.h"
#include "ols_matrix.h"

/* One solution, in numbers of one size; A is F times the Gram matrix. */
struct solution {
	const struct ols_matrix *matrix;
	struct ols_fit *fit; /* of which it sets the numbers */
	size_t size, p;
	struct ldl ldl;
	struct bigfloat *w;       /* scratch, OLS_SCRATCH of them */
	struct bigfloat *inverse; /* packed; of A's kept columns */
	struct bigfloat *s2;      /* of A: sse F / df */
};

enum { OLS_SCRATCH = 4 };

/*
 * Sets all numbers of a fit whose rank and flags are known, which has none
 * yet, in so many limbs. False if these are too few.
 */
bool ols_solve(
    const struct ols_matrix *matrix, struct ols_fit *fit, size_t size);

/* How many digits a fit has in common with the numbers of another size. */
int ols_agreement(const struct ols_fit *fit, const struct bigfloat *other);

/* The matrix's index of coefficient i; i = p is the target. */
size_t ols_index(const struct solution *s, size_t i);

/*
 * Appends how a dependent column follows from others: exactly, or with '~' to
 * 12 digits where that is not proved.
 */
void ols_relation(const struct ols_fit *fit, const struct ols_matrix *matrix,
    const struct relation *relation, struct buf *out);

/* Sets the fit's condition, out of A and its inverse. */
void ols_condition(struct solution *s);

#endif
