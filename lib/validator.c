/* SPDX-License-Identifier: ISC */
#include "validator.h"

#include <stdlib.h>
#include <string.h>

#include "unique.h"
#include "utf8.h"

struct validator {
	const struct schema *schema;
	struct csvin *in;
	struct report *report;
	bool several; /* files: notes begin with their names */
	struct cols labels;
	long *field_of;       /* of each column, or -1 */
	struct slice *values; /* of each field in the record being judged */
	bool *missing;        /* or wrong, so that no more is said of it */
	struct unique **uniques;
	size_t nuniques, uniques_cap;

	const struct csvin_record *row;
	struct fault first;
	struct buf first_note, note, named;
};

static void
add_unique(struct validator *validator, long field)
{
	validator->uniques = xgrow(validator->uniques, validator->nuniques,
	    &validator->uniques_cap, sizeof(struct unique *));
	validator->uniques[validator->nuniques++] =
	    unique_xnew(validator->schema, field);
}

struct validator *
validator_xnew(const struct schema *schema, struct csvin *in,
    struct report *report, bool several)
{
	struct validator *validator = xcalloc(1, sizeof(*validator));

	validator->schema = schema;
	validator->in = in;
	validator->report = report;
	validator->several = several;
	validator->values = xcalloc(schema->nfields, sizeof(struct slice));
	validator->missing = xcalloc(schema->nfields, sizeof(bool));
	for (size_t i = 0; i < schema->nfields; i++) {
		if (schema->fields[i].unique)
			add_unique(validator, (long)i);
	}
	if (schema->nkey)
		add_unique(validator, -1);
	return validator;
}

void
validator_free(struct validator *validator)
{
	if (!validator)
		return;
	for (size_t i = 0; i < validator->nuniques; i++)
		unique_free(validator->uniques[i]);
	free(validator->uniques);
	free(validator->field_of);
	free(validator->values);
	free(validator->missing);
	cols_release(&validator->labels);
	buf_release(&validator->first_note);
	buf_release(&validator->note);
	buf_release(&validator->named);
	free(validator);
}

struct fault
validator_fault(const struct validator *validator)
{
	struct fault fault = validator->first;

	fault.note = buf_slice(&validator->first_note);
	return fault;
}

const struct cols *
validator_labels(const struct validator *validator)
{
	return &validator->labels;
}

/* Begins a record, or the header. */
static void
begin(struct validator *validator, const struct csvin_record *row)
{
	validator->row = row;
	validator->first = (struct fault){0};
	buf_clear(&validator->first_note);
}

/* Records an error whose note was made; column -1: of the whole record. */
static void
fail(struct validator *validator, const char *type, long column)
{
	const struct csvin_record *row = validator->row;
	struct report_error error = {
	    .type = type,
	    .note = buf_slice(&validator->note),
	    .row = row->number > 1 ? row->number : 0,
	};

	if (validator->several && error.row) {
		buf_clear(&validator->named);
		buf_printf(&validator->named, "%s: %s",
		    csvin_name(validator->in), error.note.data);
		error.note = buf_slice(&validator->named);
	}
	if (column >= 0) {
		size_t at = (size_t)column;

		error.field = validator->labels.names[at];
		error.number = at + 1;
		if (!row->error && at < row->nfields)
			error.cell = csvin_field(row, at);
	}
	if (!validator->first.type) {
		validator->first.type = type;
		validator->first.field = error.field;
		buf_add_slice(&validator->first_note, error.note);
	} else if (!error.row) {
		buf_puts(&validator->first_note, "; ");
		buf_add_slice(&validator->first_note, error.note);
	}
	report_add(validator->report, &error);
	buf_clear(&validator->note);
}

/* True if the header may have columns that are no fields. */
static bool
allows_extra(enum schema_match match)
{
	return match == SCHEMA_SUBSET || match == SCHEMA_PARTIAL;
}

/* True if a field may have no column. */
static bool
allows_missing(const struct schema *schema, size_t field)
{
	for (size_t i = 0; i < schema->nkey; i++) {
		if (schema->key[i] == field)
			return false;
	}
	return !schema->fields[field].required &&
	       (schema->match == SCHEMA_SUPERSET ||
		   schema->match == SCHEMA_PARTIAL);
}

/* Takes the columns' names and finds their fields. */
static void
check_columns(struct validator *validator, const struct csvin_record *header)
{
	const struct schema *schema = validator->schema;

	validator->field_of = xcalloc(header->nfields, sizeof(long));
	for (size_t i = 0; i < header->nfields; i++) {
		struct slice name =
		    csvin_value(validator->in, csvin_field(header, i));
		bool twice = cols_find(&validator->labels, name) >= 0;
		long field = schema_find(schema, name);

		cols_add(&validator->labels, name);
		validator->field_of[i] = field;
		if (twice) {
			buf_printf(&validator->note, "column '%s' stands twice",
			    validator->labels.names[i]);
			fail(validator, "duplicate-label", (long)i);
		} else if (field < 0 && !allows_extra(schema->match)) {
			buf_printf(&validator->note,
			    "column '%s' is not in the schema",
			    validator->labels.names[i]);
			fail(validator, "extra-label", (long)i);
		}
	}
}

/* The column of a field, or -1; field -1 has none. */
static long
column_of(const struct validator *validator, long field)
{
	for (size_t i = 0; field >= 0 && i < validator->labels.count; i++) {
		if (validator->field_of[i] == field)
			return (long)i;
	}
	return -1;
}

