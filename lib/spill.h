/* SPDX-License-Identifier: ISC */
/*
 * spill - what is known of rows, in temporary files that split the keys
 *
 * Rows of one key are in one of SPILL_PARTS parts, in the order they were
 * added, so that each part can be judged alone. A part is a file of
 * scratch.h; a row takes 24 bytes, and its digest and value if they are kept.
 */
#ifndef SPILL_H
#define SPILL_H

#include "buf.h"
#include "prints.h"

enum { SPILL_PARTS = 64 };

struct spill_row {
	struct print print; /* of the key */
	uint64_t row;
	uint64_t digest;
	struct slice value; /* shorter than 4 GiB */
};

struct spill;

/* Makes the files; spill_free() frees. spill_error() tells of a failure. */
struct spill *spill_new(bool digests, bool values);
void spill_free(struct spill *spill);

/* The first failure of any call, "FOLDER: reason", or NULL. */
const char *spill_error(struct spill *spill);

/* Adds a row, as long as nothing has been read. */
void spill_add(struct spill *spill, const struct spill_row *row);

/* How many rows a part has, and how many bytes of values. */
uint64_t spill_rows(const struct spill *spill, size_t part);
uint64_t spill_values(const struct spill *spill, size_t part);

/* Goes to the first row of a part. */
void spill_rewind(struct spill *spill, size_t part);

/*
 * The next row of a part, its value borrowed until the next call: true, or
 * false at the end or after a failure.
 */
bool spill_next(struct spill *spill, size_t part, struct spill_row *row);

#endif
