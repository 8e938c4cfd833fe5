/* SPDX-License-Identifier: ISC */
#include "validator_columns.h"

#include <stdlib.h>

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
			validator_fail(validator, "duplicate-label",
			    SUITE_HEADER, (long)i);
		} else if (field < 0 && !allows_extra(schema->match)) {
			buf_printf(&validator->note,
			    "column '%s' is not in the schema",
			    validator->labels.names[i]);
			validator_fail(
			    validator, "extra-label", SUITE_HEADER, (long)i);
		}
	}
}

/* Looks for fields that have no column. */
static void
check_fields(struct validator *validator)
{
	const struct schema *schema = validator->schema;
	size_t found = 0;

	for (size_t i = 0; i < schema->nfields; i++) {
		bool there = validator_column(validator, (long)i) >= 0;

		found += there;
		validator->missing[i] = true;
		if (there || allows_missing(schema, i))
			continue;
		buf_printf(
		    &validator->note, "no column '%s'", schema->fields[i].name);
		validator_fail(validator, "missing-label", SUITE_HEADER, -1);
	}
	if (found == 0 && !validator->first.type) {
		buf_puts(&validator->note, "no column of the schema");
		validator_fail(validator, "missing-label", SUITE_HEADER, -1);
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
		validator_fail(
		    validator, "incorrect-label", SUITE_HEADER, (long)i);
	}
}

bool
validator_header(struct validator *validator, const struct csvin_record *header)
{
	validator_begin(validator, header);
	check_columns(validator, header);
	check_fields(validator);
	check_order(validator);
	validator->checker = checker_new(validator->schema, validator->in,
	    validator->field_of, header->nfields,
	    (struct checker_values){
		validator->values, validator->missing, validator->wanted});
	validator->sep = xcalloc(header->nfields, sizeof(uint32_t));
	return !validator->first.type;
}

bool
validator_empty(struct validator *validator)
{
	static const struct csvin_record none = {0};

	validator_begin(validator, &none);
	for (size_t i = 0; i < validator->schema->nfields; i++) {
		if (allows_missing(validator->schema, i))
			continue;
		buf_puts(&validator->note, "the input is empty");
		validator_fail(validator, "source-error", SUITE_HEADER, -1);
		check_fields(validator);
		return false;
	}
	return true;
}
