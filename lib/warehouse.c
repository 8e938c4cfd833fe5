/* SPDX-License-Identifier: ISC */
#include "warehouse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "json_out.h"
#include "warehouse_bigquery.h"
#include "warehouse_sqlite.h"

enum { NAME_LIMIT = 300 };

/* In the order of the enum. */
static const char *const modes[] = {"append", "replace", "merge"};

/* In the order of enum schema_type. */
static const char *const types[] = {"STRING", "INT64", "FLOAT64", "BOOL",
    "TIMESTAMP", "DATE", "TIME", "JSON", "JSON"};

/* What follows the scheme, or NULL if the location has another one. */
static const char *
behind(const char *location, const char *scheme)
{
	size_t len = strlen(scheme);

	return strncmp(location, scheme, len) ? NULL : location + len;
}

struct warehouse *
warehouse_xopen(const char *location)
{
	const char *dir, *project;

	if (!location)
		location = getenv("SLUICE_WAREHOUSE");
	if (!location || !*location)
		die(STATUS_TROUBLE,
		    "no warehouse: set SLUICE_WAREHOUSE or -w to sqlite:DIR or "
		    "bigquery:PROJECT");
	dir = behind(location, "sqlite:");
	if (dir && *dir)
		return warehouse_sqlite_new(location, dir);
	project = behind(location, "bigquery:");
	if (project)
		return warehouse_bigquery_new(location, project);
	die(STATUS_TROUBLE,
	    "%s: not a warehouse like sqlite:DIR or bigquery:PROJECT",
	    location);
}

int
warehouse_fail(
    struct warehouse *warehouse, enum status status, const char *fmt, ...)
{
	char reason[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	buf_clear(&warehouse->error);
	buf_puts(&warehouse->error, reason);
	warehouse->status = status;
	return -1;
}

void
warehouse_warn(const struct warehouse *warehouse)
{
	const char *line = buf_text(&warehouse->notes);

	while (*line) {
		size_t len = strcspn(line, "\n");

		warning("%.*s", (int)len, line);
		line += len + (line[len] == '\n');
	}
}

void
warehouse_die(const struct warehouse *warehouse)
{
	warehouse_warn(warehouse);
	warning("%s", buf_text(&warehouse->error));
	exit((int)warehouse->status);
}

static bool
in_name(char byte, bool first)
{
	return byte == '_' || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z') ||
	       (!first && byte >= '0' && byte <= '9');
}

bool
warehouse_name_valid(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (!in_name(name.data[i], i == 0))
			return false;
	}
	return name.len > 0 && name.len <= NAME_LIMIT;
}

/* Why a table cannot have its name, or NULL. */
static const char *
judge(const struct warehouse_table *table)
{
	if (!warehouse_name_valid(slice_of(table->dataset)) ||
	    !warehouse_name_valid(slice_of(table->table)))
		return "a name has letters, digits and _, and no digit first";
	if (!strcasecmp(table->dataset, "main") ||
	    !strcasecmp(table->dataset, "temp"))
		return "the dataset's name is reserved";
	if (!strncasecmp(table->table, "sqlite_", 7))
		return "the table's name is reserved";
	if (!strcasecmp(table->table, "_loads"))
		return "the ledger of loads cannot be loaded";
	return NULL;
}

int
warehouse_table_parse(
    struct warehouse_table *table, const char *text, const char **reason)
{
	const char *dot = strchr(text, '.');

	*table = (struct warehouse_table){0};
	*reason = "not DATASET.TABLE";
	if (!dot)
		return -1;
	table->dataset = xslicedup((struct slice){text, (size_t)(dot - text)});
	table->table = xstrdup(dot + 1);
	*reason = judge(table);
	if (!*reason)
		return 0;
	warehouse_table_release(table);
	return -1;
}

void
warehouse_table_release(struct warehouse_table *table)
{
	free(table->dataset);
	free(table->table);
	*table = (struct warehouse_table){0};
}

struct warehouse_column *
warehouse_facts_column(struct warehouse_facts *facts)
{
	struct warehouse_column *column;

	facts->columns = xgrow(facts->columns, facts->ncolumns,
	    &facts->columns_cap, sizeof(*facts->columns));
	column = &facts->columns[facts->ncolumns++];
	*column = (struct warehouse_column){0};
	return column;
}

