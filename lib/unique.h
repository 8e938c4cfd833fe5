/* SPDX-License-Identifier: ISC */
/*
 * unique - a field, or fields together, that no two rows share
 *
 * Values are compared by what they mean: decimals by value, times by instant,
 * anything else by its bytes. Memory is that of a keyset.
 */
#ifndef UNIQUE_H
#define UNIQUE_H

#include <stdint.h>

#include "schema.h"

struct unique;

/*
 * The uniqueness of one field, or with field -1 of the primary key, of which
 * no part may be missing. The schema is borrowed; unique_free() frees. Dies as
 * keyset_xnew() does.
 */
struct unique *unique_xnew(const struct schema *schema, long field);
void unique_free(struct unique *unique);

/* The field, or -1 if there are several. */
long unique_field(const struct unique *unique);

/*
 * Checks a row, given as for schema_check_row(). Returns NULL if it shares
 * its values with no row added before, else the Frictionless error type,
 * "unique-error" or "primary-key-error", with a note.
 */
const char *unique_check(struct unique *unique, const struct slice *values,
    const bool *missing, struct buf *note);

/*
 * Adds the row that was checked last, whose values are still there, under its
 * number in notes.
 */
void unique_add(struct unique *unique, uint64_t number);

/*
 * Both at once: false, and the row is not added, if unique_check() would find
 * something.
 */
bool unique_put(struct unique *unique, const struct slice *values,
    const bool *missing, uint64_t number);

#endif
