/* SPDX-License-Identifier: ISC */
/*
 * bigquery_columns - the columns of a result of BigQuery
 *
 * Out of the schema that an answer holds: a TableFieldSchema of the REST
 * reference, v2. What its types are called is normalised: INTEGER is INT64,
 * FLOAT is FLOAT64, BOOLEAN is BOOL, RECORD is STRUCT.
 */
#ifndef BIGQUERY_COLUMNS_H
#define BIGQUERY_COLUMNS_H

#include "json.h"

/* How the value of a column is spelled in an answer. */
enum bigquery_kind {
	BIGQUERY_TEXT, /* as it should be: STRING, DATE, BYTES, ... */
	BIGQUERY_INTEGER,
	BIGQUERY_FLOAT,
	BIGQUERY_DECIMAL, /* NUMERIC and BIGNUMERIC */
	BIGQUERY_BOOL,
	BIGQUERY_TIMESTAMP, /* microseconds of the epoch */
	BIGQUERY_JSON,
	BIGQUERY_STRUCT,
};

struct bigquery_columns;

struct bigquery_column {
	char *name, *type; /* normalised */
	enum bigquery_kind kind;
	bool repeated;
	struct bigquery_columns *fields; /* of a STRUCT, or NULL */
};

/* {0} is an empty list. */
struct bigquery_columns {
	struct bigquery_column *items;
	size_t count;
};

/*
 * Reads {"fields": [...]} into an empty list. Returns 0, or -1 with a reason
 * appended; bigquery_columns_release() frees in either case.
 */
int bigquery_columns_read(
    struct bigquery_columns *columns, struct json *schema, struct buf *reason);
void bigquery_columns_release(struct bigquery_columns *columns);

#endif
