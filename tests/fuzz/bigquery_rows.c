/* SPDX-License-Identifier: ISC */
/* The rows of a page: those that are taken from it, its tree has too. */
#include "bigquery_rows.h"
#include "fuzz.h"

static struct bigquery_column x = {"x", "INT64", BIGQUERY_INTEGER, true, NULL};
static struct bigquery_columns inner = {&x, 1};
static struct bigquery_column both[] = {{"a", "STRING", 0, false, NULL},
    {"b", "STRUCT", BIGQUERY_STRUCT, true, &inner}};
static const struct bigquery_columns columns = {both, 2};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf page = {0}, rest = {0};
	struct bigquery_rows rows;
	struct warehouse_value row[2];
	struct slice text;
	struct json *tree, *cells;
	size_t from, to, count = 0;
	int got;

	buf_add(&page, data, size);
	got = bigquery_rows_split(&page, &from, &to, &rest);
	text = (struct slice){buf_text(&page) + from, to - from};
	tree = json_parse(text, &rest);
	bigquery_rows_begin(&rows, &columns);
	if (!got && to > from)
		bigquery_rows_page(&rows, page.data + from, to - from);
	while (got >= 0 && (got = bigquery_rows_next(&rows, row)) > 0) {
		cells = json_get(json_at(tree, count++), "f");
		text = json_string(json_get(json_at(cells, 0), "v"));
		PROPERTY(!tree || text.len >= row[0].text.len);
	}
	PROPERTY(got < 0 || count == json_count(tree));
	bigquery_rows_release(&rows);
	json_free(tree);
	buf_release(&page), buf_release(&rest);
	return 0;
}
