/* SPDX-License-Identifier: ISC */
/*
 * validator - records judged against a schema
 *
 * A record is checked in this order: its shape, its bytes, each field, the
 * row constraints, the keys. Every error goes to the report; the first one of
 * a record stays here, to be written beside it. Memory is constant, except
 * for a keyset for each unique field and the primary key; only records without
 * an error count in these.
 */
#ifndef VALIDATOR_H
#define VALIDATOR_H

#include "csvin.h"
#include "report.h"
#include "schema.h"
#include "suite.h"

struct validator;

/* The first error of the record that was judged last. */
struct fault {
	const char *type;  /* Frictionless: "type-error", ...; NULL: none */
	const char *field; /* its name, or NULL */
	struct slice note;
};

/*
 * A validator of what in reads, which tells each error to report and suite;
 * all are borrowed. If in has several files, the notes begin with their names.
 * validator_free() frees. Dies as keyset_xnew() does.
 */
struct validator *validator_xnew(const struct schema *schema, struct csvin *in,
    struct report *report, struct suite *suite, bool several);
void validator_free(struct validator *validator);

/*
 * Judges the header, once and first. Returns true if the columns are those
 * that the schema wants; if not, no record can be judged.
 */
bool validator_header(
    struct validator *validator, const struct csvin_record *header);

/*
 * Judges an input without even a header: it is good if the schema allows no
 * column at all.
 */
bool validator_empty(struct validator *validator);

/*
 * The number of records of a batch, from number from on, that are good, up to
 * the first that is for validator_row() to judge: it may be bad. For each
 * batch the first call is with 0.
 */
size_t validator_run(
    struct validator *validator, const struct csvin_batch *batch, size_t from);

/* Judges a record, which may be ragged or broken. True if it is good. */
bool validator_row(struct validator *validator, const struct csvin_record *row);

/*
 * The first error of the last record; for a header, the notes of all its
 * errors. Borrowed until the next record is judged.
 */
struct fault validator_fault(const struct validator *validator);

/* The names in the header, borrowed. */
const struct cols *validator_labels(const struct validator *validator);

#endif
