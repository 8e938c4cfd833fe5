/* SPDX-License-Identifier: ISC */
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "decimal.h"
#include "json.h"
#include "num.h"
#include "utf8.h"
#include "value.h"

/* The longest part of a value that a note quotes. */
enum { QUOTED_LIMIT = 80 };

static bool
is_one_of(const struct schema_texts *texts, struct slice value)
{
	for (size_t i = 0; i < texts->count; i++) {
		if (slice_equal(slice_of(texts->items[i]), value))
			return true;
	}
	return false;
}

bool
schema_is_missing(const struct schema *schema, struct slice value)
{
	return is_one_of(&schema->missing, value);
}

bool
schema_lacks(const struct schema *schema, const struct schema_field *field,
    struct slice raw, struct slice value)
{
	if (field->type == SCHEMA_STRING && raw.len > 0 && value.len == 0)
		return false;
	return schema_is_missing(schema, value);
}

bool
schema_lacks_empty(const struct schema *schema)
{
	return schema->missing.count == 1 && !*schema->missing.items[0];
}

/* Appends a value in quotes, cut if it is long. */
static void
put_quoted(struct buf *note, struct slice value)
{
	buf_putc(note, '\'');
	utf8_add(note, value, QUOTED_LIMIT);
	buf_putc(note, '\'');
}

/* HH:MM:SS[.f], without a zone, as microseconds of the day. */
static int
parse_time(struct slice value, int64_t *time)
{
	static const char day[] = "1970-01-01T";
	char text[64];
	size_t len = sizeof(day) - 1;

	if (value.len < sizeof("HH:MM:SS") - 1 ||
	    value.len > sizeof(text) - len)
		return -1;
	for (size_t i = 0; i < value.len; i++) {
		if (!memchr("0123456789:.", value.data[i], 12))
			return -1;
	}
	memcpy(text, day, len);
	memcpy(text + len, value.data, value.len);
	return clock_parse((struct slice){text, len + value.len}, time);
}

int
schema_moment(enum schema_type type, struct slice value, int64_t *time)
{
	if (type == SCHEMA_TIME)
		return parse_time(value, time);
	if (type == SCHEMA_DATE && value.len != sizeof("YYYY-MM-DD") - 1)
		return -1;
	return clock_parse(value, time);
}

static bool
is_json(struct slice value, enum json_type type)
{
	struct buf reason = {0};
	struct json *json = json_parse(value, &reason);
	bool good = json_type(json) == type;

	json_free(json);
	buf_release(&reason);
	return good;
}

static bool
fits(const struct schema_field *field, struct slice value)
{
	int64_t number;

	switch (field->type) {
	case SCHEMA_INTEGER:
		return !num_int64(value, &number);
	case SCHEMA_NUMBER:
		return decimal_valid(value);
	case SCHEMA_BOOLEAN:
		return is_one_of(&field->true_values, value) ||
		       is_one_of(&field->false_values, value);
	case SCHEMA_OBJECT:
		return is_json(value, JSON_OBJECT);
	case SCHEMA_ARRAY:
		return is_json(value, JSON_ARRAY);
	case SCHEMA_STRING:
		return true;
	default:
		return !schema_moment(field->type, value, &number);
	}
}

/* Says that a value does not fit; returns -1. */
static int
refuse_type(
    const struct schema_field *field, struct slice value, struct buf *note)
{
	const char *name = schema_type_name(field->type);

	put_quoted(note, value);
	buf_printf(
	    note, " is not %s %s", strchr("aio", *name) ? "an" : "a", name);
	return -1;
}

/* The order of two values of an ordered type, both of which fit it. */
static int
compare(enum schema_type type, struct slice a, struct slice b)
{
	int64_t x = 0, y = 0;

	if (type == SCHEMA_NUMBER)
		return decimal_compare(a, b);
	if (type == SCHEMA_INTEGER) {
		num_int64(a, &x);
		num_int64(b, &y);
	} else {
		schema_moment(type, a, &x);
		schema_moment(type, b, &y);
	}
	return (x > y) - (x < y);
}

/* The bound that a value is beyond, as the standard names it, or NULL. */
static const char *
broken_bound(
    const struct schema_field *field, struct slice value, struct buf *note)
{
	const struct {
		const char *name, *bound;
		int sign; /* the difference that is wrong */
		bool equal;
		const char *words;
	} bounds[] = {
	    {"minimum", field->minimum, -1, true, "less than the minimum"},
	    {"maximum", field->maximum, 1, true, "greater than the maximum"},
	    {"exclusiveMinimum", field->exclusive_minimum, -1, false,
		"not greater than"},
	    {"exclusiveMaximum", field->exclusive_maximum, 1, false,
		"not less than"},
	};

	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		int diff;

		if (!bounds[i].bound)
			continue;
		diff = compare(field->type, value, slice_of(bounds[i].bound));
		if (diff == 0 ? bounds[i].equal : diff * bounds[i].sign < 0)
			continue;
		put_quoted(note, value);
		buf_printf(note, " is %s %s", bounds[i].words, bounds[i].bound);
		return bounds[i].name;
	}
	return NULL;
}

