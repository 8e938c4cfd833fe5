/* SPDX-License-Identifier: ISC */
/*
 * look - the first or the last rows of CSV, shown on standard output
 */
#ifndef LOOK_H
#define LOOK_H

#include "csvin.h"

struct look {
	uint64_t rows; /* to show at most */
	bool tail;     /* the last ones, not the first */
	bool expanded; /* a line for each field */
	size_t cell;   /* columns at which a cell is cut; 0: if it must */
};

/*
 * Shows rows of in, a reader with CSVIN_RAGGED and CSVIN_RECOVER; for tail,
 * one of the file path, from the end of which no more is read than it takes.
 * Returns the exit status, after a message if it is not STATUS_DONE.
 */
enum status look_show(
    const struct look *look, struct csvin *in, const char *path);

#endif
