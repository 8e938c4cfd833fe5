/* SPDX-License-Identifier: ISC */
#include "bigquery_stage.h"

#include "bigquery_ask.h"
#include "bigquery_make.h"
#include "bigquery_query.h"
#include "bigquery_sql.h"
#include "num.h"

enum {
	NAME_DIGITS = 32, /* of the hash, in the table's name */
};

void
bigquery_stage_release(struct bigquery_stage *stage)
{
	buf_release(&stage->name);
	bigquery_job_release(&stage->run);
}

/* The same rows under other types are another stage. */
static void
make_names(struct bigquery_stage *stage)
{
	const struct warehouse_load *load = stage->load;
	const struct warehouse_objects *objects = stage->objects;
	struct buf text = {0};

	buf_printf(&text, "%s\n%s\n", stage->identity, stage->spooled);
	for (size_t i = 0; i < load->nfields; i++)
		buf_printf(&text, "%s %s %d\n", load->fields[i]->name,
		    warehouse_type(load->fields[i]), load->fields[i]->required);
	for (size_t i = 0; objects && i < objects->schema->missing.count; i++)
		buf_printf(&text, "%s\n", objects->schema->missing.items[i]);
	digest_sha256(buf_slice(&text), stage->content);
	buf_release(&text);
	buf_clear(&stage->name);
	buf_printf(&stage->name, "_stage_%.*s_%lld", NAME_DIGITS,
	    stage->content, (long long)stage->repetition);
}

/* Writes the member "schema". */
static void
define(void *user, struct json_out *out)
{
	const struct bigquery_stage *stage = user;

	if (stage->objects)
		bigquery_make_schema(out, stage->objects->header,
		    stage->objects->nheader, true, false);
	else
		bigquery_make_schema(out, stage->load->fields,
		    stage->load->nfields, true, stage->spool->numbered);
}

static void
put_texts(struct json_out *out, const char *key, const char *const *texts,
    size_t count)
{
	json_key(out, key);
	json_open(out, '[');
	for (size_t i = 0; i < count; i++)
		json_put_string(out, slice_of(texts[i]));
	json_close(out, ']');
}

/* Writes where CSV is read from, and how: nothing is left to defaults. */
static void
put_objects(const struct bigquery_stage *stage, struct json_out *out)
{
	const struct warehouse_objects *objects = stage->objects;
	const struct schema_texts *missing = &objects->schema->missing;

	put_texts(out, "sourceUris", objects->urls, objects->count);
	put_texts(out, "nullMarkers", (const char *const *)missing->items,
	    missing->count);
	json_pair_text(out, "sourceFormat", "CSV");
	json_pair_text(out, "fieldDelimiter", ",");
	json_pair_text(out, "quote", "\"");
	json_pair_int(out, "skipLeadingRows", 1);
	json_pair_bool(out, "allowQuotedNewlines", true);
	json_pair_bool(out, "allowJaggedRows", false);
	json_pair_bool(out, "preserveAsciiControlCharacters", true);
}

static void
configure(void *user, const char *id, struct json_out *out)
{
	const struct bigquery_stage *stage = user;

	(void)id;
	json_key(out, "load");
	json_open(out, '{');
	bigquery_make_reference(out, "destinationTable", stage->project,
	    stage->load->table->dataset, buf_text(&stage->name));
	if (stage->objects)
		put_objects(stage, out);
	else
		json_pair_text(out, "sourceFormat", "NEWLINE_DELIMITED_JSON");
	json_pair_text(out, "createDisposition", "CREATE_NEVER");
	json_pair_text(out, "writeDisposition", "WRITE_TRUNCATE");
	json_pair_text(out, "encoding", "UTF-8");
	json_pair_int(out, "maxBadRecords", 0);
	json_pair_bool(out, "ignoreUnknownValues", false);
	define(user, out);
	json_close(out, '}');
}

