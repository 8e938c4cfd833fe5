/* SPDX-License-Identifier: ISC */
/*
 * rowkey - what a record is known by: the values of chosen columns
 *
 * With a schema, keys are equal when their values mean the same: 1.0 and 1 are
 * one decimal, 2024-01-26T15:00:00Z is the instant 1706281200000. A warehouse
 * may give back another spelling than it was given.
 */
#ifndef ROWKEY_H
#define ROWKEY_H

#include "cols.h"
#include "csvin.h"
#include "schema.h"

/* {0} has no columns, compares text, and can be released. */
struct rowkey {
	struct cols names;
	const struct schema *schema; /* borrowed, or NULL: compare text */
	const struct schema_field **fields; /* private, as the next */
	struct buf bytes, spelled;
};

/*
 * Finds the columns in a header, once the names are set: at[i] is the field of
 * names[i]. The caller frees. Dies with the name of a column that is absent.
 */
size_t *rowkey_columns(
    struct rowkey *key, struct csvin *in, const struct csvin_record *header);

/*
 * The key of a record, for a keyset; the fields are at. A value that does not
 * fit its type is compared as text. Borrowed until the next call.
 */
struct slice rowkey_of(struct rowkey *key, struct csvin *in,
    const struct csvin_record *row, const size_t *at);

void rowkey_release(struct rowkey *key);

#endif
