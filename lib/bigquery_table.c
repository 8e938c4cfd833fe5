/* SPDX-License-Identifier: ISC */
#include "bigquery_table.h"

#include <stdlib.h>

#include "bigquery_columns.h"
#include "gcp.h"
#include "json_out.h"
#include "schema_field.h"

int
bigquery_table_get(struct bigquery *bigquery,
    const struct warehouse_table *table, struct json **resource)
{
	struct bigquery_request request = {0};
	struct gcp_answer answer = {0};
	struct buf path = {0}, name = {0};
	int result;

	buf_printf(&path, "/datasets/%s/tables/", table->dataset);
	http_escape(slice_of(table->table), &path);
	result =
	    bigquery_call(bigquery, &request, &answer, "%s", buf_text(&path));
	*resource = NULL;
	if (!result) {
		*resource = answer.json;
		answer.json = NULL;
	} else if (answer.status == 404) {
		result = 0;
	} else {
		buf_printf(&name, "%s.%s", table->dataset, table->table);
		bigquery_fail(bigquery, buf_text(&name), &answer);
	}
	gcp_answer_release(&answer);
	buf_release(&path);
	buf_release(&name);
	return result;
}

/* Appends the fields as a schema file of BigQuery has them. */
static void
put_fields(struct json *fields, struct buf *text)
{
	static const char *const keys[] = {
	    "name", "type", "mode", "description"};
	struct json_out out = {.buf = text};

	json_open(&out, '[');
	for (size_t i = 0; i < json_count(fields); i++) {
		json_open(&out, '{');
		for (int k = 0; k < 4; k++) {
			struct json *value =
			    json_get(json_at(fields, i), keys[k]);

			if (!value)
				continue;
			json_key(&out, keys[k]);
			json_put_string(&out, json_string(value));
		}
		json_close(&out, '}');
	}
	json_close(&out, ']');
}

/* Tells a schema how the table is laid out. */
static void
set_layout(struct json *resource, struct schema *schema)
{
	struct json *time = json_get(resource, "timePartitioning");
	struct slice type = json_string(json_get(time, "type"));
	struct slice field = json_string(json_get(time, "field"));
	struct json *cluster =
	    json_get(json_get(resource, "clustering"), "fields");

	if (field.len) {
		schema->bq_partition = xslicedup(field);
		schema->bq_partition_type = xslicedup(type);
	}
	for (size_t i = 0; i < json_count(cluster); i++) {
		char *name = xslicedup(json_string(json_at(cluster, i)));

		schema_texts_add(&schema->bq_cluster, name);
		free(name);
	}
}

int
bigquery_table_describe(struct warehouse *warehouse,
    const struct warehouse_table *table, struct schema **schema)
{
	struct json *resource;
	struct buf text = {0}, reason = {0};
	int result =
	    bigquery_table_get(bigquery_of(warehouse), table, &resource);

	*schema = NULL;
	if (!result && resource) {
		put_fields(
		    json_get(json_get(resource, "schema"), "fields"), &text);
		*schema = schema_parse(buf_slice(&text), &reason);
		if (*schema)
			set_layout(resource, *schema);
		else
			result = warehouse_fail(warehouse, STATUS_TROUBLE,
			    "%s.%s: %s", table->dataset, table->table,
			    buf_text(&reason));
	}
	json_free(resource);
	buf_release(&text);
	buf_release(&reason);
	return result;
}

/* A list: where it is, and where in it the names are. */
struct list {
	const char *path, *member, *reference, *id;
	const char *dataset; /* that it is of, or NULL */
};

/* Appends the names of a page; *token becomes that of the next one. */
static int
get_names(struct bigquery *bigquery, const struct list *list, struct buf *token,
    struct cols *names)
{
	struct bigquery_request request = {0};
	struct gcp_answer answer = {0};
	struct buf path = {0};
	struct json *items;
	int result;

	buf_printf(&path, "%s?maxResults=1000", list->path);
	if (token->len) {
		buf_puts(&path, "&pageToken=");
		http_escape(buf_slice(token), &path);
	}
	result =
	    bigquery_call(bigquery, &request, &answer, "%s", buf_text(&path));
	if (result && answer.status == 404 && list->dataset)
		warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE,
		    "no dataset '%s' in %s", list->dataset,
		    bigquery->warehouse.location);
	else if (result)
		bigquery_fail(bigquery, NULL, &answer);
	items = json_get(answer.json, list->member);
	for (size_t i = 0; !result && i < json_count(items); i++)
		cols_add(names, json_string(json_get(json_get(json_at(items, i),
							 list->reference),
				    list->id)));
	buf_clear(token);
	buf_add_slice(
	    token, json_string(json_get(answer.json, "nextPageToken")));
	gcp_answer_release(&answer);
	buf_release(&path);
	return result;
}

static int
get_list(
    struct warehouse *warehouse, const struct list *list, struct cols *names)
{
	struct buf token = {0};
	int result;

	do
		result = get_names(bigquery_of(warehouse), list, &token, names);
	while (!result && token.len);
	buf_release(&token);
	return result;
}