void
warehouse_facts_release(struct warehouse_facts *facts)
{
	free(facts->kind);
	free(facts->partitioned);
	free(facts->clustered);
	for (size_t i = 0; i < facts->ncolumns; i++) {
		free(facts->columns[i].name);
		free(facts->columns[i].type);
		free(facts->columns[i].mode);
		free(facts->columns[i].description);
	}
	free(facts->columns);
	*facts = (struct warehouse_facts){0};
}

void
warehouse_table_xparse(struct warehouse_table *table, const char *text)
{
	const char *reason;

	if (warehouse_table_parse(table, text, &reason))
		die(STATUS_TROUBLE, "'%s': %s", text, reason);
}

enum warehouse_mode
warehouse_mode_option(const char *option, const char *text)
{
	for (int i = 0; i < 3; i++) {
		if (!strcmp(text, modes[i]))
			return (enum warehouse_mode)i;
	}
	die(STATUS_TROUBLE, "%s: '%s' is not append, replace or merge", option,
	    text);
}

const char *
warehouse_mode_name(enum warehouse_mode mode)
{
	return modes[mode];
}

const char *
warehouse_type(const struct schema_field *field)
{
	bool exact = field->type == SCHEMA_NUMBER && field->bq_type &&
		     (!strcmp(field->bq_type, "NUMERIC") ||
			 !strcmp(field->bq_type, "BIGNUMERIC"));

	return exact ? field->bq_type : types[field->type];
}

/* Makes the schema of a parameter; dies if there is no such type. */
static struct schema *
parameter_schema(const char *option, struct slice name, const char *type)
{
	struct buf text = {0}, error = {0};
	struct json_out out = {.buf = &text};
	struct schema *schema;

	json_open(&out, '[');
	json_open(&out, '{');
	json_key(&out, "name");
	json_put_string(&out, name);
	json_pair_text(&out, "type", type);
	json_close(&out, '}');
	json_close(&out, ']');
	schema = schema_parse(buf_slice(&text), &error);
	if (!schema)
		die(STATUS_TROUBLE, "%s: '%s' is not a type", option, type);
	buf_release(&text);
	return schema;
}

const struct warehouse_parameter *
warehouse_parameters_find(
    const struct warehouse_parameters *parameters, struct slice name)
{
	for (size_t i = 0; i < parameters->count; i++) {
		struct warehouse_parameter *item = &parameters->items[i];

		if (slice_equal(slice_of(item->schema->fields[0].name), name))
			return item;
	}
	return NULL;
}

void
warehouse_parameters_option(struct warehouse_parameters *parameters,
    const char *option, const char *text)
{
	size_t len = strcspn(text, "=");
	const char *colon = memchr(text, ':', len);
	struct slice name = {text, colon ? (size_t)(colon - text) : len};
	struct warehouse_parameter parameter = {0};
	struct buf type = {0}, note = {0};

	if (!text[len] || !warehouse_name_valid(name))
		die(STATUS_TROUBLE,
		    "%s: '%s' is not NAME=VALUE or NAME:TYPE=VALUE", option,
		    text);
	if (warehouse_parameters_find(parameters, name))
		die(STATUS_TROUBLE, "%s: '%s': the name stands twice", option,
		    text);
	if (colon)
		buf_add(&type, colon + 1, (size_t)(text + len - colon - 1));
	parameter.schema =
	    parameter_schema(option, name, colon ? buf_text(&type) : "STRING");
	if (schema_cast(&parameter.schema->fields[0], slice_of(text + len + 1),
		&parameter.value, &note))
		die(STATUS_TROUBLE, "%s: '%s': %s", option, text,
		    buf_text(&note));
	buf_release(&type);
	parameters->items = xgrow(parameters->items, parameters->count,
	    &parameters->cap, sizeof(parameter));
	parameters->items[parameters->count++] = parameter;
}

void
warehouse_parameters_release(struct warehouse_parameters *parameters)
{
	for (size_t i = 0; i < parameters->count; i++) {
		schema_free(parameters->items[i].schema);
		buf_release(&parameters->items[i].value);
	}
	free(parameters->items);
	*parameters = (struct warehouse_parameters){0};
}
