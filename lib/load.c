/* SPDX-License-Identifier: ISC */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "load_plan.h"

struct load {
	struct warehouse *warehouse;
	const struct load_request *request;
	struct load_plan plan;
	/* for each column of the table, the value of the row */
	struct warehouse_value *values;
	struct buf *texts;

	const struct schema_field **header; /* of objects: their columns */
	struct digest *digest;              /* of the content */
	int64_t rows;
	int64_t bytes; /* of objects, or -1 */
};

static int
begin(struct load *load)
{
	const struct load_plan *plan = &load->plan;
	struct warehouse_load spec = {
	    .table = &load->request->table,
	    .mode = load->request->mode,
	    .key = &plan->key,
	    .newest = plan->newest,
	    .schema = plan->rules,
	    .fields = plan->fields,
	    .nfields = plan->nfields,
	};

	load->texts = xcalloc(plan->nfields, sizeof(*load->texts));
	load->values = xcalloc(plan->nfields, sizeof(*load->values));
	return load->warehouse->load_begin(load->warehouse, &spec);
}

static void
add_content(struct load *load, struct slice record)
{
	digest_add(load->digest, record.data, record.len);
	digest_add(load->digest, "\n", 1);
}

struct load *
load_begin(struct warehouse *warehouse, const struct load_request *request,
    const struct cols *columns, struct slice header)
{
	struct load *load = xcalloc(1, sizeof(*load));

	load->warehouse = warehouse;
	load->request = request;
	load->bytes = -1;
	load->digest = digest_new();
	add_content(load, header);
	if (!load_plan_init(&load->plan, warehouse, request, columns) &&
	    !begin(load))
		return load;
	load_free(load);
	return NULL;
}

void
load_free(struct load *load)
{
	if (!load)
		return;
	for (size_t i = 0; load->texts && i < load->plan.nfields; i++)
		buf_release(&load->texts[i]);
	free(load->texts);
	free(load->values);
	free(load->header);
	load_plan_release(&load->plan);
	digest_free(load->digest);
	free(load);
}

/* Takes the value of column i of the table. */
static int
take_value(struct load *load, size_t i, const struct load_field *fields)
{
	const struct schema_field *field = load->plan.fields[i];
	const struct load_field *from =
	    load->plan.source[i] < 0 ? NULL : &fields[load->plan.source[i]];
	struct warehouse_value *value = &load->values[i];
	struct buf note = {0};
	int result = 0;

	value->null = !from || schema_lacks(load->plan.rules, field, from->raw,
				   from->value);
	if (value->null) {
		if (field->required ||
		    cols_find(&load->plan.key, slice_of(field->name)) >= 0)
			return warehouse_fail(load->warehouse, STATUS_TROUBLE,
			    "column '%s': a value is missing", field->name);
		return 0;
	}
	buf_clear(&load->texts[i]);
	if (schema_cast(field, from->value, &load->texts[i], &note))
		result = warehouse_fail(load->warehouse, STATUS_TROUBLE,
		    "column '%s': %s", field->name, buf_text(&note));
	value->text = buf_slice(&load->texts[i]);
	buf_release(&note);
	return result;
}

int
load_row(
    struct load *load, const struct load_field *fields, struct slice record)
{
	add_content(load, record);
	load->rows++;
	for (size_t i = 0; i < load->plan.nfields; i++) {
		if (take_value(load, i, fields))
			return -1;
	}
	return load->warehouse->load_row(load->warehouse, load->values);
}

void
load_xrecords(struct load *load, struct csvin *in)
{
	struct load_field *fields =
	    xcalloc(load->plan.columns, sizeof(*fields));
	struct csvin_record row;

	while (csvin_xnext(in, &row)) {
		struct slice record = {row.data, row.len};

		for (size_t i = 0; i < load->plan.columns; i++) {
			fields[i].raw = csvin_field(&row, i);
			fields[i].value = csvin_value(in, fields[i].raw);
		}
		if (load_row(load, fields, record))
			csvin_die(
			    in, &row, "%s", buf_text(&load->warehouse->error));
	}
	free(fields);
}

int
load_objects(
    struct load *load, struct warehouse_objects *objects, struct slice content)
{
	const struct load_plan *plan = &load->plan;

	load->header = xcalloc(plan->columns, sizeof(*load->header));
	for (size_t i = 0; i < plan->nfields; i++) {
		if (plan->source[i] >= 0)
			load->header[plan->source[i]] = plan->fields[i];
	}
	objects->header = load->header;
	objects->nheader = plan->columns;
	objects->schema = plan->rules;
	load->bytes = objects->bytes;
	digest_add(load->digest, content.data, content.len);
	return load->warehouse->load_objects(load->warehouse, objects);
}