int
bigquery_table_datasets(struct warehouse *warehouse, struct cols *names)
{
	struct list list = {
	    "/datasets", "datasets", "datasetReference", "datasetId", NULL};

	return get_list(warehouse, &list, names);
}

int
bigquery_table_list(
    struct warehouse *warehouse, const char *dataset, struct cols *names)
{
	struct buf path = {0};
	struct list list = {
	    NULL, "tables", "tableReference", "tableId", dataset};
	int result;

	buf_printf(&path, "/datasets/%s/tables", dataset);
	list.path = buf_text(&path);
	result = get_list(warehouse, &list, names);
	buf_release(&path);
	return result;
}

/* A number of the resource, or -1. */
static int64_t
number_of(struct json *resource, const char *key)
{
	struct json *value = json_get(resource, key);

	return value ? bigquery_int64(value) : -1;
}

/* By what a table is partitioned, or NULL; the caller frees. */
static char *
partition_of(struct json *resource)
{
	struct json *time = json_get(resource, "timePartitioning");
	struct json *range = json_get(resource, "rangePartitioning");
	struct slice type = json_string(json_get(time, "type"));
	struct slice field =
	    json_string(json_get(time ? time : range, "field"));
	struct buf text = {0};
	char *copy;

	if (!time && !range)
		return NULL;
	if (range)
		type = slice_of("RANGE");
	if (!field.len)
		field = slice_of("_PARTITIONTIME");
	buf_printf(&text, "%.*s(%.*s)", (int)type.len, type.data,
	    (int)field.len, field.data);
	copy = xstrdup(buf_text(&text));
	buf_release(&text);
	return copy;
}

static char *
cluster_of(struct json *resource)
{
	struct json *fields =
	    json_get(json_get(resource, "clustering"), "fields");
	struct buf text = {0};
	char *copy = NULL;

	for (size_t i = 0; i < json_count(fields); i++) {
		if (i)
			buf_putc(&text, ',');
		buf_add_slice(&text, json_string(json_at(fields, i)));
	}
	if (text.len)
		copy = xstrdup(buf_text(&text));
	buf_release(&text);
	return copy;
}

/* Adds a column, and behind it those of a STRUCT. */
static void
add_column(struct warehouse_facts *facts, const struct bigquery_column *from,
    const char *parent, struct json *field)
{
	struct warehouse_column *column = warehouse_facts_column(facts);
	struct slice mode = json_string(json_get(field, "mode"));
	struct slice text = json_string(json_get(field, "description"));
	struct buf name = {0};

	if (*parent)
		buf_printf(&name, "%s.", parent);
	buf_puts(&name, from->name);
	column->name = xstrdup(buf_text(&name));
	column->type = xstrdup(from->type);
	column->mode = mode.len ? xslicedup(mode) : xstrdup("NULLABLE");
	if (text.len)
		column->description = xslicedup(text);
	for (size_t i = 0; from->fields && i < from->fields->count; i++)
		add_column(facts, &from->fields->items[i], buf_text(&name),
		    json_at(json_get(field, "fields"), i));
	buf_release(&name);
}

/* Adds the columns of a table. */
static int
add_columns(struct warehouse *warehouse, struct json *schema,
    struct warehouse_facts *facts)
{
	struct bigquery_columns columns = {0};
	struct buf reason = {0};
	int result = bigquery_columns_read(&columns, schema, &reason);

	if (result)
		warehouse_fail(
		    warehouse, STATUS_TROUBLE, "%s", buf_text(&reason));
	for (size_t i = 0; !result && i < columns.count; i++)
		add_column(facts, &columns.items[i], "",
		    json_at(json_get(schema, "fields"), i));
	bigquery_columns_release(&columns);
	buf_release(&reason);
	return result;
}

/* A time of the resource, in milliseconds, as clock.h has it, or -1. */
static int64_t
time_of(struct json *resource, const char *key)
{
	int64_t time = number_of(resource, key);

	return time < 0 ? -1 : time * 1000;
}

int
bigquery_table_facts(struct warehouse *warehouse,
    const struct warehouse_table *table, struct warehouse_facts *facts)
{
	struct json *resource, *schema;
	struct slice kind;
	int result = 0;

	*facts = (struct warehouse_facts){0};
	if (bigquery_table_get(bigquery_of(warehouse), table, &resource))
		return -1;
	if (!resource)
		return 0;
	kind = json_string(json_get(resource, "type"));
	schema = json_get(resource, "schema");
	facts->kind = kind.len ? xslicedup(kind) : xstrdup("TABLE");
	facts->rows = number_of(resource, "numRows");
	facts->bytes = number_of(resource, "numBytes");
	facts->partitions = number_of(resource, "numPartitions");
	facts->created = time_of(resource, "creationTime");
	facts->modified = time_of(resource, "lastModifiedTime");
	facts->partitioned = partition_of(resource);
	facts->clustered = cluster_of(resource);
	/* a table may have no columns yet */
	if (json_count(json_get(schema, "fields")))
		result = add_columns(warehouse, schema, facts);
	json_free(resource);
	return result;
}
