/* SPDX-License-Identifier: ISC */
/*
 * apply - predictions appended to rows of CSV
 */
#ifndef APPLY_H
#define APPLY_H

#include "csvin.h"
#include "predict.h"

struct apply {
	const char *column; /* the new one's name */
	bool unseen_empty;  /* a new level of a category: no prediction */
};

/*
 * Copies all records with the prediction behind them, and the ends of the
 * interval if there is one; nothing where a value is missing. Dies with file,
 * line and column if a column is not there or exists, at a value that is no
 * number, and at a level that was not in training unless that is to be empty.
 * Then warns of values outside the trained range, with their count.
 */
void apply_x(const struct apply *apply, struct predict *predict,
    struct csvin *in, struct out *out);

#endif
