/* SPDX-License-Identifier: ISC */
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "io.h"
#include "schema_field.h"

/* In the order of the enum. */
static const char *const match_names[] = {
    "exact", "equal", "subset", "superset", "partial"};

/* A longer operator before the one it begins with. */
static const struct {
	const char *text;
	enum schema_operator relation;
} operators[] = {
    {"<=", SCHEMA_LE},
    {">=", SCHEMA_GE},
    {"==", SCHEMA_EQ},
    {"!=", SCHEMA_NE},
    {"<", SCHEMA_LT},
    {">", SCHEMA_GT},
    {"=", SCHEMA_EQ},
};
enum { NOPERATORS = sizeof(operators) / sizeof(operators[0]) };

long
schema_find(const struct schema *schema, struct slice name)
{
	for (size_t i = 0; i < schema->nfields; i++) {
		if (slice_equal(slice_of(schema->fields[i].name), name))
			return (long)i;
	}
	return -1;
}

static int
read_field(
    struct schema *schema, struct json *json, bool bigquery, struct buf *reason)
{
	struct schema_field *field;
	int result;

	schema->fields = xgrow(schema->fields, schema->nfields,
	    &schema->fields_cap, sizeof(*schema->fields));
	field = &schema->fields[schema->nfields];
	*field = (struct schema_field){0};
	result = bigquery ? schema_field_read_bigquery(field, json, reason)
			  : schema_field_read(field, json, reason);
	if (!result && schema_find(schema, slice_of(field->name)) >= 0)
		result = schema_refuse(reason, "name", "stands twice");
	schema->nfields++;
	return result;
}

static int
read_fields(struct schema *schema, struct json *root, struct buf *reason)
{
	/* a bare array is a BigQuery schema */
	bool bigquery = json_type(root) == JSON_ARRAY;
	struct json *list = bigquery ? root : json_get(root, "fields");
	size_t count = json_type(list) == JSON_ARRAY ? json_count(list) : 0;
	struct buf why = {0};
	int result = 0;

	if (count == 0)
		return schema_refuse(reason, "fields", "not a list of fields");
	for (size_t i = 0; !result && i < count; i++)
		result = read_field(schema, json_at(list, i), bigquery, &why);
	if (result) {
		const char *name = schema->fields[schema->nfields - 1].name;

		buf_printf(reason, "field %zu", schema->nfields);
		if (name)
			buf_printf(reason, ", '%s'", name);
		buf_printf(reason, ": %s", buf_text(&why));
	}
	buf_release(&why);
	return result;
}

static int
read_match(struct schema *schema, struct json *root, struct buf *reason)
{
	struct json *value = json_get(root, "fieldsMatch");

	if (!value)
		return 0;
	for (int i = 0; i <= SCHEMA_PARTIAL; i++) {
		if (slice_equal(json_string(value), slice_of(match_names[i]))) {
			schema->match = (enum schema_match)i;
			return 0;
		}
	}
	return schema_refuse(reason, "fieldsMatch",
	    "not exact, equal, subset, superset or partial");
}

/* The index of a field that KEY names, or -1 and the reason. */
static long
find_named(const struct schema *schema, const char *name, const char *key,
    struct buf *reason)
{
	long found = schema_find(schema, slice_of(name));

	if (found < 0)
		buf_printf(reason, "%s: no field '%s'", key, name);
	return found;
}

static int
read_key(struct schema *schema, struct json *root, struct buf *reason)
{
	const char *key = "primaryKey";
	struct schema_texts names = {0};
	int result = schema_texts_read(&names, root, key, reason);

	for (size_t i = 0; !result && i < names.count; i++) {
		long found = find_named(schema, names.items[i], key, reason);

		result = found < 0 ? -1 : 0;
		schema->key = xgrow(schema->key, schema->nkey, &schema->key_cap,
		    sizeof(*schema->key));
		schema->key[schema->nkey++] = (size_t)found;
	}
	schema_texts_release(&names);
	return result;
}

static bool
is_partition_type(const char *type)
{
	static const char *const types[] = {"HOUR", "DAY", "MONTH", "YEAR"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!strcmp(type, types[i]))
			return true;
	}
	return false;
}

/* Reads {"field", "type"}. */
static int
read_partition_object(
    struct schema *schema, struct json *object, struct buf *reason)
{
	static const char key[] = "bq:partition";
	char **type = &schema->bq_partition_type;

	if (schema_text_read(&schema->bq_partition, object, "field", reason) ||
	    schema_text_read(type, object, "type", reason))
		return -1;
	if (!schema->bq_partition)
		return schema_refuse(reason, key, "names no field");
	if (*type && !is_partition_type(*type))
		return schema_refuse(
		    reason, key, "type is not HOUR, DAY, MONTH or YEAR");
	return 0;
}

/* It is the name of a field, for a partition a day, or an object. */
static int
read_partition(struct schema *schema, struct json *root, struct buf *reason)
{
	static const char key[] = "bq:partition";
	struct json *value = json_get(root, key);
	char **field = &schema->bq_partition;

	if (json_type(value) == JSON_OBJECT
		? read_partition_object(schema, value, reason)
		: schema_text_read(field, root, key, reason))
		return -1;
	return *field && find_named(schema, *field, key, reason) < 0 ? -1 : 0;
}

static int
read_layout(struct schema *schema, struct json *root, struct buf *reason)
{
	struct schema_texts *cluster = &schema->bq_cluster;

	if (read_partition(schema, root, reason) ||
	    schema_texts_read(cluster, root, "bq:cluster", reason))
		return -1;
	for (size_t i = 0; i < cluster->count; i++) {
		if (find_named(
			schema, cluster->items[i], "bq:cluster", reason) < 0)
			return -1;
	}
	return 0;
}

