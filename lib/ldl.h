/* SPDX-License-Identifier: ISC */
/*
 * ldl - the factorisation A = L D L' of a positive definite matrix
 *
 * L is lower triangular with a unit diagonal, D diagonal. No pivoting: for
 * such matrices none is needed (Golub and Van Loan, Matrix Computations, 4th
 * edition, 4.2). Matrices are packed: element (i, j), j <= i, is at
 * i (i + 1) / 2 + j. All numbers have the size of the matrix given.
 */
#ifndef LDL_H
#define LDL_H

#include <stdbool.h>

#include "bigfloat.h"

/* {0} can be released. */
struct ldl {
	size_t n;
	struct bigfloat *l; /* packed; L, the diagonal not set */
	struct bigfloat *u; /* packed; L D */
	struct bigfloat *d; /* n of them */
	struct bigfloat *e; /* 1 / d, n - 1 of them */
	struct bigfloat *m; /* packed; the inverse of L, by ldl_invert() */
};

/* Where element (i, j) of a packed matrix is, for j <= i. */
size_t ldl_at(size_t i, size_t j);

/*
 * Factors a matrix of n columns. The last one may be anything: d[n - 1] is
 * what the others leave of it. False if one before is not positive: numbers of
 * this size are too short for the matrix.
 */
bool ldl_factor(struct ldl *ldl, const struct bigfloat *a, size_t n);
void ldl_release(struct ldl *ldl);

/*
 * b = the solution of A b = a for the first n - 1 rows and columns, where a is
 * the last row's: back substitution. b has n - 1 numbers.
 */
void ldl_solve(const struct ldl *ldl, struct bigfloat *b);

/* Sets m for the first n - 1 columns. */
void ldl_invert(struct ldl *ldl);

/* r = element (i, j) of the inverse of the first n - 1 rows and columns. */
void ldl_inverse(const struct ldl *ldl, size_t i, size_t j, struct bigfloat *r);

#endif
