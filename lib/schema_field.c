/* SPDX-License-Identifier: ISC */
#include "schema_field.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json_out.h"
/* Doubles hold all whole numbers up to 2^53. */
#define EXACT_DOUBLE 9007199254740992.0

/* In the order of the enum. */
static const char *const type_names[] = {"string", "integer", "number",
    "boolean", "datetime", "date", "time", "object", "array"};
enum { NTYPES = sizeof(type_names) / sizeof(type_names[0]) };

/* BigQuery's types, and what of them the type does not say. */
static const struct {
	const char *name;
	enum schema_type type;
	const char *bq_type;
} bigquery_types[] = {
    {"STRING", SCHEMA_STRING, NULL},
    {"INTEGER", SCHEMA_INTEGER, NULL},
    {"INT64", SCHEMA_INTEGER, NULL},
    {"FLOAT", SCHEMA_NUMBER, NULL},
    {"FLOAT64", SCHEMA_NUMBER, NULL},
    {"NUMERIC", SCHEMA_NUMBER, "NUMERIC"},
    {"BIGNUMERIC", SCHEMA_NUMBER, "BIGNUMERIC"},
    {"BOOLEAN", SCHEMA_BOOLEAN, NULL},
    {"BOOL", SCHEMA_BOOLEAN, NULL},
    {"TIMESTAMP", SCHEMA_DATETIME, NULL},
    {"DATE", SCHEMA_DATE, NULL},
    {"TIME", SCHEMA_TIME, NULL},
    {"JSON", SCHEMA_OBJECT, NULL},
};
enum { NBIGQUERY = sizeof(bigquery_types) / sizeof(bigquery_types[0]) };

const char *
schema_type_name(enum schema_type type)
{
	return type_names[type];
}

void
schema_texts_add(struct schema_texts *texts, const char *text)
{
	texts->items =
	    xgrow(texts->items, texts->count, &texts->cap, sizeof(char *));
	texts->items[texts->count++] = xstrdup(text);
}

void
schema_texts_release(struct schema_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->items[i]);
	free(texts->items);
	*texts = (struct schema_texts){0};
}

int
schema_refuse(struct buf *reason, const char *key, const char *what)
{
	buf_printf(reason, "%s: %s", key, what);
	return -1;
}

char *
schema_scalar_text(const struct json *value)
{
	struct slice string = json_string(value);
	double number = json_number(value);
	struct buf text = {0};
	struct json_out out = {.buf = &text};

	switch (json_type(value)) {
	case JSON_STRING:
		/* a text with a NUL inside stands neither in CSV nor in C */
		return memchr(string.data, 0, string.len) ? NULL
							  : xslicedup(string);
	case JSON_BOOL:
		return xstrdup(json_bool(value) ? "true" : "false");
	case JSON_NUMBER:
		if (fabs(number) <= EXACT_DOUBLE && trunc(number) == number)
			buf_printf(&text, "%" PRId64, (int64_t)number);
		else
			json_put_number(&out, number);
		return text.data;
	default:
		return NULL;
	}
}

int
schema_text_read(
    char **to, struct json *object, const char *key, struct buf *reason)
{
	struct json *value = json_get(object, key);

	if (!value)
		return 0;
	*to =
	    json_type(value) == JSON_STRING ? schema_scalar_text(value) : NULL;
	return *to ? 0 : schema_refuse(reason, key, "not a text");
}

int
schema_texts_read(struct schema_texts *texts, struct json *object,
    const char *key, struct buf *reason)
{
	struct json *value = json_get(object, key);
	bool array = json_type(value) == JSON_ARRAY;
	size_t count = array ? json_count(value) : value != NULL;

	for (size_t i = 0; i < count; i++) {
		struct json *item = array ? json_at(value, i) : value;
		char *text = schema_scalar_text(item);

		if (!text)
			return schema_refuse(
			    reason, key, "not a list of texts");
		schema_texts_add(texts, text);
		free(text);
	}
	return 0;
}

static int
read_type(struct schema_field *field, struct json *json, struct buf *reason)
{
	struct json *value = json_get(json, "type");
	struct slice name = json_string(value);

	/* the standard's default is "any", which is text to us */
	if (!value || slice_equal(name, slice_of("any")))
		return 0;
	for (int i = 0; i < NTYPES; i++) {
		if (slice_equal(name, slice_of(type_names[i]))) {
			field->type = (enum schema_type)i;
			return 0;
		}
	}
	buf_printf(
	    reason, "type: '%.*s' is not supported", (int)name.len, name.data);
	return -1;
}

