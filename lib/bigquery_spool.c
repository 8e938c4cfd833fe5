/* SPDX-License-Identifier: ISC */
#include "bigquery_spool.h"

#include <stdio.h>
#include <string.h>

#include "bigquery_numeric.h"
#include "decimal.h"
#include "json_out.h"
#include "num.h"
#include "utf8.h"

enum {
	WINDOW = 256 * 1024,
	SHOWN = 40, /* bytes of a value, in messages */
};

void
bigquery_spool_init(struct bigquery_spool *spool, bool numbered)
{
	*spool = (struct bigquery_spool){.numbered = numbered};
	scratch_init(&spool->scratch, WINDOW);
	spool->digest = digest_new();
}

void
bigquery_spool_release(struct bigquery_spool *spool)
{
	if (!spool->digest)
		return;
	scratch_release(&spool->scratch);
	digest_free(spool->digest);
	buf_release(&spool->line);
	spool->digest = NULL;
}

/* A whole number, spelled without a sign or zeros that it does not need. */
static const char *
put_integer(struct json_out *out, struct slice value)
{
	char text[NUM_SIZE];
	int64_t number;

	if (num_int64(value, &number))
		return "is out of range";
	snprintf(text, sizeof(text), "%lld", (long long)number);
	json_put_string(out, slice_of(text));
	return NULL;
}

static const char *
put_number(struct json_out *out, const char *type, struct slice value)
{
	struct buf text = {0};
	const char *problem = NULL;
	double number;

	if (!strcmp(type, "FLOAT64")) {
		if (num_double(value, &number))
			return "is out of range";
		json_put_number(out, number);
		return NULL;
	}
	if (decimal_canon(value, &text))
		problem = "is out of range";
	else
		problem = bigquery_numeric_problem(type, buf_slice(&text));
	if (!problem)
		json_put_string(out, buf_slice(&text));
	buf_release(&text);
	return problem;
}

/* JSON within JSON, on the line that it is given. */
static const char *
put_json(struct json_out *out, struct slice value)
{
	size_t at = out->buf->len;

	json_put_json(out, value);
	for (; at < out->buf->len; at++) {
		/* a line end is white space, as within a string it has a \n */
		if (out->buf->data[at] == '\n' || out->buf->data[at] == '\r')
			out->buf->data[at] = ' ';
	}
	return NULL;
}

/* Puts a value that is not NULL: NULL, or what is wrong with it (static). */
static const char *
put_value(
    struct json_out *out, const struct schema_field *field, struct slice value)
{
	switch (field->type) {
	case SCHEMA_INTEGER:
		return put_integer(out, value);
	case SCHEMA_NUMBER:
		return put_number(out, warehouse_type(field), value);
	case SCHEMA_BOOLEAN:
		json_put_bool(out, slice_equal(value, slice_of("true")));
		return NULL;
	case SCHEMA_OBJECT:
	case SCHEMA_ARRAY:
		if (utf8_prefix(value) < value.len)
			return "is not UTF-8";
		return put_json(out, value);
	default:
		if (utf8_prefix(value) < value.len)
			return "is not UTF-8";
		json_put_string(out, value);
		return NULL;
	}
}

int
bigquery_spool_row(struct bigquery_spool *spool,
    const struct schema_field *const *fields, size_t nfields,
    const struct warehouse_value *values, struct buf *reason)
{
	struct json_out out = {.buf = &spool->line};
	char number[NUM_SIZE];

	buf_clear(&spool->line);
	json_open(&out, '{');
	for (size_t i = 0; i < nfields; i++) {
		const char *problem;

		if (values[i].null)
			continue;
		json_key(&out, fields[i]->name);
		problem = put_value(&out, fields[i], values[i].text);
		if (problem) {
			buf_printf(reason, "column '%s': '", fields[i]->name);
			utf8_add(reason, values[i].text, SHOWN);
			buf_printf(reason, "' %s", problem);
			return -1;
		}
	}
	spool->rows++;
	if (spool->numbered) {
		snprintf(
		    number, sizeof(number), "%lld", (long long)spool->rows);
		json_pair_text(&out, BIGQUERY_SPOOL_ROW, number);
	}
	json_close(&out, '}');
	digest_add(spool->digest, spool->line.data, spool->line.len);
	scratch_write(&spool->scratch, spool->line.data, spool->line.len);
	spool->bytes += (int64_t)spool->line.len;
	return 0;
}

int
bigquery_spool_end(struct bigquery_spool *spool, char sha256[DIGEST_SHA256_HEX],
    struct buf *reason)
{
	struct digest_result result;

	scratch_rewind(&spool->scratch);
	digest_finish(spool->digest, &result);
	memcpy(sha256, result.sha256, DIGEST_SHA256_HEX);
	if (!spool->scratch.error)
		return 0;
	buf_printf(
	    reason, "%s: %s", scratch_folder(), strerror(spool->scratch.error));
	return -1;
}