/* Looks for fields that have no column. */
static void
check_fields(struct validator *validator)
{
	const struct schema *schema = validator->schema;
	size_t found = 0;

	for (size_t i = 0; i < schema->nfields; i++) {
		bool there = column_of(validator, (long)i) >= 0;

		found += there;
		validator->missing[i] = true;
		if (there || allows_missing(schema, i))
			continue;
		buf_printf(
		    &validator->note, "no column '%s'", schema->fields[i].name);
		fail(validator, "missing-label", -1);
	}
	if (found == 0 && !validator->first.type) {
		buf_puts(&validator->note, "no column of the schema");
		fail(validator, "missing-label", -1);
	}
}

/* Names that are right, but in another order than the fields. */
static void
check_order(struct validator *validator)
{
	const struct schema *schema = validator->schema;

	if (schema->match != SCHEMA_EXACT || validator->first.type)
		return;
	for (size_t i = 0; i < schema->nfields; i++) {
		if (validator->field_of[i] == (long)i)
			continue;
		buf_printf(&validator->note,
		    "column %zu is '%s', the schema has '%s'", i + 1,
		    validator->labels.names[i], schema->fields[i].name);
		fail(validator, "incorrect-label", (long)i);
	}
}

bool
validator_header(struct validator *validator, const struct csvin_record *header)
{
	begin(validator, header);
	check_columns(validator, header);
	check_fields(validator);
	check_order(validator);
	return !validator->first.type;
}

static bool
check_shape(struct validator *validator)
{
	const struct csvin_record *row = validator->row;
	size_t columns = validator->labels.count;

	if (row->error) {
		buf_puts(&validator->note, row->error);
		fail(validator, "source-error", -1);
		return false;
	}
	if (row->nfields == columns)
		return true;
	if (row->len == 0) {
		buf_puts(&validator->note, "empty line");
		fail(validator, "blank-row", -1);
		return false;
	}
	buf_printf(&validator->note, "%zu field%s, header has %zu",
	    row->nfields, row->nfields == 1 ? "" : "s", columns);
	if (row->nfields < columns)
		fail(validator, "missing-cell", (long)row->nfields);
	else
		fail(validator, "extra-cell", -1);
	return false;
}

/* The field that holds the byte at an offset. */
static long
field_at(const struct csvin_record *row, size_t offset)
{
	long field = 0;

	while (row->end[field] <= offset)
		field++;
	return field;
}

/* Checks for UTF-8 and for a CR alone, which may be a lost line end. */
static bool
check_bytes(struct validator *validator)
{
	const struct csvin_record *row = validator->row;
	size_t good = utf8_prefix((struct slice){row->data, row->len});

	if (good < row->len) {
		buf_puts(&validator->note, "not UTF-8");
		fail(validator, "encoding-error", field_at(row, good));
		return false;
	}
	if (!memchr(row->data, '\r', row->len))
		return true;
	for (size_t i = 0; i < row->nfields; i++) {
		struct slice field = csvin_field(row, i);

		if (!field.len || *field.data == '"' ||
		    !memchr(field.data, '\r', field.len))
			continue;
		buf_puts(&validator->note, "CR without LF");
		fail(validator, "source-error", (long)i);
		return false;
	}
	return true;
}

static void
check_field(struct validator *validator, size_t column)
{
	const struct schema *schema = validator->schema;
	size_t i = (size_t)validator->field_of[column];
	const struct schema_field *field = &schema->fields[i];
	struct slice raw = csvin_field(validator->row, column);
	struct slice value = csvin_value(validator->in, raw);
	const char *type = NULL;

	validator->values[i] = value;
	validator->missing[i] = schema_lacks(schema, field, raw, value);
	if (!validator->missing[i]) {
		type = schema_check(field, value, &validator->note);
	} else if (field->required) {
		buf_puts(&validator->note, "required, but missing");
		type = "constraint-error";
	}
	if (!type)
		return;
	fail(validator, type, (long)column);
	validator->missing[i] = true;
}

static void
check_constraints(struct validator *validator)
{
	const struct schema *schema = validator->schema;

	for (size_t i = 0; i < schema->nconstraints; i++) {
		if (!schema_check_row(&schema->constraints[i],
			validator->values, validator->missing,
			&validator->note))
			fail(validator, "row-constraint", -1);
	}
}

/* A record counts in all sets or, if it has an error, in none. */
static void
check_uniques(struct validator *validator)
{
	for (size_t i = 0; i < validator->nuniques; i++) {
		struct unique *unique = validator->uniques[i];
		const char *type = unique_check(unique, validator->values,
		    validator->missing, &validator->note);

		if (type)
			fail(validator, type,
			    column_of(validator, unique_field(unique)));
	}
	for (size_t i = 0; i < validator->nuniques; i++) {
		if (!validator->first.type)
			unique_add(
			    validator->uniques[i], validator->row->number);
	}
}

bool
validator_row(struct validator *validator, const struct csvin_record *row)
{
	begin(validator, row);
	if (!check_shape(validator) || !check_bytes(validator))
		return false;
	for (size_t i = 0; i < row->nfields; i++) {
		if (validator->field_of[i] >= 0)
			check_field(validator, i);
	}
	check_constraints(validator);
	if (!validator->first.type)
		check_uniques(validator);
	return !validator->first.type;
}
