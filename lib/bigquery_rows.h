/* SPDX-License-Identifier: ISC */
/*
 * bigquery_rows - the rows of a page of a result of BigQuery
 *
 * A page is JSON, some MB of it, and nearly all of that is
 *	"rows": [{"f": [{"v": "1"}, {"v": null}, ...]}, ...]
 * which is read here as it stands, without a tree, into values spelled as
 * warehouse.h says; what is no such thing is refused. Results of a query, REST
 * reference v2, jobs.getQueryResults, with formatOptions.useInt64Timestamp.
 *
 * A REPEATED or STRUCT value becomes a text of JSON without blanks: an array,
 * or an object by the names of the fields. In it INT64, NUMERIC and FLOAT64
 * are numbers with all their digits (NaN and the infinite are strings), BOOL
 * is true or false, JSON is itself, everything else a string.
 */
#ifndef BIGQUERY_ROWS_H
#define BIGQUERY_ROWS_H

#include "bigquery_columns.h"
#include "warehouse.h"

/*
 * Divides a page: its array "rows" stands from byte *from up to *to, both 0 if
 * it has none, and all other members become rest, which is JSON if they are.
 * Returns 0, or -1 if the page is no object.
 */
int bigquery_rows_split(
    const struct buf *page, size_t *from, size_t *to, struct buf *rest);

/* A scan of the rows. */
struct bigquery_rows {
	const struct bigquery_columns *columns; /* borrowed */
	char *at, *end;     /* what is left; escapes are undone in place */
	bool begun;         /* a row was there */
	struct buf *rooms;  /* for each column what is spelled anew */
	const char *reason; /* static, after -1 */
};

/*
 * Begins a scan; the columns must last as long. bigquery_rows_release()
 * frees.
 */
void bigquery_rows_begin(
    struct bigquery_rows *rows, const struct bigquery_columns *columns);
void bigquery_rows_release(struct bigquery_rows *rows);

/*
 * Goes on with the array of a page that bigquery_rows_split() found, which is
 * changed, and must last as long as its values.
 */
void bigquery_rows_page(struct bigquery_rows *rows, char *array, size_t len);

/*
 * The next row: 1, or 0 at the end of the page, or -1. The values last until
 * the next call.
 */
int bigquery_rows_next(
    struct bigquery_rows *rows, struct warehouse_value *values);

#endif
