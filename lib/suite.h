/* SPDX-License-Identifier: ISC */
/*
 * suite - the checks of a schema as a test suite, in JUnit's XML
 *
 * The form that CI servers show: a test case for the header, for the shape,
 * the syntax and the bytes of records, for each type and constraint of each
 * field, for each row constraint and for the key. A case that failed has the
 * number of failures and the first SUITE_EXAMPLES of them, so that memory is
 * bounded. What was not checked, because the header does not fit or the column
 * is not there, is skipped.
 */
#ifndef SUITE_H
#define SUITE_H

#include "report.h"
#include "schema.h"

enum { SUITE_EXAMPLES = 5, SUITE_TEXT_LIMIT = 200 };

/* The rules that are not those of fields, which bear the standard's names. */
#define SUITE_HEADER "columns as in the schema"
#define SUITE_SYNTAX "syntax"
#define SUITE_SHAPE "number of fields"
#define SUITE_UTF8 "UTF-8"
#define SUITE_KEY "primaryKey"

struct suite;

/* A suite of what a schema asks for. suite_free() frees. */
struct suite *suite_new(const struct schema *schema);
void suite_free(struct suite *suite);

/*
 * Counts a failure of a rule: one of those above, "type" or a constraint of
 * error->field, or the text of a row constraint.
 */
void suite_add(struct suite *suite, const struct report_error *error);

/*
 * Appends the suite to text, as XML. checked: the header fits, so that
 * records were judged.
 */
void suite_print(const struct suite *suite, const struct report_totals *totals,
    bool checked, struct buf *text);

/* Writes the suite to a file, or dies with "PATH: reason". */
void suite_xwrite(const struct suite *suite, const struct report_totals *totals,
    bool checked, const char *path);

#endif
