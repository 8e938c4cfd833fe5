/* SPDX-License-Identifier: ISC */
/*
 * validator_columns - the columns of an input against the fields of a schema
 *
 * A part of the validator, and what its sources share; for them only.
 */
#ifndef VALIDATOR_COLUMNS_H
#define VALIDATOR_COLUMNS_H

#include "checker.h"
#include "unique.h"
#include "validator.h"

struct validator {
	const struct schema *schema;
	struct csvin *in;
	struct report *report;
	struct suite *suite;
	bool several; /* files: notes begin with their names */
	struct cols labels;
	long *field_of;       /* of each column, or -1 */
	struct slice *values; /* of each field in the record being judged */
	bool *missing;        /* or wrong, so that no more is said of it */
	bool *wanted;         /* is part of something unique */
	struct unique **uniques;
	size_t nuniques, uniques_cap;
	struct checker *checker; /* of good records */
	uint32_t *sep;
	bool good_bytes; /* all those of the batch */

	const struct csvin_record *row;
	struct fault first;
	struct buf first_note, note, named;
};

/* Begins a record, or the header. */
void validator_begin(
    struct validator *validator, const struct csvin_record *row);

/*
 * Records an error whose note was made, with its rule as suite.h names it;
 * column -1: of the whole record.
 */
void validator_fail(struct validator *validator, const char *type,
    const char *rule, long column);

/* The column of a field, or -1; field -1 has none. */
long validator_column(const struct validator *validator, long field);

#endif
