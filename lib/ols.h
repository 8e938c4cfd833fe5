/* SPDX-License-Identifier: ISC */
/*
 * ols - ordinary least squares out of a state, right to the last digit
 *
 * The sums of a state are integers, up to one power of ten. Which columns
 * others determine is decided in integers (rank.h). What is left is solved by
 * an LDL' factorisation in 256 bits, and again in 512, and so on, until two
 * results agree in as many digits as are printed.
 *
 * Column 0 of the design is the constant if there is an intercept; then the
 * predictors follow in the order given. n rows, p coefficients (the rank),
 * c = 1 with an intercept and else 0.
 */
#ifndef OLS_H
#define OLS_H

#include "bigfloat.h"
#include "rank.h"
#include "state.h"

/* The digits of a result that are certain, and printed. */
enum { OLS_DIGITS = 25 };

struct ols_task {
	const struct state *state;
	const size_t *x; /* terms of the state */
	size_t nx;
	size_t y;
	bool intercept;
	bool frequency; /* weights count rows; else they are precisions */
	double level;   /* of confidence intervals, as 0.95 */
};

/* What is undefined has no number: see the flags. {0} can be released. */
struct ols_fit {
	size_t columns;   /* of the design */
	char **names;     /* of its columns, then of the target; the state's */
	struct rank rank; /* pivots are the columns that have coefficients */
	char **relations; /* how others determine each of rank.dependent */
	bool intercept;
	bool perfect; /* the relation of the target is exact: sse is 0 */

	struct bigfloat *numbers; /* all that follow, in one array */
	/* p of each */
	struct bigfloat *coef;
	struct bigfloat *se;  /* rsd sqrt(Ginv_jj), Ginv = (X'X)^-1 */
	struct bigfloat *t;   /* coef / se */
	struct bigfloat *low; /* coef -+ tq se */
	struct bigfloat *high;
	struct bigfloat *beta; /* coef sd_j / sd_y; 0 for the constant */
	struct bigfloat *vif;  /* (G_jj - G_1j^2 / n) Ginv_jj */
	struct bigfloat *mean, *sd;
	long double *p_value; /* of t, two-sided */

	/* the whitening factor, packed rows: h = sum over k of (w_k x)^2 */
	struct bigfloat *white;

	int64_t rows;                 /* used */
	int64_t df;                   /* n - p */
	struct bigfloat *n;           /* rows, or the sum of weights */
	struct bigfloat *sse;         /* sum (y - Xb)^2 */
	struct bigfloat *sst;         /* sum (y - mean y)^2, of y^2 if c = 0 */
	struct bigfloat *rsd;         /* sqrt(sse / df) */
	struct bigfloat *rmse;        /* sqrt(sse / n) */
	struct bigfloat *r2;          /* 1 - sse / sst */
	struct bigfloat *adj_r2;      /* 1 - (1 - r2) (n - c) / (n - p) */
	struct bigfloat *f;           /* ((sst - sse) / (p - c)) / (sse / df) */
	long double f_p;              /* its upper tail */
	long double loglik, aic, bic; /* as R counts: p + 1 parameters */
	long double tq;               /* Student's quantile of the level */
	double condition;             /* of X with columns of unit length */
	int digits; /* that two solutions agreed in, at the least */

	bool has_se;     /* df > 0 */
	bool has_t;      /* and the fit is not perfect; f and loglik too */
	bool has_f;      /* and p > c */
	bool has_loglik; /* and no precision weights */
};

/*
 * Fits the target to the predictors. Returns 0, or -1 with a reason appended
 * to error: fewer rows than columns, a constant target (with an intercept; a
 * target of zeros without), a sum that is missing, or numbers too large.
 * ols_release() is due in either case.
 */
int ols_fit(
    struct ols_fit *fit, const struct ols_task *task, struct buf *error);
void ols_release(struct ols_fit *fit);

/*
 * Appends one line about near-collinearity, which names the columns; false
 * if there is none: the condition is at most 1e8 and no VIF above 1e4.
 */
bool ols_collinear(const struct ols_fit *fit, struct buf *out);

#endif
