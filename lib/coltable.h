/* SPDX-License-Identifier: ISC */
/*
 * coltable - what is to be said about each column of a CSV input
 *
 * The input is read once. Rows are taken a batch at a time, and a batch
 * column by column.
 */
#ifndef COLTABLE_H
#define COLTABLE_H

#include "colstat.h"
#include "csvin.h"

enum { COLTABLE_COLUMNS = 4096 };

/* {0} is valid: no input. */
struct coltable {
	struct buf *names; /* of the columns, without their quotes */
	struct colstat **columns;
	size_t count;
};

/*
 * Reads all of the input. Of a record that is short the missing fields count
 * as empty, of one that is long the others are left out: both come only with
 * CSVIN_RAGGED. Dies at the first error, and of more columns than
 * COLTABLE_COLUMNS.
 */
void coltable_read(struct coltable *table, struct csvin *in);

void coltable_release(struct coltable *table);

/* Writes a record for each column, under a header. */
void coltable_write_csv(const struct coltable *table, struct out *out);

/* Writes an array with an object for each column. */
void coltable_write_json(const struct coltable *table, struct out *out);

#endif