int
load_query(struct load *load, const struct warehouse_query *query,
    const struct cols *columns)
{
	struct warehouse *warehouse = load->warehouse;
	struct buf content = {0};
	int result = warehouse->load_query(
	    warehouse, query, columns, &content, &load->bytes);

	digest_add(load->digest, buf_text(&content), content.len);
	buf_release(&content);
	return result;
}

/* The SHA-256 of a text, which it frees. */
static void
hash_text(struct buf *text, char hash[DIGEST_SHA256_HEX])
{
	struct digest *digest = digest_new();
	struct digest_result result;

	digest_add(digest, buf_text(text), text->len);
	digest_finish(digest, &result);
	memcpy(hash, result.sha256, DIGEST_SHA256_HEX);
	digest_free(digest);
	buf_release(text);
}

/* Makes the id of the load. */
static void
make_id(const struct load *load, const char *sha256, char id[DIGEST_SHA256_HEX])
{
	const struct load_request *request = load->request;
	struct buf text = {0};

	buf_printf(&text, "%s.%s\n%s\n", request->table.dataset,
	    request->table.table, warehouse_mode_name(request->mode));
	for (size_t i = 0; i < load->plan.key.count; i++)
		buf_printf(
		    &text, "%s%s", i ? "," : "", load->plan.key.names[i]);
	if (load->plan.key.count)
		buf_printf(&text, "\n%s\n", load->plan.newest);
	buf_printf(&text, "%s\n", sha256);
	hash_text(&text, id);
}

/* The SHA-256 of the columns: a line "NAME TYPE [REQUIRED]" for each. */
static void
hash_schema(const struct load *load, char hash[DIGEST_SHA256_HEX])
{
	struct buf text = {0};

	for (size_t i = 0; i < load->plan.nfields; i++)
		buf_printf(&text, "%s %s%s\n", load->plan.fields[i]->name,
		    warehouse_type(load->plan.fields[i]),
		    load->plan.fields[i]->required ? " REQUIRED" : "");
	hash_text(&text, hash);
}

static void
put_receipt(const struct load *load, const struct warehouse_receipt *receipt,
    struct buf *text)
{
	struct json_out out = {.buf = text};
	struct buf table = {0};

	buf_printf(&table, "%s.%s", load->request->table.dataset,
	    load->request->table.table);
	json_open(&out, '{');
	json_pair_text(&out, "warehouse", load->warehouse->location);
	json_pair_text(&out, "table", buf_text(&table));
	json_pair_text(&out, "mode", warehouse_mode_name(load->request->mode));
	json_pair_text(&out, "load_id", receipt->load_id);
	json_pair_bool(&out, "already_loaded", receipt->already_loaded);
	json_pair_int(&out, "rows_in", receipt->rows_in);
	json_pair_int(&out, "rows_loaded", receipt->rows_loaded);
	json_pair_int(&out, "rows_inserted", receipt->rows_inserted);
	json_pair_int(&out, "rows_updated", receipt->rows_updated);
	json_pair_int(&out, "rows_unchanged", receipt->rows_unchanged);
	json_pair_int(&out, "bytes", receipt->bytes);
	json_pair_text(&out, "sha256", receipt->sha256);
	json_pair_text(&out, "source", receipt->source);
	json_pair_text(&out, "inserted_at", receipt->inserted_at);
	json_pair_text(&out, "tool", receipt->tool);
	if (*receipt->job_id)
		json_pair_text(&out, "job_id", receipt->job_id);
	if (*receipt->stage_job_id)
		json_pair_text(&out, "stage_job_id", receipt->stage_job_id);
	json_close(&out, '}');
	buf_release(&table);
}

int
load_commit(struct load *load, struct buf *text)
{
	const struct load_request *request = load->request;
	struct digest_result content;
	struct warehouse_receipt receipt = {
	    .id_given = request->load_id != NULL,
	    .schema_name = request->schema_name,
	    .source = request->source,
	    .tool = request->tool,
	    .rows_in = load->rows,
	};
	char id[DIGEST_SHA256_HEX];

	digest_finish(load->digest, &content);
	make_id(load, content.sha256, id);
	hash_schema(load, receipt.schema_hash);
	receipt.load_id = request->load_id ? request->load_id : id;
	receipt.bytes = load->bytes < 0 ? (int64_t)content.bytes : load->bytes;
	memcpy(receipt.sha256, content.sha256, DIGEST_SHA256_HEX);
	if (load->warehouse->load_commit(load->warehouse, &receipt))
		return -1;
	put_receipt(load, &receipt, text);
	return 0;
}
