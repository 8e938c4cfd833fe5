/* SPDX-License-Identifier: ISC */
/*
 * train - a model out of states
 */
#ifndef TRAIN_H
#define TRAIN_H

#include "design.h"
#include "ranges.h"
#include "select.h"
#include "states.h"

/* How to fit. */
struct train {
	const char *tool; /* "NAME VERSION" */
	bool intercept;
	bool white;  /* keep what intervals of predictions need */
	bool strict; /* near-collinearity is an error */
	double level;
	struct cols lambdas; /* of ridges, decimals; none: least squares */
	enum select_by select;
	struct ranges ranges; /* of the rows, if they were seen */
};

/*
 * Takes one of the options -I -N -S -l -r -s of lr-train(1); false if the
 * letter is another. Dies if the argument is malformed.
 */
bool train_option(struct train *train, int letter, const char *arg);

/*
 * Fits the target of the design to its terms and appends the model file. If
 * the states are of folds, the model is cross-validated, and of several
 * lambdas the one with the least error is taken. Warns of columns that are
 * dropped and of near-collinearity; dies with the reason if there is no fit.
 */
void train_xmodel(const struct train *train, struct design *design,
    const struct states *states, struct buf *model);

#endif
