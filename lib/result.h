/* SPDX-License-Identifier: ISC */
/*
 * result - the rows of a query as records of CSV
 *
 * NULL is a bare empty field, the empty string a quoted one.
 */
#ifndef RESULT_H
#define RESULT_H

#include "load.h"

struct result {
	struct warehouse *warehouse; /* borrowed */
	struct cols columns;
	struct buf record;         /* the record, without LF */
	struct load_field *fields; /* its fields */
	struct warehouse_value *values;
};

/*
 * Starts a query; the record is the header then. Returns 0, or -1 with the
 * warehouse's error. result_release() frees in either case.
 */
int result_start(struct result *result, struct warehouse *warehouse,
    const struct warehouse_query *query);
void result_release(struct result *result);

/* Fetches the next row: 1, or 0 at the end, or -1. */
int result_next(struct result *result);

/* Writes the header and all rows, as long as out takes them: 0 or -1. */
int result_print(struct result *result, struct out *out);

#endif
