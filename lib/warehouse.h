/* SPDX-License-Identifier: ISC */
/*
 * warehouse - tables at a place that a location names
 *
 * A location is sqlite:DIR, a folder with an SQLite file for each dataset, or
 * bigquery:PROJECT. The scheme picks the implementation; a tool never knows
 * which one it has.
 *
 * Values travel as text, spelled as schema_cast() spells them, decimals of
 * NUMERIC in canonical spelling, doubles so that they read back the same.
 */
#ifndef WAREHOUSE_H
#define WAREHOUSE_H

#include "clock.h"
#include "cols.h"
#include "digest.h"
#include "schema.h"

/* DATASET.TABLE; {0} can be released. */
struct warehouse_table {
	char *dataset, *table;
};

enum warehouse_mode { WAREHOUSE_APPEND, WAREHOUSE_REPLACE, WAREHOUSE_MERGE };

struct warehouse_value {
	struct slice text;
	bool null;
};

/* @NAME in SQL: a schema of one field, its name and type, and a value. */
struct warehouse_parameter {
	struct schema *schema;
	struct buf value;
};

/* {0} is an empty list. */
struct warehouse_parameters {
	struct warehouse_parameter *items;
	size_t count, cap;
};

/* A query, one SELECT; all borrowed. */
struct warehouse_query {
	const char *sql;
	const struct warehouse_parameters *parameters;
	/* for who is billed by the bytes that a query reads */
	int64_t max_bytes;         /* most of them, or -1: any */
	const struct cols *labels; /* KEY=VALUE each, shown with the bill */
};

/* What is to be loaded, and where to; all borrowed. */
struct warehouse_load {
	const struct warehouse_table *table;
	enum warehouse_mode mode;
	const struct cols *key; /* of a merge: the columns of the key */
	const char *newest;     /* of a merge: the column that decides */
	const struct schema
	    *schema; /* partitions and clusters of a new table */
	/* the columns, in the order of the table if it exists */
	const struct schema_field *const *fields;
	size_t nfields;
};

/* Objects that a warehouse reads by itself: CSV with one header; borrowed. */
struct warehouse_objects {
	const char **urls;
	size_t count;
	int64_t bytes; /* of all */
	/* the fields of the load, in the order of the header */
	const struct schema_field *const *header;
	size_t nheader;
	const struct schema *schema; /* tells which values are missing */
	/*
	 * To be called when they have been read: 0 if they are still what they
	 * were, or -1 with a reason appended.
	 */
	int (*check)(void *user, struct buf *reason);
	void *user;
};

enum { WAREHOUSE_JOB_SIZE = 160 };

/* A row of the ledger _loads: the first part is given, the rest filled in. */
struct warehouse_receipt {
	const char *load_id;
	bool id_given;           /* by the user, not made of the content */
	const char *schema_name; /* or NULL */
	char schema_hash[DIGEST_SHA256_HEX];
	const char *source; /* or NULL */
	const char *tool;   /* its name and version */
	char sha256[DIGEST_SHA256_HEX];
	int64_t bytes, rows_in;

	bool already_loaded;
	int64_t rows_loaded, rows_inserted, rows_updated, rows_unchanged;
	char inserted_at[CLOCK_SIZE];
	/* of a service: the jobs that loaded the rows, and gathered them */
	char job_id[WAREHOUSE_JOB_SIZE], stage_job_id[WAREHOUSE_JOB_SIZE];
};

/* A column as it is; a field of a STRUCT is called COLUMN.FIELD. */
struct warehouse_column {
	char *name, *type; /* as GoogleSQL calls it */
	char *mode;        /* NULLABLE, REQUIRED or REPEATED */
	char *description; /* or NULL */
};

/*
 * What a warehouse knows of a table without looking into it. What it does not
 * know is NULL or -1; warehouse_facts_release() frees.
 */
struct warehouse_facts {
	char *kind; /* TABLE, VIEW, ...; NULL: there is no such table */
	int64_t rows, bytes;
	int64_t created, modified; /* clock.h */
	char *partitioned;         /* by what, as "DAY(open_time)" */
	int64_t partitions;
	char *clustered; /* "symbol,open_time" */
	struct warehouse_column *columns;
	size_t ncolumns, columns_cap;
};

/*
 * An open warehouse, for one query or one load. The functions return 0, or -1
 * with the reason in error and, in status, whether it is worth trying again.
 */
struct warehouse {
	const char *location; /* borrowed */
	struct buf error;
	enum status status;
	struct buf notes; /* lines, each a warning that the tool is to print */
	int max_pending;  /* seconds for a job to begin; 0: any number */

	/*
	 * Starts a query and names the columns of its result in the empty list
	 * columns. Every parameter must stand in it, and every @NAME in it
	 * must be given.
	 */
	int (*query)(struct warehouse *warehouse,
	    const struct warehouse_query *query, struct cols *columns);

	/*
	 * Checks a query without running it. *bytes becomes what it would be
	 * billed for, whatever its max_bytes, or -1 where nobody is billed.
	 */
	int (*estimate)(struct warehouse *warehouse,
	    const struct warehouse_query *query, int64_t *bytes);

