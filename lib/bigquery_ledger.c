/* SPDX-License-Identifier: ISC */
#include "bigquery_ledger.h"

#include <stdio.h>
#include <string.h>

#include "bigquery_ask.h"
#include "bigquery_query.h"
#include "bigquery_sql.h"
#include "num.h"

static const struct {
	const char *name, *type, *mode;
} columns[] = {
    {"load_id", "STRING", "REQUIRED"},
    {"job_id", "STRING", "REQUIRED"},
    {"stage_job_id", "STRING", "NULLABLE"},
    {"table_name", "STRING", "REQUIRED"},
    {"table_created", "INT64", "REQUIRED"},
    {"mode", "STRING", "REQUIRED"},
    {"schema_name", "STRING", "NULLABLE"},
    {"schema_version_hash", "STRING", "NULLABLE"},
    {"status", "INT64", "REQUIRED"},
    {"inserted_at", "TIMESTAMP", "REQUIRED"},
    {"source_uri", "STRING", "NULLABLE"},
    {"source_sha256", "STRING", "REQUIRED"},
    {"rows_in", "INT64", "REQUIRED"},
    {"rows_loaded", "INT64", "REQUIRED"},
    {"rows_inserted", "INT64", "REQUIRED"},
    {"rows_updated", "INT64", "REQUIRED"},
    {"rows_unchanged", "INT64", "REQUIRED"},
    {"bytes", "INT64", "REQUIRED"},
    {"tool_version", "STRING", "REQUIRED"},
};

static const char row_pattern[] =
    " (load_id, job_id, stage_job_id, table_name, table_created, mode,"
    " schema_name, schema_version_hash, status, inserted_at, source_uri,"
    " source_sha256, rows_in, rows_loaded, rows_inserted, rows_updated,"
    " rows_unchanged, bytes, tool_version) SELECT {load id}, {job id},"
    " {stage job id}, {name}, {created}, {mode}, {schema name}, {schema hash},"
    " 0, CURRENT_TIMESTAMP(), {source}, {sha256}, {counts}, {bytes}, {tool}";

static const char undone_pattern[] =
    " (load_id, job_id, stage_job_id, table_name, table_created, mode,"
    " schema_name, schema_version_hash, status, inserted_at, source_uri,"
    " source_sha256, rows_in, rows_loaded, rows_inserted, rows_updated,"
    " rows_unchanged, bytes, tool_version) SELECT load_id, job_id,"
    " stage_job_id, table_name, table_created, mode, schema_name,"
    " schema_version_hash, 1, CURRENT_TIMESTAMP(), source_uri, source_sha256,"
    " rows_in, rows_loaded, rows_inserted, rows_updated, rows_unchanged,"
    " bytes, tool_version{counting}";

/* The loads into the table that count, if it has not been dropped. */
static const char counting_pattern[] =
    " FROM {ledger} WHERE table_name = {name} AND status = 0"
    " AND job_id NOT IN (SELECT job_id FROM {ledger} WHERE status = 1)";

static const char found_empty[] =
    " AND (SELECT held = 0 FROM {state})"
    " AND EXISTS (SELECT 1{counting} AND rows_loaded > 0)";

/* What the answer to find_pattern is. */
enum {
	SAME,
	UNDONE,
	LAST,
	FILLED,
	DONE,
	CREATED,
	ROWS_IN,
	ROWS_LOADED,
	ROWS_INSERTED,
	ROWS_UPDATED,
	ROWS_UNCHANGED,
	INSERTED_AT,
	JOB_ID,
	STAGE_JOB_ID,
};

