/* SPDX-License-Identifier: ISC */
/*
 * evaluate - metrics of the rows of a CSV, and of groups of them
 */
#ifndef EVALUATE_H
#define EVALUATE_H

#include "csvin.h"
#include "grouped.h"
#include "metrics.h"

/* Names of columns, borrowed, and the metrics of what was read. */
struct evaluate {
	const char *target, *predicted;
	const char *group; /* NULL for no groups */
	struct metrics whole;
	struct grouped grouped;
};

/*
 * Reads an input to its end. Dies if it has no header or not the columns, at a
 * cell that is no number, and at more than GROUPED_MAX groups.
 */
void evaluate_xread(struct evaluate *evaluate, struct csvin *in);

/* Frees the metrics. */
void evaluate_release(struct evaluate *evaluate);

#endif
