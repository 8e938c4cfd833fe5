/* SPDX-License-Identifier: ISC */
/*
 * report - a verdict on a table, in the shape of a Frictionless report
 *
 * https://framework.frictionlessdata.io/docs/framework/report.html, with the
 * counts "rows", "accepted" and "rejected" added to the statistics, and how
 * many errors there are of each type. All errors are counted; the first
 * REPORT_LIMIT are listed, cut to REPORT_TEXT_LIMIT bytes each, so that memory
 * is bounded.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>

#include "cols.h"

enum { REPORT_LIMIT = 1000, REPORT_TEXT_LIMIT = 200 };

/* An error; texts are borrowed during report_add(). */
struct report_error {
	const char *type; /* Frictionless: "type-error", ... */
	const char *rule; /* what was broken, as suite.h names it */
	struct slice note;
	uint64_t row;      /* record number; 0 in a header */
	uint64_t line;     /* of the record's first byte; 0 in a header */
	const char *field; /* its name, or NULL */
	size_t number;     /* of the column, from 1, or 0 */
	struct slice cell; /* as it stands in the input */
};

struct report;

struct report *report_new(void);
void report_free(struct report *report);

void report_add(struct report *report, const struct report_error *error);

/* What the report says beside the errors. */
struct report_totals {
	const char *place;         /* name of the input */
	const struct cols *labels; /* names in the header */
	uint64_t rows, rejected;
	int64_t start; /* clock_now() at the beginning */
};

/* Appends the report to text, as JSON. */
void report_print(const struct report *report,
    const struct report_totals *totals, struct buf *text);

/* Writes the report to a file, or dies with "PATH: reason". */
void report_xwrite(const struct report *report,
    const struct report_totals *totals, const char *path);

#endif
