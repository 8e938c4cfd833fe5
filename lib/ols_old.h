/* SPDX-License-Identifier: ISC */
/*
 * ols - ordinary least squares in double precision
 *
 * Rows are added one at a time to the triangular factor of [1 X y], and the
 * result is solved from that; neither the rows nor X'X are kept. The relative
 * error of a coefficient grows with the condition number of X with columns of
 * unit length, not with its square. Memory is that of qr.h.
 *
 * Column 0 of the design is the constant if there is an intercept; then the
 * predictors follow in the order given. A column that depends on those before
 * it is dropped: it gets no coefficient, and predictions go without it.
 */
#ifndef OLS_OLD_H
#define OLS_OLD_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

struct oldols;

/* An empty sum over rows of npredictors values; oldols_free() frees. */
struct oldols *oldols_new(size_t npredictors, bool intercept);
void oldols_free(struct oldols *ols);

/* Adds a row: finite values of the predictors, and of the target. */
void oldols_add(struct oldols *ols, const double *x, double y);

/*
 * The result. n rows, p coefficients (the rank of the design), c = 1 with an
 * intercept and else 0; what is undefined is NaN. Sums are over the rows.
 */
struct oldols_fit {
	bool intercept;
	size_t columns; /* of the design: c + npredictors */
	bool *dropped;  /* for each column of the design, as are the next */
	double *coef;   /* b; 0 where dropped */
	double *se;     /* standard error of b: rsd * sqrt(((X'X)^-1)_jj) */
	double *t;      /* b / se */

	uint64_t rows; /* n */
	uint64_t rank; /* p */
	uint64_t df;   /* n - p */
	double sse;    /* sum of (y - Xb)^2 */
	double sst;    /* sum of (y - mean y)^2, or of y^2 if c = 0 */
	double rsd;    /* sqrt(sse / df) */
	double r2;     /* 1 - sse / sst */
	double adj_r2; /* 1 - (1 - r2) (n - c) / (n - p) */
	double f;      /* ((sst - sse) / (p - c)) / (sse / df) */
};

/*
 * Solves for the rows added; no row may follow. Returns 0, or -1 with a
 * reason appended to error: no row, fewer rows than columns, a target that
 * is constant (with an intercept) or zero (without), or values so large that
 * a double does not hold the result. oldols_fit_release() is due in either case.
 *
 * With Q'[X y] = [R z; 0 s]: b solves R b = z, sse = s^2, sst - sse is the
 * sum of z_k^2 for k >= c, and (X'X)^-1 = R^-1 R^-T (Golub and Van Loan,
 * Matrix Computations, 4th edition, sections 5.2 and 5.3). R2 without an
 * intercept is about zero, as in R and NIST StRD. A column counts as
 * dependent if a change of its and the earlier columns by one part in 1e13
 * of their lengths would make it so.
 */
int oldols_solve(struct oldols *ols, struct oldols_fit *fit, struct buf *error);
void oldols_fit_release(struct oldols_fit *fit);

#endif