static const char find_pattern[] =
    "SELECT table_name = {name} AND mode = {mode}"
    " AND source_sha256 = {sha256} AS same,"
    " job_id IN (SELECT job_id FROM {ledger} WHERE status = 1) AS undone,"
    " inserted_at = (SELECT MAX(inserted_at) FROM {ledger}"
    " WHERE status = 0 AND table_name = {name}) AS last,"
    " EXISTS (SELECT 1{counting} AND rows_loaded > 0) AS filled,"
    " (SELECT COUNT(*) FROM {ledger}"
    " WHERE status = 0 AND load_id = {load id}) AS done, table_created,"
    " rows_in, rows_loaded, rows_inserted, rows_updated, rows_unchanged,"
    " inserted_at, job_id, stage_job_id"
    " FROM {ledger} WHERE status = 0 AND load_id = {load id}"
    " ORDER BY inserted_at DESC LIMIT 1";

/* Adds a term that is a text literal. */
static void
take_text(struct bigquery_sql *sql, const char *name, const char *text)
{
	bigquery_sql_text(bigquery_sql_term(sql, name), text);
}

static void
take_number(struct bigquery_sql *sql, const char *name, int64_t value)
{
	buf_printf(bigquery_sql_term(sql, name), "%lld", (long long)value);
}

static void
take_names(struct bigquery_sql *sql, const char *project,
    const struct warehouse_load *load)
{
	struct buf counting = {0};

	bigquery_sql_table(bigquery_sql_term(sql, "ledger"), project,
	    load->table->dataset, BIGQUERY_LEDGER);
	bigquery_sql_table(bigquery_sql_term(sql, "table"), project,
	    load->table->dataset, load->table->table);
	take_text(sql, "name", load->table->table);
	take_text(sql, "mode", warehouse_mode_name(load->mode));
	bigquery_sql_fill(sql, counting_pattern, &counting);
	*bigquery_sql_term(sql, "counting") = counting;
}

/* Adds the counts: of the plan, or of a load all of which is inserted. */
static void
take_counts(struct bigquery_sql *sql, int64_t rows, bool merge)
{
	struct buf *counts = bigquery_sql_term(sql, "counts");
	long long in = rows;

	if (merge)
		buf_printf(counts,
		    "%lld, COUNTIF(sluice_wins),"
		    " COUNTIF(sluice_wins AND NOT sluice_there),"
		    " COUNTIF(sluice_wins AND sluice_there),"
		    " %lld - COUNTIF(sluice_wins)",
		    in, in);
	else
		buf_printf(counts, "%lld, %lld, %lld, 0, 0", in, in, in);
}

void
bigquery_ledger_row(const struct bigquery_ledger_row *row, struct buf *out)
{
	const struct warehouse_receipt *receipt = row->receipt;
	bool merge = row->load->mode == WAREHOUSE_MERGE;
	struct bigquery_sql sql = {0};

	take_text(&sql, "load id", receipt->load_id);
	take_text(&sql, "job id", receipt->job_id);
	take_text(&sql, "stage job id", receipt->stage_job_id);
	take_text(&sql, "name", row->load->table->table);
	take_number(&sql, "created", row->created);
	take_text(&sql, "mode", warehouse_mode_name(row->load->mode));
	take_text(&sql, "schema name", receipt->schema_name);
	take_text(&sql, "schema hash", receipt->schema_hash);
	take_text(&sql, "source", receipt->source);
	take_text(&sql, "sha256", receipt->sha256);
	take_counts(&sql, receipt->rows_in, merge);
	take_number(&sql, "bytes", receipt->bytes);
	take_text(&sql, "tool", receipt->tool);
	bigquery_sql_fill(&sql, row_pattern, out);
	if (merge)
		buf_printf(out, " FROM %s_plan", row->stage);
	bigquery_sql_release(&sql);
}

void
bigquery_ledger_undone(const char *project, const struct warehouse_load *load,
    const char *stage, struct buf *out)
{
	struct bigquery_sql sql = {0};

	take_names(&sql, project, load);
	buf_printf(bigquery_sql_term(&sql, "state"), "%s_state", stage);
	bigquery_sql_fill(&sql, undone_pattern, out);
	if (load->mode != WAREHOUSE_REPLACE)
		bigquery_sql_fill(&sql, found_empty, out);
	bigquery_sql_release(&sql);
}

