/* SPDX-License-Identifier: ISC */
/*
 * train - a model out of states
 */
#ifndef TRAIN_H
#define TRAIN_H

#include "design.h"
#include "ranges.h"
#include "states.h"

/* How to fit. */
struct train {
	const char *tool; /* "NAME VERSION" */
	bool intercept;
	bool white;  /* keep what intervals of predictions need */
	bool strict; /* near-collinearity is an error */
	double level;
	struct ranges ranges; /* of the rows, if they were seen */
};

/*
 * Fits the target of the design to its terms and appends the model file.
 * Warns of columns that are dropped and of near-collinearity; dies with the
 * reason if there is no fit.
 */
void train_xmodel(const struct train *train, struct design *design,
    const struct states *states, struct buf *model);

#endif
