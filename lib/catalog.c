/* SPDX-License-Identifier: ISC */
#include "catalog.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csvout.h"
#include "json_out.h"

void
catalog_xparse(struct warehouse_table *table, const char *text)
{
	size_t len = strcspn(text, ".");
	const char *name = text[len] ? text + len + 1 : NULL;

	if (!warehouse_name_valid((struct slice){text, len}) ||
	    (name && (!*name || strchr(name, '.'))))
		die(STATUS_TROUBLE, "'%s' is not DATASET or DATASET.TABLE",
		    text);
	table->dataset = xslicedup((struct slice){text, len});
	table->table = name ? xstrdup(name) : NULL;
}

/* A field behind the first one. */
static void
put_text(struct out *out, const char *text)
{
	out_putc(out, ',');
	if (text)
		csvout_value(out, slice_of(text));
}

static void
put_number(struct out *out, int64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, number);
	put_text(out, number < 0 ? NULL : text);
}

static void
put_time(struct out *out, int64_t time)
{
	char text[CLOCK_SIZE];

	clock_format(time, text);
	put_text(out, time < 0 ? NULL : text);
}

/* Gets what is known of a table that must be there. */
static int
get_facts(struct warehouse *warehouse, const struct warehouse_table *table,
    struct warehouse_facts *facts)
{
	if (warehouse->facts(warehouse, table, facts))
		return -1;
	if (facts->kind)
		return 0;
	return warehouse_fail(warehouse, STATUS_TROUBLE,
	    "no table '%s.%s' in %s", table->dataset, table->table,
	    warehouse->location);
}

int
catalog_datasets(struct warehouse *warehouse, struct out *out)
{
	struct cols names = {0};
	int result = warehouse->datasets(warehouse, &names);

	if (!result)
		out_puts(out, "dataset\n");
	for (size_t i = 0; i < names.count; i++) {
		csvout_value(out, slice_of(names.names[i]));
		out_putc(out, '\n');
	}
	cols_release(&names);
	return result;
}

static void
put_header(struct out *out)
{
	out_puts(out, "table,kind,rows,bytes,created,modified,partitioned,"
		      "partitions,clustered\n");
}

static void
put_facts(
    struct out *out, const char *name, const struct warehouse_facts *facts)
{
	csvout_value(out, slice_of(name));
	put_text(out, facts->kind);
	put_number(out, facts->rows);
	put_number(out, facts->bytes);
	put_time(out, facts->created);
	put_time(out, facts->modified);
	put_text(out, facts->partitioned);
	put_number(out, facts->partitions);
	put_text(out, facts->clustered);
	out_putc(out, '\n');
}

int
catalog_tables(
    struct warehouse *warehouse, const char *dataset, struct out *out)
{
	struct cols names = {0};
	char *copy = xstrdup(dataset);
	int result = warehouse->tables(warehouse, dataset, &names);

	if (!result)
		put_header(out);
	for (size_t i = 0; i < names.count && !result; i++) {
		struct warehouse_table table = {copy, names.names[i]};
		struct warehouse_facts facts;

		result = warehouse->facts(warehouse, &table, &facts);
		/* one that was dropped meanwhile is left out */
		if (!result && facts.kind)
			put_facts(out, table.table, &facts);
		warehouse_facts_release(&facts);
	}
	cols_release(&names);
	free(copy);
	return result;
}

int
catalog_table(struct warehouse *warehouse, const struct warehouse_table *table,
    struct out *out)
{
	struct warehouse_facts facts;
	int result = get_facts(warehouse, table, &facts);

	if (!result) {
		put_header(out);
		put_facts(out, table->table, &facts);
	}
	warehouse_facts_release(&facts);
	return result;
}

int
catalog_columns(struct warehouse *warehouse,
    const struct warehouse_table *table, struct out *out)
{
	struct warehouse_facts facts;
	int result = get_facts(warehouse, table, &facts);

	if (!result)
		out_puts(out, "column,type,mode,description\n");
	for (size_t i = 0; i < facts.ncolumns && !result; i++) {
		const struct warehouse_column *column = &facts.columns[i];

		csvout_value(out, slice_of(column->name));
		put_text(out, column->type);
		put_text(out, column->mode);
		put_text(out, column->description);
		out_putc(out, '\n');
	}
	warehouse_facts_release(&facts);
	return result;
}

static void
put_field(struct json_out *json, const struct schema_field *field)
{
	json_open(json, '{');
	json_pair_text(json, "name", field->name);
	json_pair_text(json, "type", schema_type_name(field->type));
	if (field->bq_type)
		json_pair_text(json, "bq:type", field->bq_type);
	if (field->description)
		json_pair_text(json, "description", field->description);
	if (field->required) {
		json_key(json, "constraints");
		json_open(json, '{');
		json_pair_bool(json, "required", true);
		json_close(json, '}');
	}
	json_close(json, '}');
}

static void
put_layout(struct json_out *json, const struct schema *schema)
{
	if (schema->bq_partition) {
		json_key(json, "bq:partition");
		json_open(json, '{');
		json_pair_text(json, "field", schema->bq_partition);
		json_pair_text(json, "type", schema->bq_partition_type);
		json_close(json, '}');
	}
	if (!schema->bq_cluster.count)
		return;
	json_key(json, "bq:cluster");
	json_open(json, '[');
	for (size_t i = 0; i < schema->bq_cluster.count; i++)
		json_put_string(json, slice_of(schema->bq_cluster.items[i]));
	json_close(json, ']');
}

static void
put_schema(struct out *out, const struct schema *schema)
{
	struct buf text = {0};
	struct json_out json = {.buf = &text, .lines = 2};

	json_open(&json, '{');
	json_key(&json, "fields");
	json_open(&json, '[');
	for (size_t i = 0; i < schema->nfields; i++)
		put_field(&json, &schema->fields[i]);
	json_close(&json, ']');
	put_layout(&json, schema);
	json_close(&json, '}');
	out_slice(out, buf_slice(&text));
	buf_release(&text);
}

int
catalog_schema(struct warehouse *warehouse, const struct warehouse_table *table,
    struct out *out)
{
	struct warehouse_facts facts;
	struct schema *schema = NULL;
	int result = get_facts(warehouse, table, &facts);

	if (!result)
		result = warehouse->describe(warehouse, table, &schema);
	if (!result && schema)
		put_schema(out, schema);
	warehouse_facts_release(&facts);
	schema_free(schema);
	return result;
}