void
bigquery_ledger_table(struct json_out *out)
{
	json_pair_text(out, "description",
	    "loads into the tables of this dataset, kept by sluice");
	json_key(out, "clustering");
	json_open(out, '{');
	json_key(out, "fields");
	json_open(out, '[');
	json_put_string(out, slice_of("table_name"));
	json_put_string(out, slice_of("load_id"));
	json_close(out, ']');
	json_close(out, '}');
	json_key(out, "schema");
	json_open(out, '{');
	json_key(out, "fields");
	json_open(out, '[');
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		json_open(out, '{');
		json_pair_text(out, "name", columns[i].name);
		json_pair_text(out, "type", columns[i].type);
		json_pair_text(out, "mode", columns[i].mode);
		json_close(out, '}');
	}
	json_close(out, ']');
	json_close(out, '}');
}

static bool
is_true(const struct warehouse_value *value)
{
	return slice_equal(value->text, slice_of("true"));
}

static int64_t
number_of(const struct warehouse_value *value)
{
	int64_t number = 0;

	return num_int64(value->text, &number) ? 0 : number;
}

/* Copies a text that is cut if it does not fit. */
static void
copy_text(char *to, size_t size, const struct warehouse_value *value)
{
	snprintf(to, size, "%.*s", (int)value->text.len,
	    value->text.len ? value->text.data : "");
}

/* Takes the row that was found. */
static int
take(struct bigquery *bigquery, const struct warehouse_value *row,
    struct warehouse_receipt *receipt, struct bigquery_ledger_entry *entry)
{
	if (!is_true(&row[SAME]))
		return warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE,
		    "load id '%s' stands for another load", receipt->load_id);
	entry->undone = is_true(&row[UNDONE]);
	entry->last = is_true(&row[LAST]);
	entry->filled = is_true(&row[FILLED]);
	entry->done = number_of(&row[DONE]);
	entry->created = number_of(&row[CREATED]);
	receipt->rows_in = number_of(&row[ROWS_IN]);
	receipt->rows_loaded = number_of(&row[ROWS_LOADED]);
	receipt->rows_inserted = number_of(&row[ROWS_INSERTED]);
	receipt->rows_updated = number_of(&row[ROWS_UPDATED]);
	receipt->rows_unchanged = number_of(&row[ROWS_UNCHANGED]);
	copy_text(receipt->inserted_at, sizeof(receipt->inserted_at),
	    &row[INSERTED_AT]);
	copy_text(receipt->job_id, sizeof(receipt->job_id), &row[JOB_ID]);
	copy_text(receipt->stage_job_id, sizeof(receipt->stage_job_id),
	    &row[STAGE_JOB_ID]);
	return 0;
}

/* Appends the question: the load's last row in the ledger, if it has one. */
static void
put_question(const char *project, const struct warehouse_load *load,
    const struct warehouse_receipt *receipt, struct buf *out)
{
	struct bigquery_sql sql = {0};

	take_names(&sql, project, load);
	take_text(&sql, "load id", receipt->load_id);
	take_text(&sql, "sha256", receipt->sha256);
	bigquery_sql_fill(&sql, find_pattern, out);
	bigquery_sql_release(&sql);
}

int
bigquery_ledger_find(struct bigquery *bigquery,
    const struct warehouse_load *load, struct warehouse_receipt *receipt,
    struct bigquery_ledger_entry *entry)
{
	struct warehouse_value row[STAGE_JOB_ID + 1];
	struct buf sql = {0};
	int got;

	*entry = (struct bigquery_ledger_entry){0};
	put_question(bigquery->project, load, receipt, &sql);
	got = bigquery_ask(bigquery, buf_text(&sql), row);
	if (got > 0)
		got = take(bigquery, row, receipt, entry);
	bigquery_query_free(bigquery);
	buf_release(&sql);
	return got;
}
