/* SPDX-License-Identifier: ISC */
#include "bigquery_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bigquery_ask.h"
#include "bigquery_gather.h"
#include "bigquery_ledger.h"
#include "bigquery_make.h"
#include "bigquery_prune.h"
#include "bigquery_query.h"
#include "bigquery_script.h"
#include "bigquery_sql.h"
#include "bigquery_stage.h"

enum { ROUNDS = 5 };

struct bigquery_load {
	struct warehouse_load spec;
	struct bigquery_spool spool;
	struct bigquery_stage stage;
	bool *lacks; /* of objects: the fields that they lack */
	char identity[DIGEST_SHA256_HEX]; /* of the load: ledger, table, id */
	char content[DIGEST_SHA256_HEX];  /* what it puts where */

	/* as they were when looked at last */
	bool dataset, ledger;
	int64_t ledger_created;
	struct bigquery_place table;
	struct bigquery_ledger_entry entry;

	struct bigquery_prune prune;
	struct bigquery_job_run run; /* of the script */
};

int
bigquery_load_begin(
    struct warehouse *warehouse, const struct warehouse_load *spec)
{
	struct bigquery *bigquery = bigquery_of(warehouse);
	struct bigquery_load *load = xcalloc(1, sizeof(*load));

	bigquery->load = load;
	load->spec = *spec;
	bigquery_spool_init(&load->spool, spec->mode == WAREHOUSE_MERGE);
	return 0;
}

void
bigquery_load_free(struct bigquery *bigquery)
{
	struct bigquery_load *load = bigquery->load;

	if (!load)
		return;
	bigquery_spool_release(&load->spool);
	bigquery_stage_release(&load->stage);
	bigquery_job_release(&load->run);
	json_free(load->table.resource);
	bigquery_prune_release(&load->prune);
	free(load->lacks);
	free(load);
	bigquery->load = NULL;
}

int
bigquery_load_row(
    struct warehouse *warehouse, const struct warehouse_value *values)
{
	struct bigquery_load *load = bigquery_of(warehouse)->load;
	struct buf reason = {0};
	int result = bigquery_spool_row(&load->spool, load->spec.fields,
	    load->spec.nfields, values, &reason);

	if (result)
		warehouse_fail(
		    warehouse, STATUS_TROUBLE, "%s", buf_text(&reason));
	buf_release(&reason);
	return result;
}

/* Learns which fields a stage lacks, whose rows have no order. */
static void
take_lacks(struct bigquery_load *load,
    bool (*has)(const struct bigquery_load *, const struct schema_field *))
{
	load->spool.numbered = false;
	load->lacks = xcalloc(load->spec.nfields, sizeof(*load->lacks));
	for (size_t i = 0; i < load->spec.nfields; i++)
		load->lacks[i] = !has(load, load->spec.fields[i]);
}

static bool
objects_have(const struct bigquery_load *load, const struct schema_field *field)
{
	const struct warehouse_objects *objects = load->stage.objects;

	for (size_t i = 0; i < objects->nheader; i++) {
		if (objects->header[i] == field)
			return true;
	}
	return false;
}

static bool
result_has(const struct bigquery_load *load, const struct schema_field *field)
{
	return cols_find(load->stage.result, slice_of(field->name)) >= 0;
}

int
bigquery_load_query(struct warehouse *warehouse,
    const struct warehouse_query *query, const struct cols *columns,
    struct buf *content, int64_t *bytes)
{
	struct bigquery *bigquery = bigquery_of(warehouse);
	struct bigquery_load *load = bigquery->load;
	const char *dataset = load->spec.table->dataset;
	struct bigquery_place place;

	load->stage.project = bigquery->project;
	load->stage.load = &load->spec;
	load->stage.result = columns;
	take_lacks(load, result_has);
	if (bigquery_make_look(bigquery, dataset, NULL, &place) ||
	    (!place.there && bigquery_make_dataset(bigquery, dataset)))
		return -1;
	return bigquery_gather(bigquery, query, &load->stage, content, bytes);
}

int
bigquery_load_objects(
    struct warehouse *warehouse, const struct warehouse_objects *objects)
{
	struct bigquery_load *load = bigquery_of(warehouse)->load;

