/* SPDX-License-Identifier: ISC */
/*
 * model - the model file: a linear regression as JSON
 *
 * One object with these members, each on its own line, and each term too:
 *	format, version, tool	"sluice-lr", 1, the program that wrote it
 *	target		name of the column it predicts
 *	intercept	whether the term "1" is among the terms
 *	terms		[{name, coef, se, t}], "1" first, then the columns
 *	rows		{read, used, missing}
 *	n, rank, df	rows used, coefficients, and their difference
 *	sse, sst, sst_kind, rsd, r2, adj_r2, f
 *			as in ols.h; sst_kind is "centred" or "uncentred"
 *	dropped		[{name}] of the columns that others determine
 *
 * Coefficients and statistics are strings with 17 significant digits, so that
 * no reader of JSON rounds them; what is undefined is null. Members that a
 * reader does not know are to be ignored. There is no time in the file: the
 * same rows in the same order give the same bytes.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdint.h>

#include "cols.h"
#include "ols_old.h"

/*
 * Dies if a column of this name cannot be in a model: "1" is the intercept's,
 * and JSON cannot hold what is not UTF-8.
 */
void model_xname(const char *name);

/* Where a fit comes from; all is borrowed. */
struct model_origin {
	const char *tool;           /* "NAME VERSION" */
	const char *target;         /* name of y */
	const struct cols *columns; /* names of the predictors of the fit */
	uint64_t missing;           /* rows read and not used */
};

/* Appends the model file to out. Names have passed model_xname(). */
void model_write(struct buf *out, const struct oldols_fit *fit,
    const struct model_origin *from);

/* What prediction needs of a model. {0} can be released. */
struct model {
	char *target;
	double constant; /* coefficient of "1", or 0 */
	struct cols columns;
	double *coef; /* of each column */
};

/*
 * Reads a model file. Returns 0, or -1 with "PATH: reason" appended to error.
 * model_release() is due in either case.
 */
int model_read(struct model *model, const char *path, struct buf *error);
void model_release(struct model *model);

/* The model's value at x, one value for each of its columns. */
double model_predict(const struct model *model, const double *x);

#endif
