/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "num.h"
#include "pattern.h"
#include "schema_field.h"

static int
read_bool(bool *to, struct json *object, const char *key, struct buf *reason)
{
	struct json *value = json_get(object, key);

	*to = json_bool(value);
	if (value && json_type(value) != JSON_BOOL)
		return schema_refuse(reason, key, "not true or false");
	return 0;
}

static int
read_length(bool *has, size_t *to, struct json *object, const char *key,
    struct buf *reason)
{
	struct json *value = json_get(object, key);
	char *text = schema_scalar_text(value);
	int64_t length = -1;

	*has = value != NULL;
	if (text)
		num_int64(slice_of(text), &length);
	free(text);
	*to = length < 0 ? 0 : (size_t)length;
	if (value && length < 0)
		return schema_refuse(reason, key, "not a whole number");
	return 0;
}

/* The canonical spelling of a text in the field's type, or NULL and why. */
static char *
canonical(const struct schema_field *field, const char *text, const char *key,
    struct buf *reason)
{
	struct buf out = {0}, note = {0};
	char *copy = NULL;

	if (schema_cast(field, slice_of(text), &out, &note))
		schema_refuse(reason, key, buf_text(&note));
	else
		copy = xslicedup(buf_slice(&out));
	buf_release(&note);
	buf_release(&out);
	return copy;
}

static int
read_bound(char **to, const struct schema_field *field, struct json *object,
    const char *key, struct buf *reason)
{
	struct json *value = json_get(object, key);
	char *text = schema_scalar_text(value);

	if (!value)
		return 0;
	if (text)
		*to = canonical(field, text, key, reason);
	else
		schema_refuse(reason, key, "not a text or a number");
	free(text);
	return *to ? 0 : -1;
}

static int
read_bounds(struct schema_field *field, struct json *object, struct buf *reason)
{
	if (read_bound(&field->minimum, field, object, "minimum", reason) ||
	    read_bound(&field->maximum, field, object, "maximum", reason) ||
	    read_bound(&field->exclusive_minimum, field, object,
		"exclusiveMinimum", reason) ||
	    read_bound(&field->exclusive_maximum, field, object,
		"exclusiveMaximum", reason))
		return -1;
	return 0;
}

static int
read_enum(struct schema_field *field, struct json *object, struct buf *reason)
{
	struct schema_texts texts = {0};
	int result = schema_texts_read(&texts, object, "enum", reason);

	for (size_t i = 0; !result && i < texts.count; i++) {
		char *text = canonical(field, texts.items[i], "enum", reason);

		if (text)
			schema_texts_add(&field->values, text);
		else
			result = -1;
		free(text);
	}
	schema_texts_release(&texts);
	return result;
}

/* The first escape that POSIX leaves undefined, such as \d, or NULL. */
static const char *
foreign_escape(const char *pattern)
{
	for (; *pattern; pattern++) {
		if (*pattern != '\\')
			continue;
		if (isalnum((unsigned char)pattern[1]))
			return pattern;
		if (pattern[1])
			pattern++;
	}
	return NULL;
}

static int
read_pattern(
    struct schema_field *field, struct json *object, struct buf *reason)
{
	struct buf anchored = {0};
	const char *escape, *wrong;
	char text[128];
	int error;

	if (schema_text_read(&field->pattern, object, "pattern", reason))
		return -1;
	if (!field->pattern)
		return 0;
	escape = foreign_escape(field->pattern);
	if (escape) {
		buf_printf(reason, "pattern: '%.2s' is not POSIX", escape);
		return -1;
	}
	wrong = pattern_refuse(field->pattern);
	if (wrong)
		return schema_refuse(reason, "pattern", wrong);
	buf_printf(&anchored, "^(%s)$", field->pattern);
	field->compiled = xmalloc(sizeof(*field->compiled));
	error = regcomp(
	    field->compiled, buf_text(&anchored), REG_EXTENDED | REG_NOSUB);
	buf_release(&anchored);
	if (!error)
		return 0;
	regerror(error, field->compiled, text, sizeof(text));
	free(field->compiled);
	field->compiled = NULL;
	return schema_refuse(reason, "pattern", text);
}

static bool
is_ordered(enum schema_type type)
{
	return type == SCHEMA_INTEGER || type == SCHEMA_NUMBER ||
	       type == SCHEMA_DATETIME || type == SCHEMA_DATE ||
	       type == SCHEMA_TIME;
}

/* Checks that the type is one that has these constraints. */
static int
check_type(const struct schema_field *field, struct buf *reason)
{
	bool bounds = field->minimum || field->maximum ||
		      field->exclusive_minimum || field->exclusive_maximum;
	bool text =
	    field->pattern || field->has_min_length || field->has_max_length;

	if (bounds && !is_ordered(field->type))
		return schema_refuse(
		    reason, "minimum, maximum", "not for this type");
	if (text && field->type != SCHEMA_STRING)
		return schema_refuse(reason, "pattern, minLength, maxLength",
		    "only for strings");
	return 0;
}

int
schema_constraints_read(
    struct schema_field *field, struct json *object, struct buf *reason)
{
	if (json_get(object, "jsonSchema"))
		return schema_refuse(reason, "jsonSchema", "not supported");
	if (read_bool(&field->required, object, "required", reason) ||
	    read_bool(&field->unique, object, "unique", reason) ||
	    read_length(&field->has_min_length, &field->min_length, object,
		"minLength", reason) ||
	    read_length(&field->has_max_length, &field->max_length, object,
		"maxLength", reason) ||
	    read_bounds(field, object, reason) ||
	    read_enum(field, object, reason) ||
	    read_pattern(field, object, reason))
		return -1;
	return check_type(field, reason);
}