	for (size_t i = 0; i < objects->count; i++) {
		if (strchr(objects->urls[i], '*'))
			return warehouse_fail(warehouse, STATUS_TROUBLE,
			    "%s: BigQuery would take the * for any text",
			    objects->urls[i]);
	}
	load->stage.objects = objects;
	take_lacks(load, objects_have);
	return 0;
}

/* Looks whether there is a ledger, and what it knows of the load. */
static int
ask_ledger(struct bigquery *bigquery, struct bigquery_load *load,
    struct warehouse_receipt *receipt)
{
	const char *dataset = load->spec.table->dataset;
	struct bigquery_place place;

	load->ledger = false;
	load->entry = (struct bigquery_ledger_entry){0};
	if (bigquery_make_look(bigquery, dataset, NULL, &place))
		return -1;
	load->dataset = place.there;
	if (!load->dataset)
		return 0;
	if (bigquery_make_look(bigquery, dataset, BIGQUERY_LEDGER, &place))
		return -1;
	load->ledger = place.there;
	load->ledger_created = place.created;
	json_free(place.resource);
	return load->ledger ? bigquery_ledger_find(
				  bigquery, &load->spec, receipt, &load->entry)
			    : 0;
}

static int
look_at_table(struct bigquery *bigquery, struct bigquery_load *load)
{
	const struct warehouse_table *table = load->spec.table;

	json_free(load->table.resource);
	return bigquery_make_look(
	    bigquery, table->dataset, table->table, &load->table);
}

/*
 * Whether the table is empty: 1, 0 or -1. A table that is said to have no rows
 * may have some that were streamed to it.
 */
static int
is_empty(struct bigquery *bigquery, struct bigquery_load *load)
{
	const struct warehouse_table *table = load->spec.table;
	struct warehouse_value row[1];
	struct buf sql = {0};
	int got;

	if (load->table.rows)
		return 0;
	buf_puts(&sql, "SELECT 1 AS held FROM ");
	bigquery_sql_table(
	    &sql, bigquery->project, table->dataset, table->table);
	buf_puts(&sql, " LIMIT 1");
	got = bigquery_ask(bigquery, buf_text(&sql), row);
	bigquery_query_free(bigquery);
	buf_release(&sql);
	return got < 0 ? -1 : !got;
}

/* Whether the ledger has the load, and nothing known has undone it since. */
static bool
stands(const struct bigquery_load *load, bool id_given)
{
	const struct bigquery_ledger_entry *entry = &load->entry;

	if (!entry->done || entry->undone)
		return false;
	if (!load->table.there || load->table.created != entry->created)
		return false;
	return load->spec.mode != WAREHOUSE_REPLACE || id_given || entry->last;
}

/* Sets whether the load is done, and what it loaded is still there. */
static int
ask(struct bigquery *bigquery, struct bigquery_load *load,
    struct warehouse_receipt *receipt)
{
	int empty = 0;

	receipt->already_loaded = false;
	/* in this order: see bigquery_ledger.h */
	if (ask_ledger(bigquery, load, receipt) ||
	    look_at_table(bigquery, load))
		return -1;
	if (!stands(load, receipt->id_given))
		return 0;
	if (load->entry.filled)
		empty = is_empty(bigquery, load);
	receipt->already_loaded = !empty;
	return empty < 0 ? -1 : 0;
}

static void
define_ledger(void *user, struct json_out *out)
{
	(void)user;
	bigquery_ledger_table(out);
}

/* Writes how the table is divided, if its schema says so. */
static void
define_table(void *user, struct json_out *out)
{
	const struct bigquery_load *load = user;
	const struct schema *schema = load->spec.schema;
	const char *type = schema->bq_partition_type;

	bigquery_make_schema(
	    out, load->spec.fields, load->spec.nfields, false, false);
	if (schema->bq_partition) {
		json_key(out, "timePartitioning");
		json_open(out, '{');
		json_pair_text(out, "type", type ? type : "DAY");
		json_pair_text(out, "field", schema->bq_partition);
		json_close(out, '}');
	}
	if (schema->bq_cluster.count) {
		json_key(out, "clustering");
		json_open(out, '{');
		json_key(out, "fields");
		json_open(out, '[');
		for (size_t i = 0; i < schema->bq_cluster.count; i++)
			json_put_string(
			    out, slice_of(schema->bq_cluster.items[i]));
		json_close(out, ']');
		json_close(out, '}');
	}
}

