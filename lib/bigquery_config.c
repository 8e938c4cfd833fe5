/* SPDX-License-Identifier: ISC */
#include "bigquery_config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "num.h"

/* Appends a value as its type is spelled. Returns 0, or -1 if it has none. */
static int
spell(const struct warehouse_parameter *parameter, struct buf *text)
{
	const struct schema_field *field = &parameter->schema->fields[0];
	struct slice value = buf_slice(&parameter->value);
	int64_t integer;
	double number;

	if (field->type == SCHEMA_INTEGER) {
		if (num_int64(value, &integer))
			return -1;
		buf_printf(text, "%" PRId64, integer);
		return 0;
	}
	if (field->type == SCHEMA_NUMBER &&
	    strcmp(warehouse_type(field), "FLOAT64") != 0)
		return decimal_canon(value, text);
	if (field->type == SCHEMA_NUMBER && num_double(value, &number))
		return -1;
	buf_add_slice(text, value);
	return 0;
}

static int
put_parameter(struct bigquery *bigquery,
    const struct warehouse_parameter *parameter, struct json_out *out)
{
	const struct schema_field *field = &parameter->schema->fields[0];
	struct buf value = {0};
	int result = spell(parameter, &value);

	json_open(out, '{');
	json_pair_text(out, "name", field->name);
	json_key(out, "parameterType");
	json_open(out, '{');
	json_pair_text(out, "type", warehouse_type(field));
	json_close(out, '}');
	json_key(out, "parameterValue");
	json_open(out, '{');
	json_key(out, "value");
	json_put_string(out, buf_slice(&value));
	json_close(out, '}');
	json_close(out, '}');
	buf_release(&value);
	if (result)
		warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE,
		    "parameter @%s: out of range", field->name);
	return result;
}

int
bigquery_config_put(struct bigquery *bigquery,
    const struct warehouse_query *query, struct json_out *out)
{
	int result = 0;

	json_pair_text(out, "query", query->sql);
	json_pair_bool(out, "useLegacySql", false); /* true if not given */
	if (!query->parameters->count)
		return 0;
	json_pair_text(out, "parameterMode", "NAMED");
	json_key(out, "queryParameters");
	json_open(out, '[');
	for (size_t i = 0; i < query->parameters->count && !result; i++)
		result =
		    put_parameter(bigquery, &query->parameters->items[i], out);
	json_close(out, ']');
	return result;
}

void
bigquery_config_labels(
    const struct warehouse_query *query, struct json_out *out)
{
	if (!query->labels || !query->labels->count)
		return;
	json_key(out, "labels");
	json_open(out, '{');
	for (size_t i = 0; i < query->labels->count; i++) {
		const char *label = query->labels->names[i];
		const char *value = strchr(label, '=');
		char *key =
		    xslicedup((struct slice){label, (size_t)(value - label)});

		json_pair_text(out, key, value + 1);
		free(key);
	}
	json_close(out, '}');
}
