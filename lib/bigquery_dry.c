/* SPDX-License-Identifier: ISC */
#include "bigquery_dry.h"

#include <stdlib.h>

#include "bigquery_config.h"
#include "bigquery_scan.h"
#include "gcp.h"

/* Writes the job. */
static int
put_job(struct bigquery *bigquery, const struct warehouse_query *query,
    struct buf *body)
{
	struct json_out out = {.buf = body};
	int result;

	json_open(&out, '{');
	json_key(&out, "jobReference");
	json_open(&out, '{');
	json_pair_text(&out, "projectId", bigquery->project);
	if (bigquery->location)
		json_pair_text(&out, "location", bigquery->location);
	json_close(&out, '}');
	json_key(&out, "configuration");
	json_open(&out, '{');
	json_pair_bool(&out, "dryRun", true);
	bigquery_config_labels(query, &out);
	json_key(&out, "query");
	json_open(&out, '{');
	result = bigquery_config_put(bigquery, query, &out);
	json_close(&out, '}');
	json_close(&out, '}');
	json_close(&out, '}');
	return result;
}

/* Reads the job that would be. */
static int
read_job(struct bigquery *bigquery, struct json *job, struct bigquery_dry *dry)
{
	struct json *statistics = json_get(job, "statistics");
	struct json *query = json_get(statistics, "query");
	struct json *error = json_get(json_get(job, "status"), "errorResult");
	struct slice type = json_string(json_get(query, "statementType"));
	struct slice location =
	    json_string(json_get(json_get(job, "jobReference"), "location"));
	struct buf text = {0};

	if (error) {
		bigquery_put_error(&text, error);
		warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE, "%s",
		    buf_text(&text));
		buf_release(&text);
		return -1;
	}
	if (!slice_equal(type, slice_of("SELECT")))
		return warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE,
		    "a query can only read: one SELECT, not %.*s",
		    type.len ? (int)type.len : 7,
		    type.len ? type.data : "unknown");
	dry->bytes = bigquery_int64(json_get(query, "totalBytesProcessed"));
	if (location.len)
		dry->location = xslicedup(location);
	if (json_get(query, "schema") &&
	    bigquery_columns_read(
		&dry->columns, json_get(query, "schema"), &text)) {
		warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE,
		    "the answer of BigQuery is not understood: %s",
		    buf_text(&text));
		buf_release(&text);
		return -1;
	}
	return 0;
}

/* Checks what needs no network. */
static int
scan(struct bigquery *bigquery, const struct warehouse_query *query)
{
	struct buf reason = {0};
	int result = bigquery_scan(query->sql, query->parameters, &reason);

	if (result)
		warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE, "%s",
		    buf_text(&reason));
	buf_release(&reason);
	return result;
}

int
bigquery_dry_run(struct bigquery *bigquery, const struct warehouse_query *query,
    struct bigquery_dry *dry)
{
	struct gcp_answer answer = {0};
	struct buf body = {0};
	struct bigquery_request request = {.method = "POST"};
	int result = scan(bigquery, query);

	*dry = (struct bigquery_dry){0};
	if (!result)
		result = put_job(bigquery, query, &body);
	if (!result) {
		request.body = buf_slice(&body);
		result = bigquery_call(bigquery, &request, &answer, "/jobs");
		if (result)
			bigquery_fail(bigquery, NULL, &answer);
		else
			result = read_job(bigquery, answer.json, dry);
	}
	gcp_answer_release(&answer);
	buf_release(&body);
	return result;
}

void
bigquery_dry_release(struct bigquery_dry *dry)
{
	free(dry->location);
	bigquery_columns_release(&dry->columns);
	*dry = (struct bigquery_dry){0};
}