/* Makes the dataset and its ledger. */
static int
make_ledger(struct bigquery *bigquery, struct bigquery_load *load)
{
	const struct bigquery_table_plan plan = {
	    .dataset = load->spec.table->dataset,
	    .table = BIGQUERY_LEDGER,
	    .define = define_ledger,
	};
	struct bigquery_place place;

	if (load->ledger)
		return 0;
	if ((!load->dataset && bigquery_make_dataset(bigquery, plan.dataset)) ||
	    bigquery_make_table(bigquery, &plan) ||
	    bigquery_make_look(bigquery, plan.dataset, plan.table, &place))
		return -1;
	load->ledger_created = place.created;
	json_free(place.resource);
	return 0;
}

/* Makes the table. */
static int
make_table(struct bigquery *bigquery, struct bigquery_load *load)
{
	const struct bigquery_table_plan plan = {
	    .dataset = load->spec.table->dataset,
	    .table = load->spec.table->table,
	    .define = define_table,
	    .user = load,
	};

	if (load->table.there)
		return 0;
	if (bigquery_make_table(bigquery, &plan) ||
	    look_at_table(bigquery, load))
		return -1;
	if (!load->table.there)
		return warehouse_fail(&bigquery->warehouse, STATUS_TEMPORARY,
		    "%s.%s: dropped during the load", plan.dataset, plan.table);
	return 0;
}

/* What the job of the script is made of. */
struct move {
	struct bigquery_script script;
	struct warehouse_receipt *receipt;
};

/* Writes the member "query". */
static void
configure(void *user, const char *id, struct json_out *out)
{
	struct move *move = user;
	struct buf sql = {0};

	snprintf(move->receipt->job_id, WAREHOUSE_JOB_SIZE, "%s", id);
	bigquery_script(&move->script, &sql);
	json_key(out, "query");
	json_open(out, '{');
	json_pair_bool(out, "useLegacySql", false);
	json_key(out, "query");
	json_put_string(out, buf_slice(&sql));
	json_close(out, '}');
	buf_release(&sql);
}

/* Moves the rows from the stage to the table, and adds the ledger's row. */
static int
move_rows(struct bigquery *bigquery, struct bigquery_load *load,
    struct warehouse_receipt *receipt)
{
	struct buf base = {0}, what = {0};
	struct move move = {
	    .receipt = receipt,
	    .script =
		{
		    .project = bigquery->project,
		    .load = &load->spec,
		    .receipt = receipt,
		    .stage = buf_text(&load->stage.name),
		    .lacks = load->lacks,
		    .cast = load->stage.result,
		    .ordered = load->spool.numbered,
		    .done = load->entry.done,
		    .created = load->table.created,
		    .partition = load->prune.column,
		    .low = buf_text(&load->prune.low),
		    .high = buf_text(&load->prune.high),
		},
	};
	struct bigquery_job job = {
	    .content = load->content,
	    .configure = configure,
	    .user = &move,
	    .fd = -1,
	};
	int result;

	snprintf(receipt->stage_job_id, WAREHOUSE_JOB_SIZE, "%s",
	    buf_text(&load->stage.run.id));
	buf_printf(&base, "sluice_%s_%lld", load->identity,
	    (long long)load->entry.done);
	buf_printf(
	    &what, "%s.%s", load->spec.table->dataset, load->spec.table->table);
	job.base = buf_text(&base);
	job.what = buf_text(&what);
	result = bigquery_job_do(bigquery, &job, &load->run);
	buf_release(&base);
	buf_release(&what);
	return result;
}

/* What was read may have been half one and half the next. */
static int
check_objects(struct bigquery *bigquery, const struct bigquery_load *load)
{
	const struct warehouse_objects *objects = load->stage.objects;
	struct buf reason = {0};
	int result = objects->check(objects->user, &reason);

	if (result)
		warehouse_fail(&bigquery->warehouse, STATUS_TEMPORARY, "%s",
		    buf_text(&reason));
	buf_release(&reason);
	return result;
}

/*
 * Makes what tells this load from all others: also from the same one by a
 * ledger that was dropped since, of which jobs are still known.
 */