static struct slice
trim(const char *from, const char *end)
{
	while (from < end && *from == ' ')
		from++;
	while (end > from && end[-1] == ' ')
		end--;
	return (struct slice){from, (size_t)(end - from)};
}

/* A side of a comparison: a field's index, or -1 and a decimal. */
static int
read_side(
    const struct schema *schema, struct slice text, long *field, char **literal)
{
	*field = schema_find(schema, text);
	if (*field >= 0)
		return 0;
	if (!decimal_valid(text))
		return -1;
	*literal = xslicedup(text);
	return 0;
}

/* What a side can be compared as; a literal is a decimal. */
static enum schema_order
order_of(const struct schema *schema, long field)
{
	if (field < 0)
		return SCHEMA_BY_NUMBER;
	switch (schema->fields[field].type) {
	case SCHEMA_INTEGER:
	case SCHEMA_NUMBER:
		return SCHEMA_BY_NUMBER;
	case SCHEMA_DATETIME:
	case SCHEMA_DATE:
		return SCHEMA_BY_TIME;
	default:
		return SCHEMA_BY_TEXT;
	}
}

/* Reads what stands in constraint->text. */
static int
read_comparison(
    const struct schema *schema, struct schema_constraint *constraint)
{
	const char *text = constraint->text;
	const char *at = text + strcspn(text, "<>=!");
	const char *end = text + strlen(text);

	for (size_t i = 0; i < NOPERATORS; i++) {
		size_t len = strlen(operators[i].text);

		if (strncmp(at, operators[i].text, len))
			continue;
		constraint->relation = operators[i].relation;
		if (read_side(schema, trim(text, at), &constraint->left,
			&constraint->left_literal) ||
		    read_side(schema, trim(at + len, end), &constraint->right,
			&constraint->right_literal))
			return -1;
		constraint->order = order_of(schema, constraint->left);
		if (order_of(schema, constraint->right) != constraint->order)
			constraint->order = SCHEMA_BY_TEXT;
		return 0;
	}
	return -1;
}

static int
read_row_constraints(
    struct schema *schema, struct json *root, struct buf *reason)
{
	const char *key = "x:rowConstraints";
	struct schema_texts texts = {0};
	int result = schema_texts_read(&texts, root, key, reason);

	for (size_t i = 0; !result && i < texts.count; i++) {
		struct schema_constraint *constraint;

		schema->constraints =
		    xgrow(schema->constraints, schema->nconstraints,
			&schema->constraints_cap, sizeof(*schema->constraints));
		constraint = &schema->constraints[schema->nconstraints++];
		*constraint =
		    (struct schema_constraint){.text = xstrdup(texts.items[i])};
		if (read_comparison(schema, constraint)) {
			buf_printf(reason,
			    "%s: '%s' does not compare fields or numbers", key,
			    constraint->text);
			result = -1;
		}
	}
	schema_texts_release(&texts);
	return result;
}

static int
read_schema(struct schema *schema, struct json *root, struct buf *reason)
{
	struct json *missing = json_get(root, "missingValues");

	if (read_fields(schema, root, reason) ||
	    read_match(schema, root, reason) ||
	    read_key(schema, root, reason) ||
	    read_layout(schema, root, reason) ||
	    read_row_constraints(schema, root, reason) ||
	    schema_texts_read(&schema->missing, root, "missingValues", reason))
		return -1;
	if (!missing)
		schema_texts_add(&schema->missing, "");
	if (json_get(root, "uniqueKeys"))
		return schema_refuse(reason, "uniqueKeys", "not supported");
	return 0;
}

/* The schema in a document, which it frees; NULL, with a reason. */
static struct schema *
take_schema(struct json *root, struct buf *reason)
{
	struct schema *schema = xcalloc(1, sizeof(*schema));

	if (read_schema(schema, root, reason)) {
		schema_free(schema);
		schema = NULL;
	}
	json_free(root);
	return schema;
}

struct schema *
schema_read(const char *path, struct buf *error)
{
	struct json *root = json_read(path, error);
	struct schema *schema;
	struct buf reason = {0};

	if (!root)
		return NULL;
	schema = take_schema(root, &reason);
	if (!schema)
		buf_printf(error, "%s: %s", io_name(path), buf_text(&reason));
	buf_release(&reason);
	return schema;
}

struct schema *
schema_parse(struct slice text, struct buf *error)
{
	struct json *root = json_parse(text, error);

	return root ? take_schema(root, error) : NULL;
}

struct schema *
schema_xread(const char *path)
{
	struct buf error = {0};
	struct schema *schema = schema_read(path, &error);

	if (!schema)
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	buf_release(&error);
	return schema;
}

void
schema_free(struct schema *schema)
{
	if (!schema)
		return;
	for (size_t i = 0; i < schema->nfields; i++)
		schema_field_release(&schema->fields[i]);
	for (size_t i = 0; i < schema->nconstraints; i++) {
		free(schema->constraints[i].text);
		free(schema->constraints[i].left_literal);
		free(schema->constraints[i].right_literal);
	}
	free(schema->fields);
	free(schema->constraints);
	free(schema->key);
	free(schema->bq_partition);
	free(schema->bq_partition_type);
	schema_texts_release(&schema->missing);
	schema_texts_release(&schema->bq_cluster);
	free(schema);
}