static const char *
broken_length(
    const struct schema_field *field, struct slice value, struct buf *note)
{
	size_t count;

	if (!field->has_min_length && !field->has_max_length)
		return NULL;
	count = utf8_count(value);
	if (field->has_min_length && count < field->min_length) {
		buf_printf(note, "%zu characters, the least is %zu", count,
		    field->min_length);
		return "minLength";
	}
	if (field->has_max_length && count > field->max_length) {
		buf_printf(note, "%zu characters, the most is %zu", count,
		    field->max_length);
		return "maxLength";
	}
	return NULL;
}

static bool
within_enum(
    const struct schema_field *field, struct slice value, struct buf *note)
{
	struct buf spelled = {0};
	bool found = field->values.count == 0;

	if (!found)
		schema_cast(field, value, &spelled, note);
	for (size_t i = 0; !found && i < field->values.count; i++) {
		struct slice item = slice_of(field->values.items[i]);

		found = field->type == SCHEMA_NUMBER ||
				field->type == SCHEMA_INTEGER
			    ? decimal_compare(item, value) == 0
			    : slice_equal(item, buf_slice(&spelled));
	}
	buf_release(&spelled);
	if (!found) {
		put_quoted(note, value);
		buf_puts(note, " is not in the enum");
	}
	return found;
}

static bool
matches_pattern(
    const struct schema_field *field, struct slice value, struct buf *note)
{
	char small[256], *text = small;
	bool match;

	if (!field->compiled)
		return true;
	if (value.len >= sizeof(small))
		text = xmalloc(value.len + 1);
	memcpy(text, value.data, value.len);
	text[value.len] = '\0';
	match = !regexec(field->compiled, text, 0, NULL, 0);
	if (text != small)
		free(text);
	if (!match) {
		put_quoted(note, value);
		buf_printf(
		    note, " does not match the pattern %s", field->pattern);
	}
	return match;
}

const char *
schema_check(
    const struct schema_field *field, struct slice value, struct buf *note)
{
	const char *rule;

	if (!fits(field, value)) {
		refuse_type(field, value, note);
		return "type";
	}
	rule = broken_bound(field, value, note);
	if (!rule)
		rule = broken_length(field, value, note);
	if (!rule && !within_enum(field, value, note))
		rule = "enum";
	if (!rule && !matches_pattern(field, value, note))
		rule = "pattern";
	return rule;
}

/* What a side of a constraint stands for; false if it is missing. */
static bool
side(long field, const char *literal, const struct slice *values,
    const bool *missing, struct slice *value)
{
	if (field >= 0 && missing[field])
		return false;
	*value = field < 0 ? slice_of(literal) : values[field];
	return true;
}

bool
schema_holds(enum schema_operator relation, int diff)
{
	switch (relation) {
	case SCHEMA_LT:
		return diff < 0;
	case SCHEMA_LE:
		return diff <= 0;
	case SCHEMA_EQ:
		return diff == 0;
	case SCHEMA_NE:
		return diff != 0;
	case SCHEMA_GE:
		return diff >= 0;
	case SCHEMA_GT:
		return diff > 0;
	}
	return false;
}

bool
schema_check_row(const struct schema_constraint *constraint,
    const struct slice *values, const bool *missing, struct buf *note)
{
	static const char *const signs[] = {"<", "<=", "=", "!=", ">=", ">"};
	struct slice left, right;
	int diff;

	if (!side(constraint->left, constraint->left_literal, values, missing,
		&left) ||
	    !side(constraint->right, constraint->right_literal, values, missing,
		&right))
		return true;
	if (constraint->order == SCHEMA_BY_TEXT)
		diff = value_compare(left, right);
	else
		diff = compare(constraint->order == SCHEMA_BY_TIME
				   ? SCHEMA_DATETIME
				   : SCHEMA_NUMBER,
		    left, right);
	if (schema_holds(constraint->relation, diff))
		return true;
	buf_printf(note, "%s: ", constraint->text);
	put_quoted(note, left);
	buf_printf(note, " %s ", signs[constraint->relation]);
	put_quoted(note, right);
	buf_puts(note, " is not so");
	return false;
}

int
schema_cast(const struct schema_field *field, struct slice value,
    struct buf *out, struct buf *note)
{
	char text[CLOCK_SIZE];
	int64_t time;

	if (field->type == SCHEMA_DATETIME) {
		if (clock_parse(value, &time))
			return refuse_type(field, value, note);
		clock_format(time, text);
		buf_puts(out, text);
		return 0;
	}
	if (!fits(field, value))
		return refuse_type(field, value, note);
	if (field->type == SCHEMA_BOOLEAN) {
		buf_puts(out,
		    is_one_of(&field->true_values, value) ? "true" : "false");
	} else {
		buf_add_slice(out, value);
	}
	return 0;
}
