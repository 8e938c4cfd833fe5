/* SPDX-License-Identifier: ISC */
/*
 * export - a model in other languages: SQL, PMML, R, Python
 *
 * The digits of the coefficients are kept where the language can. In SQL and
 * Python a value that is missing, or a level that was not in training, has no
 * prediction, as with lr-predict.
 */
#ifndef EXPORT_H
#define EXPORT_H

#include "model.h"

struct export_task {
	const struct model *model;
	const char *table;  /* SQL: what to select from */
	const char *column; /* SQL: the new column's name */
};

/* Appends the model as text of a language. */
typedef void export_writer(const struct export_task *task, struct buf *out);

/*
 * The writer of a language: sql:bigquery, sql:sqlite, pmml, r or python; NULL
 * for another name.
 */
export_writer *export_find(const char *name);

/* The writers in files of their own. */
export_writer export_bigquery, export_sqlite, export_pmml, export_r,
    export_python;

/* Appends text in quotes, where escapes is in front of quotes and itself. */
void export_quote(const char *text, char quote, char escape, struct buf *out);

#endif
