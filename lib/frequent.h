/* SPDX-License-Identifier: ISC */
/*
 * frequent - the most frequent values of a stream in bounded memory
 *
 * Up to FREQUENT_VALUES different values are all counted, exactly. When the
 * table is full, a middling count is taken from all in it, and those that
 * have nothing left go (Misra and Gries 1982, in the form of Anderson and
 * others: A high-performance algorithm for identifying frequent items in data
 * streams, IMC 2017). A count is then the least that a value occurred, and
 * frequent_error() the most that may have been missed.
 *
 * Behind the first FREQUENT_ALL rows of a stream of many values a new one
 * takes a place only in the one row out of each FREQUENT_STRIDE that a
 * generator of fixed seed chooses; from then on it is counted (sample and
 * hold: Estan and Varghese: New directions in traffic measurement and
 * accounting, SIGCOMM 2002). That is what makes it fast.
 *
 * Values are told apart by 64-bit hashes. Memory is 72 bytes a value in the
 * table, 144 KiB at most.
 */
#ifndef FREQUENT_H
#define FREQUENT_H

#include <stdint.h>

#include "buf.h"

enum {
	FREQUENT_VALUES = 2048,
	FREQUENT_ALL = 1 << 18,
	FREQUENT_STRIDE = 16,
	/* bytes of a value that are kept; longer ones are cut */
	FREQUENT_TEXT = 40,
};

struct frequent_table;

/* {0} is valid and empty. */
struct frequent {
	struct frequent_table *table;
};

/* Adds values with their hashes (keyset_hash.h). */
void frequent_add(struct frequent *frequent, const struct slice *values,
    const uint64_t *hashes, size_t count);

/* Adds what another one has counted. */
void frequent_merge(struct frequent *frequent, const struct frequent *other);

/* Values in the table. */
size_t frequent_count(const struct frequent *frequent);

/* Writes the hashes of the values in the table; returns how many. */
size_t frequent_hashes(
    const struct frequent *frequent, uint64_t hashes[FREQUENT_VALUES]);

/*
 * The most by which a count may be too low, and the most that a value not in
 * the table occurred; 0 as long as all are counted. Where rows were chosen at
 * random it may fail, with a chance of about 1e-14.
 */
uint64_t frequent_error(const struct frequent *frequent);

struct frequent_value {
	struct slice text; /* borrowed from the table */
	uint64_t hash;
	uint64_t count;
	bool cut; /* text is only the beginning */
};

/*
 * Writes the most frequent values of the table, at most max of them, the
 * first seen first of equal ones; returns how many.
 */
size_t frequent_list(
    const struct frequent *frequent, struct frequent_value *list, size_t max);

void frequent_release(struct frequent *frequent);

#endif
