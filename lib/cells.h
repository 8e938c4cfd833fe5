/* SPDX-License-Identifier: ISC */
/*
 * cells - numbers out of chosen columns
 *
 * A field that is empty, quoted or not, is a missing value; any other one
 * must be a decimal.
 */
#ifndef CELLS_H
#define CELLS_H

#include "cols.h"
#include "csvin.h"

/* {0} is valid and can be released. */
struct cells {
	const struct cols *names; /* borrowed */
	size_t *at;               /* the field of each name */
	double *values;           /* of the record last read, NaN if missing */
};

/* Finds the columns in a header, or dies with the name of the absent one. */
void cells_require(struct cells *cells, const struct cols *names,
    struct csvin *in, const struct csvin_record *header);

/*
 * cells_require() on the header of an input that must have one: dies if the
 * input is empty, which is what a producer that failed leaves.
 */
void cells_xheader(
    struct cells *cells, const struct cols *names, struct csvin *in);

/*
 * Reads a record into values. Returns NULL, or the name of the first column
 * whose value is missing; dies with file, line, column and field if one is
 * not a number.
 */
const char *cells_xread(
    struct cells *cells, struct csvin *in, const struct csvin_record *record);

void cells_release(struct cells *cells);

#endif
