/* SPDX-License-Identifier: ISC */
/*
 * bigquery_spool - the rows of a load, in a temporary file, for an upload
 *
 * The file is of scratch.h, and can be sent as often as need be. Its form is
 * JSON with a row a line, NEWLINE_DELIMITED_JSON, since there NULL, which is
 * left out, the empty string and any other are told apart, and no line end or
 * control byte in a value can be taken for something else. Whole numbers and
 * decimals are strings, so that they stay exact.
 *
 * https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-json
 */
#ifndef BIGQUERY_SPOOL_H
#define BIGQUERY_SPOOL_H

#include "digest.h"
#include "scratch.h"
#include "warehouse.h"

/* What a row's number is called, if it has one. */
#define BIGQUERY_SPOOL_ROW "_sluice_row"

struct bigquery_spool {
	struct scratch scratch;
	struct digest *digest; /* of the file */
	struct buf line;
	bool numbered; /* rows have their number */
	int64_t rows, bytes;
};

void bigquery_spool_init(struct bigquery_spool *spool, bool numbered);
void bigquery_spool_release(struct bigquery_spool *spool);

/*
 * Adds a row, a value for each field. Returns 0, or -1 with a reason appended:
 * a value that BigQuery would not keep as it is.
 */
int bigquery_spool_row(struct bigquery_spool *spool,
    const struct schema_field *const *fields, size_t nfields,
    const struct warehouse_value *values, struct buf *reason);

/*
 * Ends the file: its SHA-256, and the descriptor spool->scratch.fd to be read
 * by offset. Returns 0, or -1 with a reason appended.
 */
int bigquery_spool_end(struct bigquery_spool *spool,
    char sha256[DIGEST_SHA256_HEX], struct buf *reason);

#endif
