/* SPDX-License-Identifier: ISC */
/*
 * model - the model file: a linear regression as JSON
 *
 * One object with these members, each on its own line, and each term too:
 *	format, version, tool	"sluice-lr", 2, the program that wrote it
 *	target		name of the column it predicts
 *	intercept	whether the term "1" is among the terms
 *	columns		[{name, type, ...}] that prediction reads: a "number"
 *			with min and max as it was in the rows, if these were
 *			seen; a "category" with levels, and the reference,
 *			which has no term
 *	terms		[{name, coef, se, t, p, ci_low, ci_high, beta_std,
 *			vif}], "1" first; for the names see term.h
 *	rows		{read, used, missing, bad}
 *	n, sum_w	rows, and the sum of weights if they had any
 *	df, rank	n - rank; coefficients
 *	sse, sst, sst_kind, rsd, rmse, r2, adj_r2, f, f_p, loglik, aic, bic
 *			as in ols.h; sst_kind is "centred" or "uncentred"
 *	level, tq	of the intervals, and Student's quantile
 *	perfect_fit	whether the target is a combination of the terms
 *	dropped		[{name, relation}] of columns that others determine;
 *			a relation that is not proved has '~' for '='
 *	cond, digits_at_risk, certified_digits
 *			condition number of the scaled columns, its log10, and
 *			digits in which two solutions agree
 *	means, sds	of the terms
 *	weights		null, or {column, kind}
 *	ridge		null, or {lambda, convention}; see ridge.h
 *	cv		null, or {folds, rmse, tries: [{lambda, rmse}]}; see
 *			cv.h
 *	select		null, or {criterion, removed: [names]}; see select.h
 *	white		the whitening factor, by rows: the variance of a
 *			prediction at x is rsd^2 sum over k of (w_k x)^2
 *
 * What is exact or certain are strings of up to 25 digits, so that no reader
 * of JSON rounds it; what is computed as a double are numbers; what does not
 * exist is null. Members that a reader does not know are to be ignored. There
 * is no time in the file: equal sums and options give equal bytes.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdint.h>

#include "cols.h"
#include "cv.h"
#include "ols.h"
#include "ranges.h"
#include "select.h"
#include "term.h"

enum { MODEL_VERSION = 2 };

/* Where a fit comes from; all is borrowed. */
struct model_source {
	const char *tool; /* "NAME VERSION" */
	const struct state *state;
	const struct cols *numbers; /* columns of the state; see choice.h */
	const struct cols *categories;
	const struct cols *references;
	const struct ranges *ranges; /* none if the rows were not seen */
	double level;
	bool white;
	const char *lambda; /* of a ridge, or NULL */
	size_t folds;       /* of the cross-validation, or 0 */
	const struct cv_try *tries;
	size_t ntries, best;
	enum select_by select;
	const struct cols *removed; /* by the selection */
};

/*
 * Appends the model file to out. Returns 0, or -1 with the reason in error: a
 * name that JSON cannot hold.
 */
int model_write(struct buf *out, const struct ols_fit *fit,
    const struct model_source *source, struct buf *error);

struct model_term {
	char *name;
	struct term term;
	struct bigint coef; /* coef * 10^-scale */
	size_t scale;
	char *text; /* the coefficient's */
};

struct model_column {
	char *name;
	bool category;
	struct cols levels;
	char *min, *max; /* decimals, or NULL */
};

/* What prediction needs of a model. {0} can be released. */
struct model {
	char *target;
	struct model_term *terms;
	size_t count;
	struct model_column *columns;
	size_t ncolumns;
	struct cols names; /* of the columns */
	int64_t df;
	char *rsd;              /* a decimal, or NULL */
	struct bigfloat *white; /* packed rows, or NULL */
};

/* The size of the numbers of white. */
enum { MODEL_LIMBS = 4 };

/*
 * Reads a model file. Returns 0, or -1 with "PATH: reason" appended to error.
 * model_release() is due in either case.
 */
int model_read(struct model *model, const char *path, struct buf *error);
void model_release(struct model *model);

/* The column of a factor, by its name; it is there. */
size_t model_column(const struct model *model, const char *name);

#endif
