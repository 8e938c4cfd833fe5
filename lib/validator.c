/* SPDX-License-Identifier: ISC */
#include "validator.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "validator_columns.h"

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
    struct report *report, struct suite *suite, bool several)
{
	struct validator *validator = xcalloc(1, sizeof(*validator));

	validator->schema = schema;
	validator->in = in;
	validator->report = report;
	validator->suite = suite;
	validator->several = several;
	validator->values = xcalloc(schema->nfields, sizeof(struct slice));
	validator->missing = xcalloc(schema->nfields, sizeof(bool));
	validator->wanted = xcalloc(schema->nfields, sizeof(bool));
	for (size_t i = 0; i < schema->nfields; i++) {
		validator->wanted[i] = schema->fields[i].unique;
		if (schema->fields[i].unique)
			add_unique(validator, (long)i);
	}
	for (size_t i = 0; i < schema->nkey; i++)
		validator->wanted[schema->key[i]] = true;
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
	free(validator->wanted);
	free(validator->sep);
	checker_free(validator->checker);
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

void
validator_begin(struct validator *validator, const struct csvin_record *row)
{
	validator->row = row;
	validator->first = (struct fault){0};
	buf_clear(&validator->first_note);
}

void
validator_fail(struct validator *validator, const char *type, const char *rule,
    long column)
{
	const struct csvin_record *row = validator->row;
	bool header = row->number <= 1;
	struct report_error error = {
	    .type = type,
	    .rule = rule,
	    .note = buf_slice(&validator->note),
	    .row = header ? 0 : row->number,
	    .line = header ? 0 : row->line,
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
	suite_add(validator->suite, &error);
	buf_clear(&validator->note);
}

long
validator_column(const struct validator *validator, long field)
{
	for (size_t i = 0; field >= 0 && i < validator->labels.count; i++) {
		if (validator->field_of[i] == field)
			return (long)i;
	}
	return -1;
}

static bool
check_shape(struct validator *validator)
{
	const struct csvin_record *row = validator->row;
	size_t columns = validator->labels.count;

	if (row->error) {
		buf_puts(&validator->note, row->error);
		validator_fail(validator, "source-error", SUITE_SYNTAX, -1);
		return false;
	}
	if (row->nfields == columns)
		return true;
	if (row->len == 0) {
		buf_puts(&validator->note, "empty line");
		validator_fail(validator, "blank-row", SUITE_SHAPE, -1);
		return false;
	}
	buf_printf(&validator->note, "%zu field%s, header has %zu",
	    row->nfields, row->nfields == 1 ? "" : "s", columns);
	if (row->nfields < columns)
		validator_fail(
		    validator, "missing-cell", SUITE_SHAPE, (long)row->nfields);
	else
		validator_fail(validator, "extra-cell", SUITE_SHAPE, -1);
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
		validator_fail(validator, "encoding-error", SUITE_UTF8,
		    field_at(row, good));
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
		validator_fail(
		    validator, "source-error", SUITE_SYNTAX, (long)i);
		return false;
	}
	return true;
}

/*
 * Checks the field of the schema in a column. False if the checker does not
 * know whether the row constraints hold.
 */
static bool
check_field(struct validator *validator, size_t column)
{
	const struct schema *schema = validator->schema;
	size_t i = (size_t)validator->field_of[column];
	const struct schema_field *field = &schema->fields[i];
	struct slice raw = csvin_field(validator->row, column);
	struct slice value = csvin_value(validator->in, raw);
	const char *rule = NULL;

	validator->values[i] = value;
	validator->missing[i] = schema_lacks(schema, field, raw, value);
	if (checker_fits_field(validator->checker, column, raw))
		return true;
	if (!validator->missing[i]) {
		rule = schema_check(field, value, &validator->note);
	} else if (field->required) {
		buf_puts(&validator->note, "required, but missing");
		rule = "required";
	}
	if (!rule)
		return false;
	validator_fail(validator,
	    strcmp(rule, "type") ? "constraint-error" : "type-error", rule,
	    (long)column);
	validator->missing[i] = true;
	checker_leave_out(validator->checker, column);
	return true;
}

static void
check_constraints(struct validator *validator)
{
	const struct schema *schema = validator->schema;

	for (size_t i = 0; i < schema->nconstraints; i++) {
		if (!schema_check_row(&schema->constraints[i],
			validator->values, validator->missing,
			&validator->note))
			validator_fail(validator, "row-constraint",
			    schema->constraints[i].text, -1);
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
			validator_fail(validator, type,
			    strcmp(type, "unique-error") ? SUITE_KEY : "unique",
			    validator_column(validator, unique_field(unique)));
	}
	for (size_t i = 0; i < validator->nuniques; i++) {
		if (!validator->first.type)
			unique_add(
			    validator->uniques[i], validator->row->number);
	}
}

/* True if no bytes of the batch can be wrong, save a CR inside a record. */
static bool
has_good_bytes(const struct csvin_batch *batch)
{
	size_t len = batch->end[batch->nrecords - 1];

	return utf8_prefix((struct slice){batch->base, len}) == len &&
	       (batch->crlf || !memchr(batch->base, '\r', len));
}

/* True if that can be said of a record without more ado. */
static bool
has_good_bytes_at(const struct csvin_batch *batch, size_t i)
{
	struct slice record = csvin_batch_slice(batch, i);

	return utf8_prefix(record) == record.len &&
	       !memchr(record.data, '\r', record.len);
}

/* A record that fits counts in all sets, unless it is in one of them. */
static bool
count_unique(struct validator *validator, uint64_t number)
{
	bool good = true;

	if (validator->nuniques == 1)
		return unique_put(validator->uniques[0], validator->values,
		    validator->missing, number);
	for (size_t i = 0; good && i < validator->nuniques; i++)
		good = !unique_check(validator->uniques[i], validator->values,
		    validator->missing, &validator->note);
	buf_clear(&validator->note);
	for (size_t i = 0; good && i < validator->nuniques; i++)
		unique_add(validator->uniques[i], number);
	return good;
}

/* The ends of the fields, where a CR is not part of the last one. */
static const uint32_t *
ends_of(struct validator *validator, const struct csvin_batch *batch, size_t i)
{
	const uint32_t *sep = batch->sep + i * batch->ncolumns;
	size_t last = batch->ncolumns - 1;

	if (!batch->crlf)
		return sep;
	memcpy(validator->sep, sep, batch->ncolumns * sizeof(*sep));
	if (sep[last] > 0 && batch->base[sep[last] - 1] == '\r')
		validator->sep[last]--;
	return validator->sep;
}

size_t
validator_run(
    struct validator *validator, const struct csvin_batch *batch, size_t from)
{
	struct checker_record record = {.base = batch->base};
	size_t i = from;

	if (batch->ragged || batch->error)
		return 0;
	if (from == 0)
		validator->good_bytes = has_good_bytes(batch);
	for (; i < batch->nrecords; i++) {
		record.start = csvin_batch_begin(batch, i);
		record.end = ends_of(validator, batch, i);
		if (!validator->good_bytes && !has_good_bytes_at(batch, i))
			break;
		if (!checker_fits(validator->checker, &record))
			break;
		if (validator->nuniques &&
		    !count_unique(validator, batch->first_number + i))
			break;
	}
	return i - from;
}

bool
validator_row(struct validator *validator, const struct csvin_record *row)
{
	bool known = true;

	validator_begin(validator, row);
	if (!check_shape(validator) || !check_bytes(validator))
		return false;
	for (size_t i = 0; i < row->nfields; i++) {
		if (validator->field_of[i] >= 0)
			known = check_field(validator, i) && known;
	}
	if (!known || !checker_fits_row(validator->checker))
		check_constraints(validator);
	if (!validator->first.type)
		check_uniques(validator);
	return !validator->first.type;
}
