/* SPDX-License-Identifier: ISC */
#include "bigquery_gather.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bigquery_ask.h"
#include "bigquery_config.h"
#include "bigquery_dry.h"
#include "bigquery_make.h"
#include "bigquery_query.h"
#include "bigquery_sql.h"
#include "uuid.h"

/* What the job is made of. */
struct gathering {
	struct bigquery *bigquery;
	const struct warehouse_query *query;
	const struct bigquery_stage *stage;
};

/* Of a service that does not tell: the columns of no rows. */
static int
run_for_columns(struct warehouse *warehouse,
    const struct warehouse_query *query, struct cols *columns)
{
	struct warehouse_query none = *query;
	struct buf sql = {0};
	int result;

	buf_printf(&sql, "SELECT * FROM (\n%s\n) LIMIT 0", query->sql);
	none.sql = buf_text(&sql);
	result = bigquery_query(warehouse, &none, columns);
	bigquery_query_free(bigquery_of(warehouse));
	buf_release(&sql);
	return result;
}

int
bigquery_gather_columns(struct warehouse *warehouse,
    const struct warehouse_query *query, struct cols *columns)
{
	struct bigquery_dry dry;
	int result = bigquery_dry_run(bigquery_of(warehouse), query, &dry);

	for (size_t i = 0; !result && i < dry.columns.count; i++)
		cols_add(columns, slice_of(dry.columns.items[i].name));
	bigquery_dry_release(&dry);
	if (!result && !columns->count)
		result = run_for_columns(warehouse, query, columns);
	return result;
}

/* Writes the member "schema"; the result will have another one. */
static void
define(void *user, struct json_out *out)
{
	const struct gathering *gathering = user;
	const struct warehouse_load *load = gathering->stage->load;

	bigquery_make_schema(out, load->fields, load->nfields, true, false);
}

static void
configure(void *user, const char *id, struct json_out *out)
{
	const struct gathering *gathering = user;
	const struct bigquery_stage *stage = gathering->stage;
	char number[32];

	(void)id;
	json_key(out, "query");
	json_open(out, '{');
	/* its dry run went well, and so does this */
	bigquery_config_put(gathering->bigquery, gathering->query, out);
	bigquery_make_reference(out, "destinationTable", stage->project,
	    stage->load->table->dataset, buf_text(&stage->name));
	json_pair_text(out, "createDisposition", "CREATE_NEVER");
	json_pair_text(out, "writeDisposition", "WRITE_TRUNCATE");
	if (gathering->query->max_bytes >= 0) {
		snprintf(number, sizeof(number), "%" PRId64,
		    gathering->query->max_bytes);
		json_pair_text(out, "maximumBytesBilled", number);
	}
	json_close(out, '}');
}

/* Runs the query into the stage, which it makes. */
static int
run(struct gathering *gathering, struct bigquery_stage *stage)
{
	const char *dataset = stage->load->table->dataset;
	struct buf base = {0}, what = {0}, seed = {0};
	char id[UUID_SIZE];
	const struct bigquery_table_plan plan = {
	    .dataset = dataset,
	    .table = buf_text(&stage->name),
	    .seconds = BIGQUERY_STAGE_LIFE,
	    .define = define,
	    .user = gathering,
	};
	struct bigquery_job job = {
	    .content = stage->content,
	    .configure = configure,
	    .user = gathering,
	    .labels = gathering->query->labels,
	    .fd = -1,
	};
	int result;

	uuid_make(id);
	buf_puts(&seed, id);
	digest_sha256(buf_slice(&seed), stage->content);
	buf_release(&seed);
	buf_printf(&base, "sluice_query_%s", stage->content);
	buf_printf(&what, "%s.%s", dataset, stage->load->table->table);
	job.base = buf_text(&base);
	job.what = buf_text(&what);
	result = bigquery_make_table(gathering->bigquery, &plan) ||
			 bigquery_job_do(gathering->bigquery, &job, &stage->run)
		     ? -1
		     : 0;
	buf_release(&base);
	buf_release(&what);
	return result;
}

/* Appends the question for the number and the fingerprints of the rows. */
static void
put_question(const struct bigquery_stage *stage, const struct cols *columns,
    struct buf *sql)
{
	buf_puts(sql,
	    "SELECT COUNT(*) AS n,"
	    " CAST(SUM(CAST(FARM_FINGERPRINT(text) AS NUMERIC)) AS STRING)"
	    " AS one, CAST(SUM(CAST(FARM_FINGERPRINT(CONCAT('+', text))"
	    " AS NUMERIC)) AS STRING) AS other FROM ("
	    "SELECT TO_JSON_STRING(STRUCT(");
	for (size_t i = 0; i < columns->count; i++)
		buf_printf(sql, "%s`%s`", i ? ", " : "", columns->names[i]);
	buf_puts(sql, ")) AS text FROM ");
	bigquery_sql_table(sql, stage->project, stage->load->table->dataset,
	    buf_text(&stage->name));
	buf_puts(sql, ")");
}

/* Appends what the rows are. */
static int
describe(struct bigquery *bigquery, struct bigquery_stage *stage,
    struct buf *content)
{
	struct warehouse_value row[3];
	struct buf sql = {0};
	int got;

	put_question(stage, stage->result, &sql);
	got = bigquery_ask(bigquery, buf_text(&sql), row);
	for (int i = 0; got > 0 && i < 3; i++)
		buf_printf(content, "%.*s\n", (int)row[i].text.len,
		    row[i].text.len ? row[i].text.data : "");
	bigquery_query_free(bigquery);
	buf_release(&sql);
	return got < 0 ? -1 : 0;
}

int
bigquery_gather(struct bigquery *bigquery, const struct warehouse_query *query,
    struct bigquery_stage *stage, struct buf *content, int64_t *bytes)
{
	struct gathering gathering = {bigquery, query, stage};
	struct bigquery_place place;
	char id[UUID_SIZE];

	uuid_make(id);
	buf_puts(&stage->name, "_stage_");
	for (const char *at = id; *at; at++) {
		if (*at != '-')
			buf_putc(&stage->name, *at);
	}
	if (run(&gathering, stage) ||
	    bigquery_make_look(bigquery, stage->load->table->dataset,
		buf_text(&stage->name), &place))
		return -1;
	json_free(place.resource);
	stage->rows = place.rows;
	*bytes = place.bytes;
	return describe(bigquery, stage, content);
}
