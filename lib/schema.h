/* SPDX-License-Identifier: ISC */
/*
 * schema - Frictionless Table Schema: types, constraints, keys
 *
 * One file describes a table: it validates rows, casts them, creates the
 * table in SQLite and BigQuery, and names the key. The properties understood
 * are listed in sluice(7); https://datapackage.org/standard/table-schema/
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

enum schema_type {
	SCHEMA_STRING,
	SCHEMA_INTEGER, /* INT64 */
	SCHEMA_NUMBER,  /* FLOAT64, or exact with bq:type (BIG)NUMERIC */
	SCHEMA_BOOLEAN,
	SCHEMA_DATETIME, /* TIMESTAMP */
	SCHEMA_DATE,
	SCHEMA_TIME,
	SCHEMA_OBJECT, /* JSON */
	SCHEMA_ARRAY,
};

/* A set of texts; {0} is empty. */
struct schema_texts {
	char **items;
	size_t count;
	size_t cap;
};

struct schema_field {
	char *name;
	enum schema_type type;
	char *description; /* or NULL */
	char *bq_type;     /* "bq:type", or NULL */
	bool required;
	bool unique;
	bool has_min_length, has_max_length;
	size_t min_length, max_length; /* in code points */
	/* bounds as text in the field's own spelling, or NULL */
	char *minimum, *maximum, *exclusive_minimum, *exclusive_maximum;
	struct schema_texts values; /* enum; empty: any */
	struct schema_texts true_values, false_values;
	char *pattern;     /* or NULL */
	regex_t *compiled; /* of pattern, anchored, or NULL */
};

/* LEFT OPERATOR RIGHT, where a side is a field or a decimal. */
enum schema_operator {
	SCHEMA_LT,
	SCHEMA_LE,
	SCHEMA_EQ,
	SCHEMA_NE,
	SCHEMA_GE,
	SCHEMA_GT,
};

/* How a header must match the fields: the standard's fieldsMatch. */
enum schema_match {
	SCHEMA_EXACT,    /* the same, in this order */
	SCHEMA_EQUAL,    /* the same, in any order */
	SCHEMA_SUBSET,   /* there may be more columns */
	SCHEMA_SUPERSET, /* there may be fewer columns */
	SCHEMA_PARTIAL,  /* there may be more and fewer */
};

/* What two sides are compared as. */
enum schema_order {
	SCHEMA_BY_TEXT, /* value_compare(): what the values look like */
	SCHEMA_BY_NUMBER,
	SCHEMA_BY_TIME,
};

struct schema_constraint {
	char *text;       /* as it stands in x:rowConstraints */
	long left, right; /* field index, or -1: the literal */
	char *left_literal, *right_literal;
	enum schema_operator relation;
	enum schema_order order;
};

struct schema {
	struct schema_field *fields;
	size_t nfields, fields_cap;
	enum schema_match match;
	struct schema_texts missing; /* missingValues; default "" */
	size_t *key;                 /* primaryKey as indexes of fields */
	size_t nkey, key_cap;
	struct schema_constraint *constraints;
	size_t nconstraints, constraints_cap;
	char *bq_partition;      /* "bq:partition": a field, or NULL */
	char *bq_partition_type; /* HOUR, DAY, MONTH, YEAR; NULL: DAY */
	struct schema_texts bq_cluster;
};

/*
 * Reads a schema file. Returns it, or NULL with "FILE: reason" appended to
 * error: unreadable, not JSON, or not a schema we understand. A property that
 * we do not know is ignored if the standard allows it. schema_free() frees.
 */
struct schema *schema_read(const char *path, struct buf *error);
void schema_free(struct schema *schema);

/* schema_read() of a text; the reason begins with no name. */
struct schema *schema_parse(struct slice text, struct buf *error);

/* schema_read() that dies with the reason and STATUS_TROUBLE. */
struct schema *schema_xread(const char *path);

/* The index of a field by name, or -1. */
long schema_find(const struct schema *schema, struct slice name);

/* The name of a type as in the standard: "string", "integer", ... */
const char *schema_type_name(enum schema_type type);

/* True for a value that stands for a missing one. */
bool schema_is_missing(const struct schema *schema, struct slice value);

/*
 * True for a field that is missing, given as it stands in CSV and as its
 * value: as schema_is_missing(), but a quoted empty string is a string.
 */
bool schema_lacks(const struct schema *schema, const struct schema_field *field,
    struct slice raw, struct slice value);

/* True if the empty text, and no other, stands for a missing value. */
bool schema_lacks_empty(const struct schema *schema);

/*
 * Checks one value (unquoted, not missing) against the field's type and
 * constraints. Returns NULL if it is good, else what it breaks: "type", or
 * the constraint as the standard names it, "minimum", "enum", ...; with a note
 * for people appended to note, as in "'x' is not an integer".
 */
const char *schema_check(
    const struct schema_field *field, struct slice value, struct buf *note);

/*
 * The instant that a datetime or date stands for, or the time of day of a
 * time, in microseconds. Returns 0, or -1 if the value does not fit the type.
 */
int schema_moment(enum schema_type type, struct slice value, int64_t *time);

/* True if the order of two values, negative, 0 or positive, is the relation. */
bool schema_holds(enum schema_operator relation, int diff);

/*
 * Checks a row constraint against the row's values, where missing[i] tells
 * which values to leave out: a constraint over a missing value holds. Returns
 * true, or false with a note, as in "low <= open: 5.2 <= 5.1 is not so".
 */
bool schema_check_row(const struct schema_constraint *constraint,
    const struct slice *values, const bool *missing, struct buf *note);

/*
 * Appends the canonical spelling of a value (unquoted, not missing) of the
 * field's type: a datetime as clock_format() writes it, a date YYYY-MM-DD, a
 * boolean true or false; numbers and everything else stay the text they are.
 * Returns 0, or -1 with a note if the value does not fit the type.
 */
int schema_cast(const struct schema_field *field, struct slice value,
    struct buf *out, struct buf *note);

#endif
