/* SPDX-License-Identifier: ISC */
/*
 * winners - of the rows with one key, the one that stays
 *
 * Rows are told by their number, from 0, in the order they are added. The
 * first of equal keys is known at once; any other winner only at the end.
 *
 * Memory: that of a keyset; for all but KEEP_FIRST with 8 bytes a key and one
 * bit a row more, for KEEP_MAX and KEEP_MIN also a copy of the value of each
 * key, and for comparing 8 bytes a key. When it passes the limit given, all of
 * it goes to temporary files (spill.h), and so does what is known of every row
 * from then on; winners_settle() then judges part by part. Nothing that is
 * answered depends on the limit.
 */
#ifndef WINNERS_H
#define WINNERS_H

#include <stdint.h>

#include "buf.h"
#include "keyset.h"

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

struct winners_plan {
	enum keep keep;
	bool compare; /* tell exact duplicates from conflicting ones */
	size_t limit; /* bytes of memory; 0: none */
};

struct winners;

/* An empty set; winners_free() frees. Dies as keyset_xnew() does. */
struct winners *winners_xnew(const struct winners_plan *plan);
void winners_free(struct winners *winners);

struct winners_row {
	struct slice key;    /* see keyset.h */
	struct slice value;  /* for KEEP_MAX and KEEP_MIN */
	struct slice record; /* all of it, to compare */
	bool stays;
};

/*
 * Takes the next rows, at most KEYSET_BATCH. For KEEP_MAX and KEEP_MIN the
 * values, without NUL, are compared by value_compare(); an empty one loses to
 * any other. With KEEP_FIRST, unless winners_spilled() before the call, tells
 * in .stays which rows stay. Returns 0, or -1 with winners_error().
 */
int winners_add(
    struct winners *winners, struct winners_row *rows, size_t count);

/*
 * True if memory has passed the limit. Then which of the rows added from now
 * on stay is known only by winners_has() after winners_settle().
 */
bool winners_spilled(const struct winners *winners);

/* No more rows come. Returns 0, or -1 with winners_error(). */
int winners_settle(struct winners *winners);

/* Why a call failed: "FOLDER: reason". */
const char *winners_error(struct winners *winners);

/*
 * After winners_settle(): true if a row is the one that stays. With KEEP_FIRST
 * only for rows of which winners_add() did not tell.
 */
bool winners_has(const struct winners *winners, uint64_t row);

/*
 * After winners_settle(). A duplicate is a row that does not stay: it is
 * exact if its record has the same bytes as the record it lost to, which with
 * KEEP_FIRST is the one that stays.
 */
struct winners_counts {
	uint64_t rows, duplicates;
	uint64_t exact; /* of the duplicates; 0 unless compared */
};
struct winners_counts winners_counts(const struct winners *winners);

#endif
