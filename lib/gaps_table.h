/* SPDX-License-Identifier: ISC */
/*
 * gaps_table - the gaps of all series that records of CSV hold
 *
 * A series is the times of the records with one key; series may be mixed, but
 * each must ascend. Findings are written as they are made, those at the end of
 * the input in the order in which the keys first came.
 *
 * Memory: for each key that of a keyset, some 130 bytes and the key's text.
 */
#ifndef GAPS_TABLE_H
#define GAPS_TABLE_H

#include "cols.h"
#include "gaps.h"

struct gaps_table;

struct gaps_options {
	const char *column; /* of the times */
	struct cols key;    /* may be empty: one series */
	struct kline_interval step;
	struct gaps_bounds bounds;
	bool totals; /* write a record for each key, instead of the findings */
};

/* An empty table; options are borrowed. Dies as keyset_xnew() does. */
struct gaps_table *gaps_table_xnew(const struct gaps_options *options);
void gaps_table_free(struct gaps_table *table);

/*
 * Reads all records of in and writes to out what options ask for, under its
 * header; nothing, if there is not even a header. Dies, with file and line, if
 * a time is none or before the last one of its key.
 */
void gaps_table_read(
    struct gaps_table *table, struct csvin *in, struct out *out);

/*
 * True if every series has a coverage of at least least, in millionths, and
 * there is at least one in which something was expected. Otherwise appends to
 * reason what falls short.
 */
bool gaps_table_covers(
    const struct gaps_table *table, int64_t least, struct buf *reason);

#endif
