/* SPDX-License-Identifier: ISC */
/*
 * winners - of the rows with one key, the one that stays
 *
 * Rows are told by their number, from 0, in the order they are added. The
 * first of equal keys is known at once; any other winner only at the end.
 *
 * Memory: that of a keyset; for all but KEEP_FIRST also 16 to 32 bytes a key
 * and one bit a row; for KEEP_MAX and KEEP_MIN also a copy of the value of
 * each key.
 */
#ifndef WINNERS_H
#define WINNERS_H

#include <stdint.h>

#include "buf.h"

enum keep {
	KEEP_FIRST,
	KEEP_LAST,
	KEEP_MAX, /* of equal values the last */
	KEEP_MIN, /* of equal values the first */
};

/*
 * An option's "first", "last", "max:COLUMN" or "min:COLUMN": returns which,
 * with *column the rest of text, or NULL; or dies saying what was wanted.
 */
enum keep keep_option(
    const char *option, const char *text, const char **column);

struct winners;

/* An empty set; winners_free() frees. Dies as keyset_xnew() does. */
struct winners *winners_xnew(enum keep keep);
void winners_free(struct winners *winners);

/*
 * Takes the next row: its key, made with keyset_part(), and for KEEP_MAX and
 * KEEP_MIN its value, without NUL, which is compared by value_compare(); an
 * empty one loses to any other. Returns true if the row stays for now, which
 * with KEEP_FIRST is final.
 */
bool winners_add(struct winners *winners, struct slice key, struct slice value);

/* True if a row is the one that stays. Not for KEEP_FIRST. */
bool winners_has(const struct winners *winners, uint64_t row);

#endif