	/*
	 * The next row of the result: 1, or 0 at the end, or -1. The values
	 * last until the next call.
	 */
	int (*next)(struct warehouse *warehouse, struct warehouse_value *row);

	/*
	 * Describes a table: schema_free() frees *schema, which is NULL if
	 * there is no such table.
	 */
	int (*describe)(struct warehouse *warehouse,
	    const struct warehouse_table *table, struct schema **schema);

	/*
	 * Append to the empty list the names of all datasets, or of all tables
	 * of one, views and the ledger included.
	 */
	int (*datasets)(struct warehouse *warehouse, struct cols *names);
	int (*tables)(struct warehouse *warehouse, const char *dataset,
	    struct cols *names);

	/* Fills in what is known of a table. */
	int (*facts)(struct warehouse *warehouse,
	    const struct warehouse_table *table, struct warehouse_facts *facts);

	/*
	 * A load: begun, given its rows, a value for each field, and
	 * committed. The table and its dataset are made if they do not exist.
	 * Nothing of it is seen by others before it is committed, with its
	 * row in the ledger, and nothing is if it is not.
	 *
	 * A load whose id stands in the ledger is not done again: the receipt
	 * is filled in from there. It counts as not done if what it loaded is
	 * there no more: a later load replaced it, or the table was dropped,
	 * made anew or emptied by others. To replace a table is done again
	 * also if there was a later load, unless the id is a given one. A
	 * given id that stands for another content, table or mode is an error.
	 *
	 * Merge keeps one row for each key: the one that is largest in the
	 * column newest, where NULL is smallest. On a tie a row in the table
	 * stays, and of rows of the load the last one.
	 */
	int (*load_begin)(
	    struct warehouse *warehouse, const struct warehouse_load *load);
	int (*load_row)(
	    struct warehouse *warehouse, const struct warehouse_value *values);
	int (*load_commit)(
	    struct warehouse *warehouse, struct warehouse_receipt *receipt);

	/*
	 * In the place of rows: what the load has is in objects of gs://. It
	 * is done with the commit, which sets the receipt's rows_in, too. NULL
	 * if the warehouse cannot.
	 */
	int (*load_objects)(struct warehouse *warehouse,
	    const struct warehouse_objects *objects);

	/*
	 * In the place of rows: what the load has are the rows of a query, run
	 * by the warehouse, with columns that query_columns() names. Appends
	 * what tells them from others to content. NULL both if the warehouse
	 * cannot, or need not, as it is here.
	 */
	int (*query_columns)(struct warehouse *warehouse,
	    const struct warehouse_query *query, struct cols *columns);
	int (*load_query)(struct warehouse *warehouse,
	    const struct warehouse_query *query, const struct cols *columns,
	    struct buf *content, int64_t *bytes);

	/* Frees it; what was not committed is gone. */
	void (*close)(struct warehouse *warehouse);
};

/*
 * Opens a warehouse, or that of $SLUICE_WAREHOUSE if location is NULL. Dies
 * with STATUS_TROUBLE if it is not set or not a location. The caller calls
 * close.
 */
struct warehouse *warehouse_xopen(const char *location);

/* Sets the error; returns -1. For implementations and load.c. */
int warehouse_fail(struct warehouse *warehouse, enum status status,
    const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Dies with the notes and the error. */
_Noreturn void warehouse_die(const struct warehouse *warehouse);

/* Prints the notes as warnings. */
void warehouse_warn(const struct warehouse *warehouse);

/*
 * True for a name that datasets, tables and columns may have:
 * [A-Za-z_][A-Za-z0-9_]*, at most 300 bytes.
 */
bool warehouse_name_valid(struct slice name);

/*
 * Takes a table's name apart. Returns 0, or -1 with a reason in *reason
 * (static): not DATASET.TABLE, or a name that is reserved: the datasets main
 * and temp, which are SQLite's own, and tables that begin with sqlite_ or are
 * the ledger.
 */
int warehouse_table_parse(
    struct warehouse_table *table, const char *text, const char **reason);
void warehouse_table_release(struct warehouse_table *table);

/* warehouse_table_parse() that dies with "'TEXT': reason". */
void warehouse_table_xparse(struct warehouse_table *table, const char *text);

void warehouse_facts_release(struct warehouse_facts *facts);

/* Adds a column to the facts; fill it in before the next. */
struct warehouse_column *warehouse_facts_column(struct warehouse_facts *facts);

/* An option's mode: append, replace or merge; dies if it is another word. */
enum warehouse_mode warehouse_mode_option(const char *option, const char *text);
const char *warehouse_mode_name(enum warehouse_mode mode);

/*
 * Adds NAME=VALUE or NAME:TYPE=VALUE, where TYPE is one of BigQuery's and
 * STRING if not given. Dies if it is something else, if the value does not
 * fit the type, or if the name stands twice.
 */
void warehouse_parameters_option(struct warehouse_parameters *parameters,
    const char *option, const char *text);
void warehouse_parameters_release(struct warehouse_parameters *parameters);

/* The parameter of a name, or NULL. */
const struct warehouse_parameter *warehouse_parameters_find(
    const struct warehouse_parameters *parameters, struct slice name);

/* BigQuery's name of a field's type: STRING, INT64, NUMERIC, ... */
const char *warehouse_type(const struct schema_field *field);

#endif
