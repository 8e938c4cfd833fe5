/* SPDX-License-Identifier: ISC */
#include "ols_old.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qr.h"

static const double tolerance = 1e-13;

struct oldols {
	struct qr *qr; /* of [1 X y] */
	bool intercept;
	size_t p;    /* columns of X, the constant included */
	double *row; /* of p + 1 values */
	uint64_t rows;
	double min, max; /* of the target */
};

struct oldols *
oldols_new(size_t npredictors, bool intercept)
{
	struct oldols *ols = xcalloc(1, sizeof(*ols));

	ols->intercept = intercept;
	ols->p = npredictors + intercept;
	ols->qr = qr_new(ols->p + 1);
	ols->row = xcalloc(ols->p + 1, sizeof(*ols->row));
	ols->row[0] = 1;
	return ols;
}

void
oldols_free(struct oldols *ols)
{
	if (!ols)
		return;
	qr_free(ols->qr);
	free(ols->row);
	free(ols);
}

void
oldols_add(struct oldols *ols, const double *x, double y)
{
	memcpy(ols->row + ols->intercept, x,
	    (ols->p - ols->intercept) * sizeof(*x));
	ols->row[ols->p] = y;
	qr_add(ols->qr, ols->row);
	ols->min = ols->rows ? fmin(ols->min, y) : y;
	ols->max = ols->rows ? fmax(ols->max, y) : y;
	ols->rows++;
}

/*
 * The triangle being solved: its columns have unit length and belong to the
 * columns origin[] of the design, and the last one to the target.
 */
struct triangle {
	size_t n;      /* rows and columns of the store */
	size_t p;      /* columns of X still there */
	double *r;     /* n x n */
	double *scale; /* length of each column before */
	size_t *origin;
	double *work;
};

static double
element(const struct triangle *tri, size_t i, size_t j)
{
	return tri->r[i + j * tri->n];
}

/* Scales the triangle. Returns -1 if a length is not finite. */
static int
triangle_init(struct triangle *tri, struct oldols *ols)
{
	size_t n = ols->p + 1;

	*tri = (struct triangle){
	    .n = n,
	    .p = ols->p,
	    .r = xcalloc(n * n, sizeof(double)),
	    .scale = xcalloc(n, sizeof(double)),
	    .origin = xcalloc(n, sizeof(size_t)),
	    .work = xcalloc(n, sizeof(double)),
	};
	qr_factor(ols->qr, tri->r);
	for (size_t j = 0; j < n; j++) {
		double *column = tri->r + j * n;
		double scale = qr_length(column, n);

		if (!isfinite(scale))
			return -1;
		for (size_t i = 0; i < n && scale > 0; i++)
			column[i] /= scale;
		tri->scale[j] = scale;
		tri->origin[j] = j;
	}
	return 0;
}

static void
triangle_release(struct triangle *tri)
{
	free(tri->r);
	free(tri->scale);
	free(tri->origin);
	free(tri->work);
}

/* work[0..k) := the solution of R b = column j, for the leading k columns. */
static void
solve_upper(struct triangle *tri, size_t k, size_t j)
{
	for (size_t i = k; i-- > 0;) {
		double sum = element(tri, i, j);

		for (size_t m = i + 1; m < k; m++)
			sum -= element(tri, i, m) * tri->work[m];
		tri->work[i] = sum / element(tri, i, i);
	}
}

/*
 * Column j less its fit by the columns before it has length |r_jj|. Rounding
 * alone leaves that much if it is small beside the terms of the difference.
 */
static bool
depends(struct triangle *tri, size_t j)
{
	solve_upper(tri, j, j);
	tri->work[j] = 1;
	return fabs(element(tri, j, j)) <=
	       tolerance * qr_length(tri->work, j + 1);
}

/* Takes column j out and makes the rest triangular again. */
static void
take_out(struct triangle *tri, size_t j)
{
	size_t n = tri->n, behind = tri->p - j;

	memmove(
	    tri->r + j * n, tri->r + (j + 1) * n, behind * n * sizeof(*tri->r));
	memmove(
	    tri->scale + j, tri->scale + j + 1, behind * sizeof(*tri->scale));
	memmove(tri->origin + j, tri->origin + j + 1,
	    behind * sizeof(*tri->origin));
	qr_triangularise(tri->r, n, n, tri->p);
	tri->p--;
}

