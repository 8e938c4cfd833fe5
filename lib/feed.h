/* SPDX-License-Identifier: ISC */
/*
 * feed - rows of CSV to states
 *
 * Blocks of rows are parsed column by column, so that the usual numbers are
 * taken in bulk; a row with an empty value is left out and counted. The sums
 * are exact, so what comes out depends on the rows alone.
 */
#ifndef FEED_H
#define FEED_H

#include "csvin.h"
#include "design.h"
#include "fold.h"
#include "ranges.h"
#include "states.h"

struct feed {
	struct design design; /* as the options say; made by feed_xread() */
	struct fold fold;
	bool refuse_missing;   /* an empty value is an error */
	struct ranges *ranges; /* of the numbers, to fill in, or NULL */
};

/* True for an option's "error", false for "drop". Dies if it is neither. */
bool feed_missing_option(const char *option, const char *text);

/*
 * Reads all rows and adds the states, one for each fold. Dies with file, line
 * and column at a value that is no number, a weight below 0, or an empty value
 * if these are refused; and if an option names a column that is not there.
 */
void feed_xread(struct feed *feed, struct csvin *in, struct states *states);

void feed_release(struct feed *feed);

#endif
