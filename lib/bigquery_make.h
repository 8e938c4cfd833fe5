/* SPDX-License-Identifier: ISC */
/*
 * bigquery_make - datasets and tables: looked at, made, dropped
 *
 * Functions that return an int return 0, or -1 with the warehouse's error.
 */
#ifndef BIGQUERY_MAKE_H
#define BIGQUERY_MAKE_H

#include "bigquery.h"
#include "json_out.h"

/* What there is. */
struct bigquery_place {
	bool there;
	int64_t created;       /* as the service says, or -1 */
	int64_t rows, bytes;   /* of a table */
	struct json *resource; /* of a table; json_free() frees; or NULL */
};

/*
 * Looks at a dataset, or at a table in it if table is not NULL. A dataset
 * tells the location of jobs that work on it.
 */
int bigquery_make_look(struct bigquery *bigquery, const char *dataset,
    const char *table, struct bigquery_place *place);

/* Makes a dataset, in the warehouse's location; it may be there already. */
int bigquery_make_dataset(struct bigquery *bigquery, const char *dataset);

/* A table to be made; all borrowed. */
struct bigquery_table_plan {
	const char *dataset, *table;
	int seconds; /* of life, or 0: for ever */
	/* writes the members that define it: "schema", .. */
	void (*define)(void *user, struct json_out *out);
	void *user;
};

/* Makes a table; it may be there already. */
int bigquery_make_table(
    struct bigquery *bigquery, const struct bigquery_table_plan *plan);

/*
 * Writes the member "schema". A field of a stage may be anything; those of a
 * table are required if they are to be.
 */
void bigquery_make_schema(struct json_out *out,
    const struct schema_field *const *fields, size_t nfields, bool stage,
    bool numbered);

/* Drops a table; that it cannot be is no error. */
void bigquery_make_gone(
    struct bigquery *bigquery, const char *dataset, const char *table);

/* Writes a member that names a table, or a dataset if table is NULL. */
void bigquery_make_reference(struct json_out *out, const char *key,
    const char *project, const char *dataset, const char *table);

#endif
