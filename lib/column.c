/* SPDX-License-Identifier: ISC */
#include "column.h"

#include <stdlib.h>
#include <string.h>

/* True for a string that may be any. */
static bool
asks_nothing(const struct schema_field *field)
{
	return !field->has_min_length && !field->has_max_length &&
	       !field->compiled && !field->required;
}

static enum column_kind
kind_of(const struct schema_field *field)
{
	switch (field->type) {
	case SCHEMA_INTEGER:
	case SCHEMA_NUMBER:
		return COLUMN_NUMBER;
	case SCHEMA_DATETIME:
	case SCHEMA_DATE:
	case SCHEMA_TIME:
		return COLUMN_MOMENT;
	case SCHEMA_STRING:
		return asks_nothing(field) ? COLUMN_ANY : COLUMN_OTHER;
	default:
		return COLUMN_OTHER;
	}
}

/* Narrows the range by a bound; false if that cannot be done exactly. */
static bool
narrow(struct column *column, const char *bound, bool from, bool open)
{
	struct decimal_small small = {0};
	bool good;

	if (!bound)
		return true;
	good = column->kind == COLUMN_NUMBER
		   ? decimal_small(slice_of(bound), &small)
		   : !schema_moment(
			 column->field->type, slice_of(bound), &small.mantissa);
	if (good && from)
		decimal_range_from(&column->range, small, open);
	else if (good)
		decimal_range_to(&column->range, small, open);
	return good;
}

void
column_init(struct column *column, const struct schema *schema,
    const struct schema_field *field, struct csvin *in)
{
	column->schema = schema;
	column->field = field;
	column->in = in;
	column->empty_lacks = schema_lacks_empty(schema);
	column->kind = kind_of(field);
	decimal_range_all(&column->range);
	if (field->values.count ||
	    !narrow(column, field->minimum, true, false) ||
	    !narrow(column, field->exclusive_minimum, true, true) ||
	    !narrow(column, field->maximum, false, false) ||
	    !narrow(column, field->exclusive_maximum, false, true))
		column->kind = COLUMN_OTHER;
}

bool
column_compare(
    struct column *column, enum schema_operator relation, const char *number)
{
	bool open = relation == SCHEMA_LT || relation == SCHEMA_GT;

	if (column->kind != COLUMN_NUMBER)
		return false;
	switch (relation) {
	case SCHEMA_GT:
	case SCHEMA_GE:
		return narrow(column, number, true, open);
	case SCHEMA_LT:
	case SCHEMA_LE:
		return narrow(column, number, false, open);
	case SCHEMA_EQ:
		return narrow(column, number, true, false) &&
		       narrow(column, number, false, false);
	case SCHEMA_NE:
		break;
	}
	return false;
}

void
column_ready(struct column *column)
{
	if (column->kind != COLUMN_NUMBER)
		return;
	column->layouts =
	    xcalloc(DECIMAL_BYTES_SCALES, sizeof(*column->layouts));
	for (int i = 0; i < DECIMAL_BYTES_SCALES; i++)
		column->layouts[i] = decimal_layout_of(i, &column->range);
	column->layout = column->layouts;
	column->more = true;
}

void
column_release(struct column *column)
{
	free(column->layouts);
	buf_release(&column->note);
}

void
column_want(struct column *column)
{
	column->wanted = true;
	if (column->kind == COLUMN_ANY)
		column->kind = COLUMN_OTHER;
}

static void
put_aside(struct column *column, struct slice value)
{
	if (!column->wanted)
		return;
	*column->value = value;
	*column->missing = false;
}

bool
column_finish(struct column *column, struct slice raw)
{
	const struct decimal_layout *layout = column->layout;

	column->known->form = layout->scale;
	column->more = column->wanted || layout->bounded;
	put_aside(column, raw);
	return decimal_bytes_within(layout, column->known->bytes);
}

static bool
lacks(const struct column *column, struct slice raw, struct slice value)
{
	if (!column->empty_lacks)
		return schema_lacks(column->schema, column->field, raw, value);
	return value.len == 0 &&
	       (raw.len == 0 || column->field->type != SCHEMA_STRING);
}

static bool
is_last(const struct column *column, struct slice value)
{
	return value.len && value.len == column->last_len &&
	       !memcmp(value.data, column->last, value.len);
}

static void
remember(struct column *column, struct slice value)
{
	column->last_len = value.len <= COLUMN_LAST ? value.len : 0;
	memcpy(column->last, value.data, column->last_len);
}

static bool
check_moment(struct column *column, struct slice value)
{
	struct known *known = column->known;

	if (!is_last(column, value)) {
		column->last_len = 0;
		if (schema_moment(
			column->field->type, value, &column->last_time))
			return false;
		remember(column, value);
	}
	known->small = (struct decimal_small){column->last_time, 0};
	return decimal_range_has(&column->range, known->small);
}

/* As somebody slower would, but without a word. */
static bool
check_text(struct column *column, struct slice value)
{
	if (!schema_check(column->field, value, &column->note))
		return true;
	buf_clear(&column->note);
	return false;
}

/* A number that does not look like the one before. */
static bool
check_number(struct column *column, struct slice value)
{
	struct known *known = column->known;

	if (!decimal_small(value, &known->small)) {
		known->form = KNOWN_TEXT;
		return check_text(column, value);
	}
	if (column->field->type == SCHEMA_INTEGER &&
	    memchr(value.data, '.', value.len))
		return false;
	if (known->small.scale < DECIMAL_BYTES_SCALES)
		column->layout = &column->layouts[known->small.scale];
	return decimal_range_has(&column->range, known->small);
}

bool
column_check(struct column *column, struct slice raw)
{
	struct slice value = csvin_value(column->in, raw);

	column->more = true;
	if (column->compared)
		*column->aligned = false;
	put_aside(column, value);
	if (lacks(column, raw, value)) {
		*column->missing = true;
		column->known->form = KNOWN_MISSING;
		return !column->field->required;
	}
	column->known->form = KNOWN_SMALL;
	if (column->kind == COLUMN_NUMBER)
		return check_number(column, value);
	if (column->kind == COLUMN_MOMENT)
		return check_moment(column, value);
	if (is_last(column, value))
		return true;
	if (!check_text(column, value))
		return false;
	remember(column, value);
	return true;
}

bool
column_check_odd(struct column *column, struct slice raw)
{
	struct slice inner = {raw.data + 1, raw.len - 2};

	/* it may be only the quotes */
	if (raw.len < 2 || raw.data[0] != '"' ||
	    !decimal_bytes_take(column->layout, inner.data + inner.len,
		inner.len, &column->known->bytes))
		return column_check(column, raw);
	return !column->more || column_finish(column, inner);
}
