/* SPDX-License-Identifier: ISC */
/*
 * judge - an input told apart by a schema: the work of csv-validate
 *
 * All records are read and judged, whatever is wrong with some: the good ones
 * go to the output, the others to the rejects, and everything is counted.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "csvin.h"
#include "rejects.h"
#include "report.h"
#include "validator.h"

/* What to work with, all borrowed, and what came of it. */
struct judge {
	struct validator *validator;
	struct csvin *in;
	struct out *out, *rejects; /* rejects may be NULL */
	uint64_t rows, rejected;
	bool unfit; /* the header does not fit; no record was judged */
};

/* Reads everything; dies as csvin_xnext() does. */
void judge_xall(struct judge *judge);

#endif