/* Makes the table, and fills it if that has not been done. */
static int
fill(struct bigquery *bigquery, struct bigquery_stage *stage, const char *what)
{
	const struct bigquery_table_plan plan = {
	    .dataset = stage->load->table->dataset,
	    .table = buf_text(&stage->name),
	    .seconds = BIGQUERY_STAGE_LIFE,
	    .define = define,
	    .user = stage,
	};
	struct buf base = {0};
	struct bigquery_job job = {
	    .what = what,
	    .content = stage->content,
	    .configure = configure,
	    .user = stage,
	    .fd = stage->objects ? -1 : stage->spool->scratch.fd,
	    .bytes = stage->spool->bytes,
	};
	int result;

	buf_printf(&base, "sluice_stage_%s_%lld", stage->content,
	    (long long)stage->repetition);
	job.base = buf_text(&base);
	result = bigquery_make_table(bigquery, &plan) ||
			 bigquery_job_do(bigquery, &job, &stage->run)
		     ? -1
		     : 0;
	buf_release(&base);
	return result;
}

/* Counts the rows of the stage, which the job does not tell. */
static int
count(struct bigquery *bigquery, struct bigquery_stage *stage)
{
	struct warehouse_value row[1];
	struct buf sql = {0};
	int got;

	buf_puts(&sql, "SELECT COUNT(*) AS held FROM ");
	bigquery_sql_table(&sql, stage->project, stage->load->table->dataset,
	    buf_text(&stage->name));
	got = bigquery_ask(bigquery, buf_text(&sql), row);
	if (!got || (got > 0 && num_int64(row[0].text, &stage->rows)))
		got = warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE,
		    "%s: its rows cannot be counted", buf_text(&stage->name));
	bigquery_query_free(bigquery);
	buf_release(&sql);
	return got < 0 ? -1 : 0;
}

/* Compares what the job says it loaded with what it was sent. */
static int
check(struct bigquery *bigquery, struct bigquery_stage *stage, const char *what)
{
	struct json *load =
	    json_get(json_get(stage->run.state, "statistics"), "load");
	struct json *loaded = json_get(load, "outputRows");
	int64_t bad = bigquery_int64(json_get(load, "badRecords"));

	if (bad)
		buf_printf(&bigquery->warehouse.notes,
		    "%s: job %s skipped %lld bad records\n", what,
		    buf_text(&stage->run.id), (long long)bad);
	stage->rows = bigquery_int64(loaded);
	if (json_type(loaded) != JSON_STRING && count(bigquery, stage))
		return -1;
	if (!stage->objects && stage->rows != stage->spool->rows)
		return warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE,
		    "%s: job %s loaded %lld rows of %lld", what,
		    buf_text(&stage->run.id), (long long)stage->rows,
		    (long long)stage->spool->rows);
	return 0;
}

/* Tells whether the table, which was filled before, is there. */
static int
look(struct bigquery *bigquery, struct bigquery_stage *stage)
{
	struct bigquery_place place;
	int result = bigquery_make_look(bigquery, stage->load->table->dataset,
	    buf_text(&stage->name), &place);

	if (!result && (!place.there || place.rows != stage->rows))
		result = BIGQUERY_STAGE_GONE;
	json_free(place.resource);
	return result;
}

int
bigquery_stage_fill(struct bigquery *bigquery, struct bigquery_stage *stage)
{
	struct buf what = {0};
	int result;

	make_names(stage);
	buf_printf(&what, "%s.%s", stage->load->table->dataset,
	    stage->load->table->table);
	result = fill(bigquery, stage, buf_text(&what)) ||
			 check(bigquery, stage, buf_text(&what))
		     ? -1
		     : 0;
	buf_release(&what);
	if (!result && stage->run.adopted)
		result = look(bigquery, stage);
	if (result == BIGQUERY_STAGE_GONE)
		stage->run.first++;
	return result;
}

void
bigquery_stage_drop(struct bigquery *bigquery, struct bigquery_stage *stage)
{
	bigquery_make_gone(
	    bigquery, stage->load->table->dataset, buf_text(&stage->name));
}