static void
identify(struct bigquery_load *load, const struct warehouse_receipt *receipt)
{
	const struct warehouse_load *spec = &load->spec;
	struct buf identity = {0}, content = {0};

	buf_printf(&identity, "%s.%s\n%s\n%lld\n", spec->table->dataset,
	    spec->table->table, receipt->load_id,
	    (long long)load->ledger_created);
	bigquery_stage_hash(&identity, load->identity);
	buf_printf(&content, "%s.%s\n%s\n%s\n", spec->table->dataset,
	    spec->table->table, warehouse_mode_name(spec->mode),
	    receipt->sha256);
	bigquery_stage_hash(&content, load->content);
}

/* All that there is to do: 0, or -1, or 1 if it is to be looked at again. */
static int
load_all(struct bigquery *bigquery, struct bigquery_load *load,
    struct warehouse_receipt *receipt)
{
	int result = 0;

	load->stage.repetition = load->entry.done;
	if (make_ledger(bigquery, load))
		return -1;
	identify(load, receipt);
	if (!load->stage.result)
		result = bigquery_stage_fill(bigquery, &load->stage);
	if (!result && load->stage.objects)
		result = check_objects(bigquery, load);
	if (result)
		return result;
	receipt->rows_in = load->stage.rows;
	return make_table(bigquery, load) ||
		       bigquery_prune(bigquery, &load->spec,
			   load->table.resource, buf_text(&load->stage.name),
			   &load->prune) ||
		       move_rows(bigquery, load, receipt)
		   ? -1
		   : 0;
}

/* Looks whether the load is done, and how often it was before. */
static int
ask_again(struct bigquery *bigquery, struct bigquery_load *load,
    struct warehouse_receipt *receipt)
{
	int64_t before = load->entry.done;

	if (ask(bigquery, load, receipt))
		return -1;
	if (load->entry.done != before)
		load->run.first = load->stage.run.first = 0;
	return 0;
}

/* True if the script failed since another run has done the load meanwhile. */
static bool
was_done(const struct warehouse *warehouse)
{
	return strstr(buf_text(&warehouse->error), BIGQUERY_SCRIPT_DONE);
}

/* Looks, and loads what is not there, until it is. */
static int
commit(struct bigquery *bigquery, struct bigquery_load *load,
    struct warehouse_receipt *receipt)
{
	struct warehouse *warehouse = &bigquery->warehouse;
	bool loaded = false;

	for (int round = 0; round < ROUNDS; round++) {
		int result;

		if (ask_again(bigquery, load, receipt))
			return -1;
		if (receipt->already_loaded) {
			receipt->already_loaded = !loaded || load->run.adopted;
			return 0;
		}
		if (loaded)
			load->run.first++; /* it left nothing */
		result = load_all(bigquery, load, receipt);
		if (result < 0 && !was_done(warehouse))
			return -1;
		if (result < 0)
			buf_clear(&warehouse->notes);
		loaded = !result;
	}
	return warehouse_fail(warehouse, STATUS_TEMPORARY,
	    "%s.%s: job %s left no row in the ledger",
	    load->spec.table->dataset, load->spec.table->table,
	    buf_text(&load->run.id));
}

int
bigquery_load_commit(
    struct warehouse *warehouse, struct warehouse_receipt *receipt)
{
	struct bigquery *bigquery = bigquery_of(warehouse);
	struct bigquery_load *load = bigquery->load;
	struct buf reason = {0};
	int result = 0;

	load->stage.project = bigquery->project;
	load->stage.load = &load->spec;
	load->stage.spool = &load->spool;
	load->stage.identity = load->identity;
	snprintf(load->stage.spooled, DIGEST_SHA256_HEX, "%s", receipt->sha256);
	if (!load->stage.objects && !load->stage.result &&
	    bigquery_spool_end(&load->spool, load->stage.spooled, &reason))
		result = warehouse_fail(
		    warehouse, STATUS_TROUBLE, "%s", buf_text(&reason));
	buf_release(&reason);
	if (!result)
		result = commit(bigquery, load, receipt);
	if (!result && load->stage.name.len)
		bigquery_stage_drop(bigquery, &load->stage);
	return result;
}
