/* SPDX-License-Identifier: ISC */
/*
 * append - the same fields behind every record
 */
#ifndef APPEND_H
#define APPEND_H

#include "csvin.h"
#include "io.h"

/* append_clear() makes one ready, out of {0} too; append_release() frees. */
struct append {
	struct buf suffix; /* the fields, a comma before each; a LF; spare */
	size_t len;        /* of it, the LF included */
};

/* Appends nothing from now on. */
void append_clear(struct append *append);

/* Adds a value as one more field to append, quoted if need be. */
void append_value(struct append *append, struct slice value);

/* Writes one record, what is appended and a LF. */
void append_record(
    const struct append *append, struct slice record, struct out *out);

/* Writes all records of a batch, each with what is appended and a LF. */
void append_batch(const struct append *append, const struct csvin_batch *batch,
    struct out *out);

/* Frees the memory. */
void append_release(struct append *append);

#endif
