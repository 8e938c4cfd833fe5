/* SPDX-License-Identifier: ISC */
/*
 * split - the records of CSV in two parts, each in the order of the input
 *
 * What decides is the number of a record, a time in it, or the hash of its
 * key. The hash is XXH3's 64 bits without a seed: of the value, or, of several
 * values, of all one after the other, each behind its length as 8 bytes,
 * little-endian. So a key falls into the same part everywhere and always.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include "cols.h"

enum split_by { SPLIT_AT, SPLIT_BEFORE, SPLIT_HASH };

struct split {
	enum split_by by;
	uint64_t rows;  /* SPLIT_AT: how many are in the first part, */
	int64_t share;  /* or, if not negative, their share in millionths */
	int64_t before; /* SPLIT_BEFORE: times before this are in it */
	const char *column;
	struct cols key; /* SPLIT_HASH: is hash % parts the part's number */
	uint64_t part, parts; /* from 0 */
};

/* An option's "N" or "N%" as rows or share; dies if it is neither. */
void split_at_option(const char *option, const char *text, struct split *split);

/* An option's "K/N", from 1, as part and parts; dies if it is none. */
void split_part_option(
    const char *option, const char *text, struct split *split);

/* The flags that csvin_new() needs for that. */
unsigned split_flags(const struct split *split);

/*
 * Reads all records of in, which is tied to an output, and writes each to
 * first or to rest, which may be NULL, under the header. Dies with file and
 * line if a time is none.
 */
void split_records(const struct split *split, struct csvin *in,
    struct out *first, struct out *rest);

#endif
