/* SPDX-License-Identifier: ISC */
#include "bigquery_prune.h"

#include <stdlib.h>
#include <string.h>

#include "bigquery_ask.h"
#include "bigquery_query.h"
#include "bigquery_sql.h"

void
bigquery_prune_release(struct bigquery_prune *prune)
{
	free(prune->column);
	buf_release(&prune->low);
	buf_release(&prune->high);
	*prune = (struct bigquery_prune){0};
}

/* The column that the table is divided by, or an empty slice. */
static struct slice
divides(struct json *table)
{
	struct json *by = json_get(table, "timePartitioning");

	if (!by)
		by = json_get(table, "rangePartitioning");
	return json_string(json_get(by, "field"));
}

/* How literals of the column's type begin; NULL: it has no bounds. */
static const char *
literal(const struct warehouse_load *load, struct slice column)
{
	for (size_t i = 0; i < load->nfields; i++) {
		if (!slice_equal(slice_of(load->fields[i]->name), column))
			continue;
		switch (load->fields[i]->type) {
		case SCHEMA_DATETIME:
			return "TIMESTAMP ";
		case SCHEMA_DATE:
			return "DATE ";
		case SCHEMA_INTEGER:
			return "";
		default:
			return NULL;
		}
	}
	return NULL;
}

static void
put_literal(
    struct buf *out, const char *prefix, const struct warehouse_value *value)
{
	if (value->null)
		buf_puts(out, "NULL");
	else if (*prefix)
		buf_printf(out, "%s'%.*s'", prefix, (int)value->text.len,
		    value->text.data);
	else
		buf_add_slice(out, value->text);
}

/* Asks for the smallest and the largest value. */
static int
ask(struct bigquery *bigquery, const char *dataset, const char *stage,
    const char *prefix, struct bigquery_prune *prune)
{
	struct warehouse_value row[2];
	struct buf sql = {0};
	int got;

	buf_printf(&sql, "SELECT MIN(`%s`) AS low, MAX(`%s`) AS high FROM ",
	    prune->column, prune->column);
	bigquery_sql_table(&sql, bigquery->project, dataset, stage);
	got = bigquery_ask(bigquery, buf_text(&sql), row);
	if (got > 0) {
		put_literal(&prune->low, prefix, &row[0]);
		put_literal(&prune->high, prefix, &row[1]);
	}
	bigquery_query_free(bigquery);
	buf_release(&sql);
	return got < 0 ? -1 : 0;
}

int
bigquery_prune(struct bigquery *bigquery, const struct warehouse_load *load,
    struct json *table, const char *stage, struct bigquery_prune *prune)
{
	struct slice column = divides(table);
	const char *prefix;

	bigquery_prune_release(prune);
	if (load->mode != WAREHOUSE_MERGE || !column.len ||
	    cols_find(load->key, column) < 0)
		return 0;
	prefix = literal(load, column);
	if (!prefix)
		return 0;
	prune->column = xslicedup(column);
	return ask(bigquery, load->table->dataset, stage, prefix, prune);
}