/* Refuses what would change the meaning of values and is not done here. */
static int
refuse_spellings(
    const struct schema_field *field, struct json *json, struct buf *reason)
{
	static const char *const others[] = {
	    "bareNumber", "decimalChar", "groupChar", "missingValues"};
	struct slice format = json_string(json_get(json, "format"));
	bool temporal = field->type == SCHEMA_DATETIME ||
			field->type == SCHEMA_DATE ||
			field->type == SCHEMA_TIME;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (json_get(json, others[i]))
			return schema_refuse(
			    reason, others[i], "not supported");
	}
	if (format.len == 0 || slice_equal(format, slice_of("default")) ||
	    (temporal && slice_equal(format, slice_of("any"))))
		return 0;
	return schema_refuse(reason, "format", "not supported");
}

/* The spellings of a boolean; the defaults are the standard's. */
static int
read_booleans(struct schema_field *field, struct json *json, struct buf *reason)
{
	static const char *const yes[] = {"true", "True", "TRUE", "1"};
	static const char *const no[] = {"false", "False", "FALSE", "0"};

	if (schema_texts_read(
		&field->true_values, json, "trueValues", reason) ||
	    schema_texts_read(
		&field->false_values, json, "falseValues", reason))
		return -1;
	for (size_t i = 0; !json_get(json, "trueValues") && i < 4; i++)
		schema_texts_add(&field->true_values, yes[i]);
	for (size_t i = 0; !json_get(json, "falseValues") && i < 4; i++)
		schema_texts_add(&field->false_values, no[i]);
	return 0;
}

static int
read_name(struct schema_field *field, struct json *json, struct buf *reason)
{
	if (schema_text_read(&field->name, json, "name", reason))
		return -1;
	if (!field->name || !*field->name)
		return schema_refuse(reason, "name", "missing");
	return 0;
}

int
schema_field_read(
    struct schema_field *field, struct json *json, struct buf *reason)
{
	if (read_name(field, json, reason) || read_type(field, json, reason) ||
	    refuse_spellings(field, json, reason) ||
	    read_booleans(field, json, reason) ||
	    schema_text_read(
		&field->description, json, "description", reason) ||
	    schema_text_read(&field->bq_type, json, "bq:type", reason))
		return -1;
	return schema_constraints_read(
	    field, json_get(json, "constraints"), reason);
}

static int
read_bigquery_type(
    struct schema_field *field, struct json *json, struct buf *reason)
{
	struct slice name = json_string(json_get(json, "type"));

	for (size_t i = 0; i < NBIGQUERY; i++) {
		if (!slice_equal(name, slice_of(bigquery_types[i].name)))
			continue;
		field->type = bigquery_types[i].type;
		if (bigquery_types[i].bq_type)
			field->bq_type = xstrdup(bigquery_types[i].bq_type);
		return 0;
	}
	buf_printf(
	    reason, "type: '%.*s' is not supported", (int)name.len, name.data);
	return -1;
}

int
schema_field_read_bigquery(
    struct schema_field *field, struct json *json, struct buf *reason)
{
	struct slice mode = json_string(json_get(json, "mode"));

	if (read_name(field, json, reason) ||
	    read_bigquery_type(field, json, reason) ||
	    read_booleans(field, json, reason))
		return -1;
	field->required = slice_equal(mode, slice_of("REQUIRED"));
	if (slice_equal(mode, slice_of("REPEATED")))
		return schema_refuse(reason, "mode", "REPEATED is no column");
	return schema_text_read(
	    &field->description, json, "description", reason);
}

void
schema_field_release(struct schema_field *field)
{
	free(field->name);
	free(field->description);
	free(field->bq_type);
	free(field->minimum);
	free(field->maximum);
	free(field->exclusive_minimum);
	free(field->exclusive_maximum);
	schema_texts_release(&field->values);
	schema_texts_release(&field->true_values);
	schema_texts_release(&field->false_values);
	free(field->pattern);
	if (field->compiled)
		regfree(field->compiled);
	free(field->compiled);
}
