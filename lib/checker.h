/* SPDX-License-Identifier: ISC */
/*
 * checker - the records that certainly fit a schema, told apart quickly
 *
 * The answer is yes, or that somebody slower has to look and to say what is
 * wrong: the validator, of whose checks these are a part. A value is parsed
 * once, whatever compares it. Shape, bytes and uniqueness are not checked.
 */
#ifndef CHECKER_H
#define CHECKER_H

#include "csvin.h"
#include "schema.h"

struct checker;

/* What becomes of the values; each array has a place for each field. */
struct checker_values {
	struct slice *values;
	bool *missing;
	const bool *wanted; /* the fields whose values are to be put there */
};

/*
 * A checker of records with ncolumns fields, where field_of[i] is the field of
 * the schema in column i, or -1. All but field_of is borrowed. checker_free()
 * frees.
 */
struct checker *checker_new(const struct schema *schema, struct csvin *in,
    const long *field_of, size_t ncolumns, struct checker_values values);
void checker_free(struct checker *checker);

/*
 * A record with ncolumns fields, in the buffer of a reader. Where 16 bytes or
 * more lie between base and the record, it is checked more quickly.
 */
struct checker_record {
	const char *base;
	size_t start;        /* of the record */
	const uint32_t *end; /* end[i]: of field i, where a comma or a CR or
				LF stands */
};

/* True if the values fit their types, their bounds and one another. */
bool checker_fits(struct checker *checker, const struct checker_record *record);

/* The same of one field alone. */
bool checker_fits_field(
    struct checker *checker, size_t column, struct slice raw);

/* Has a field count as missing, as one with a wrong value does. */
void checker_leave_out(struct checker *checker, size_t column);

/* The same of the row constraints, when all fields were checked one by one. */
bool checker_fits_row(struct checker *checker);

#endif