static void
drop_dependent(struct triangle *tri, struct oldols_fit *fit)
{
	for (size_t j = 0; j < tri->p;) {
		if (depends(tri, j)) {
			fit->dropped[tri->origin[j]] = true;
			take_out(tri, j);
		} else {
			j++;
		}
	}
}

/* The length of row j of R^-1, which solves x R = e_j. */
static double
inverse_row(struct triangle *tri, size_t j)
{
	double *x = tri->work;

	x[j] = 1 / element(tri, j, j);
	for (size_t k = j + 1; k < tri->p; k++) {
		double sum = 0;

		for (size_t i = j; i < k; i++)
			sum -= x[i] * element(tri, i, k);
		x[k] = sum / element(tri, k, k);
	}
	return qr_length(x + j, tri->p - j);
}

/* 0 / 0 and x / 0 are undefined here alike. */
static double
ratio(double a, double b)
{
	return b == 0 ? NAN : a / b;
}

/* What is said of the fit as a whole, from lengths rather than squares. */
static void
summarise(struct oldols_fit *fit, const struct triangle *tri)
{
	const double *z = tri->r + tri->p * tri->n;
	double unit = tri->scale[tri->p];
	size_t c = fit->intercept;
	double fitted = qr_length(z + c, tri->p - c);
	double left = fabs(z[tri->p]);
	double total = hypot(fitted, left);
	double df = (double)fit->df, share = left / total;

	fit->sse = left * unit * (left * unit);
	fit->sst = total * unit * (total * unit);
	fit->rsd = ratio(left, sqrt(df)) * unit;
	fit->r2 = fitted / total * (fitted / total);
	fit->adj_r2 = 1 - ratio(share * share * (double)(fit->rows - c), df);
	fit->f = ratio(
	    fitted * fitted / (double)(tri->p - c), ratio(left * left, df));
	if (tri->p == c)
		fit->f = NAN;
}

/* Returns -1 if a coefficient or a sum is not finite. */
static int
compute(struct oldols_fit *fit, struct triangle *tri)
{
	double unit = tri->scale[tri->p];

	fit->rank = tri->p;
	fit->df = fit->rows - tri->p;
	summarise(fit, tri);
	solve_upper(tri, tri->p, tri->p);
	for (size_t j = 0; j < tri->p; j++)
		fit->coef[tri->origin[j]] =
		    tri->work[j] * (unit / tri->scale[j]);
	for (size_t j = 0; j < tri->p; j++) {
		size_t at = tri->origin[j];

		fit->se[at] = fit->rsd / tri->scale[j] * inverse_row(tri, j);
		fit->t[at] = ratio(fit->coef[at], fit->se[at]);
		if (!isfinite(fit->coef[at]))
			return -1;
	}
	return isfinite(fit->sse) && isfinite(fit->sst) ? 0 : -1;
}

/* Appends the reason if there is nothing to solve. */
static int
check_rows(const struct oldols *ols, struct buf *error)
{
	if (ols->rows == 0)
		buf_puts(error, "no complete row");
	else if (ols->rows < ols->p)
		buf_printf(error,
		    "fewer complete rows (%" PRIu64 ") than coefficients (%zu)",
		    ols->rows, ols->p);
	else if (ols->min == ols->max && ols->intercept)
		buf_puts(error, "the target is constant");
	else if (ols->min == 0 && ols->max == 0)
		buf_puts(error, "the target is zero");
	else
		return 0;
	return -1;
}

int
oldols_solve(struct oldols *ols, struct oldols_fit *fit, struct buf *error)
{
	struct triangle tri;
	size_t n = ols->p + 1;
	int failed;

	*fit = (struct oldols_fit){
	    .intercept = ols->intercept,
	    .columns = ols->p,
	    .rows = ols->rows,
	    .dropped = xcalloc(n, sizeof(*fit->dropped)),
	    .coef = xcalloc(n, sizeof(*fit->coef)),
	    .se = xcalloc(n, sizeof(*fit->se)),
	    .t = xcalloc(n, sizeof(*fit->t)),
	};
	if (check_rows(ols, error))
		return -1;
	failed = triangle_init(&tri, ols);
	if (!failed) {
		drop_dependent(&tri, fit);
		failed = compute(fit, &tri);
	}
	triangle_release(&tri);
	if (failed)
		buf_puts(error, "values too large for double precision");
	return failed;
}

void
oldols_fit_release(struct oldols_fit *fit)
{
	free(fit->dropped);
	free(fit->coef);
	free(fit->se);
	free(fit->t);
	*fit = (struct oldols_fit){0};
}
