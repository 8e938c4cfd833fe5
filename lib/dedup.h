/* SPDX-License-Identifier: ISC */
/*
 * dedup - of the records with one key, writes the one that stays
 *
 * The first of equal keys is known while it streams, and written at once,
 * until the memory is used up: from then on the records are spooled to a
 * temporary file and written at the end. Any other winner is known only at the
 * end, and then the input is read twice.
 */
#ifndef DEDUP_H
#define DEDUP_H

#include "cols.h"
#include "csvin.h"
#include "io.h"
#include "winners.h"

struct dedup_plan {
	struct cols key;
	struct winners_plan winners;
	const char *by; /* the column to compare, or NULL */
};

/* How the reader must be made for a plan. */
unsigned dedup_flags(const struct dedup_plan *plan);

/*
 * Writes the records that stay to out and the others to dups, unless it is
 * NULL, each under the header. Dies with file and line where the input is
 * wrong, with "FOLDER: reason" where temporary files fail.
 */
struct winners_counts dedup_xrun(const struct dedup_plan *plan,
    struct csvin *in, struct out *out, struct out *dups);

#endif
