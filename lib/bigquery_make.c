/* SPDX-License-Identifier: ISC */
#include "bigquery_make.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bigquery_spool.h"
#include "clock.h"
#include "gcp.h"

/* Sets the error to "DATASET.TABLE: ...", or of a dataset alone. */
static int
fail(struct bigquery *bigquery, const char *dataset, const char *table,
    const struct gcp_answer *answer)
{
	struct buf name = {0};

	buf_puts(&name, dataset);
	if (table)
		buf_printf(&name, ".%s", table);
	bigquery_fail(bigquery, buf_text(&name), answer);
	buf_release(&name);
	return -1;
}

static int
call(struct bigquery *bigquery, const char *dataset, const char *table,
    const struct bigquery_request *request, struct gcp_answer *answer)
{
	return bigquery_call(bigquery, request, answer, "/datasets/%s%s%s",
	    dataset, table ? "/tables/" : "", table ? table : "");
}

/* Jobs run where the dataset is. */
static void
take_location(struct bigquery *bigquery, struct json *dataset)
{
	struct slice location = json_string(json_get(dataset, "location"));

	if (!bigquery->location && location.len)
		bigquery->location = xslicedup(location);
}

int
bigquery_make_look(struct bigquery *bigquery, const char *dataset,
    const char *table, struct bigquery_place *place)
{
	const struct bigquery_request request = {.method = "GET"};
	struct gcp_answer answer = {0};
	int result = call(bigquery, dataset, table, &request, &answer);

	*place = (struct bigquery_place){.created = -1};
	if (!result) {
		place->there = true;
		place->created =
		    bigquery_int64(json_get(answer.json, "creationTime"));
		place->rows = bigquery_int64(json_get(answer.json, "numRows"));
		place->bytes =
		    bigquery_int64(json_get(answer.json, "numBytes"));
		if (table) {
			place->resource = answer.json;
			answer.json = NULL;
		} else {
			take_location(bigquery, answer.json);
		}
	} else if (answer.status == 404) {
		result = 0;
	} else {
		fail(bigquery, dataset, table, &answer);
	}
	gcp_answer_release(&answer);
	return result;
}

void
bigquery_make_reference(struct json_out *out, const char *key,
    const char *project, const char *dataset, const char *table)
{
	json_key(out, key);
	json_open(out, '{');
	json_pair_text(out, "projectId", project);
	json_pair_text(out, "datasetId", dataset);
	if (table)
		json_pair_text(out, "tableId", table);
	json_close(out, '}');
}

int
bigquery_make_dataset(struct bigquery *bigquery, const char *dataset)
{
	struct buf body = {0};
	struct json_out out = {.buf = &body};
	struct bigquery_request request = {.method = "POST"};
	struct gcp_answer answer = {0};
	int result;

	json_open(&out, '{');
	bigquery_make_reference(
	    &out, "datasetReference", bigquery->project, dataset, NULL);
	if (bigquery->location)
		json_pair_text(&out, "location", bigquery->location);
	json_close(&out, '}');
	request.body = buf_slice(&body);
	result = bigquery_call(bigquery, &request, &answer, "/datasets");
	if (!result)
		take_location(bigquery, answer.json);
	else if (answer.status == 409)
		result = 0;
	else
		fail(bigquery, dataset, NULL, &answer);
	gcp_answer_release(&answer);
	buf_release(&body);
	return result;
}

/* Writes when a table that lives for so many seconds is to go. */
static void
put_expiration(struct json_out *out, int seconds)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld",
	    (long long)(clock_now() / 1000 + seconds * INT64_C(1000)));
	json_pair_text(out, "expirationTime", text);
}

int
bigquery_make_table(
    struct bigquery *bigquery, const struct bigquery_table_plan *plan)
{
	struct buf body = {0};
	struct json_out out = {.buf = &body};
	struct bigquery_request request = {.method = "POST"};
	struct gcp_answer answer = {0};
	int result;

	json_open(&out, '{');
	bigquery_make_reference(&out, "tableReference", bigquery->project,
	    plan->dataset, plan->table);
	if (plan->seconds)
		put_expiration(&out, plan->seconds);
	plan->define(plan->user, &out);
	json_close(&out, '}');
	request.body = buf_slice(&body);
	result = bigquery_call(
	    bigquery, &request, &answer, "/datasets/%s/tables", plan->dataset);
	if (answer.status == 409)
		result = 0;
	else if (result)
		fail(bigquery, plan->dataset, plan->table, &answer);
	gcp_answer_release(&answer);
	buf_release(&body);
	return result;
}

void
bigquery_make_schema(struct json_out *out,
    const struct schema_field *const *fields, size_t nfields, bool stage,
    bool numbered)
{
	json_key(out, "schema");
	json_open(out, '{');
	json_key(out, "fields");
	json_open(out, '[');
	for (size_t i = 0; i < nfields; i++) {
		json_open(out, '{');
		json_pair_text(out, "name", fields[i]->name);
		json_pair_text(out, "type", warehouse_type(fields[i]));
		json_pair_text(
		    out, "mode", fields[i]->required ? "REQUIRED" : "NULLABLE");
		if (!stage && fields[i]->description)
			json_pair_text(
			    out, "description", fields[i]->description);
		json_close(out, '}');
	}
	if (numbered) {
		json_open(out, '{');
		json_pair_text(out, "name", BIGQUERY_SPOOL_ROW);
		json_pair_text(out, "type", "INT64");
		json_close(out, '}');
	}
	json_close(out, ']');
	json_close(out, '}');
}

void
bigquery_make_gone(
    struct bigquery *bigquery, const char *dataset, const char *table)
{
	const struct bigquery_request request = {.method = "DELETE"};
	struct gcp_answer answer = {0};

	call(bigquery, dataset, table, &request, &answer);
	gcp_answer_release(&answer);
}
