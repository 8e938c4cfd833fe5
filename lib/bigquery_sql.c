/* SPDX-License-Identifier: ISC */
#include "bigquery_sql.h"

#include <stdlib.h>
#include <string.h>

struct buf *
bigquery_sql_term(struct bigquery_sql *sql, const char *name)
{
	struct bigquery_sql_term term = {.name = name};

	sql->terms =
	    xgrow(sql->terms, sql->count, &sql->cap, sizeof(*sql->terms));
	sql->terms[sql->count] = term;
	return &sql->terms[sql->count++].text;
}

void
bigquery_sql_release(struct bigquery_sql *sql)
{
	for (size_t i = 0; i < sql->count; i++)
		buf_release(&sql->terms[i].text);
	free(sql->terms);
	*sql = (struct bigquery_sql){0};
}

static const struct buf *
find(const struct bigquery_sql *sql, struct slice name)
{
	for (size_t i = 0; i < sql->count; i++) {
		if (slice_equal(slice_of(sql->terms[i].name), name))
			return &sql->terms[i].text;
	}
	die(STATUS_TROUBLE, "SQL without a text for {%.*s}", (int)name.len,
	    name.data);
}

void
bigquery_sql_fill(
    const struct bigquery_sql *sql, const char *pattern, struct buf *out)
{
	size_t len;

	for (; *pattern; pattern += len) {
		if (*pattern == '{') {
			struct slice name = {
			    pattern + 1, strcspn(pattern + 1, "}")};

			buf_add_slice(out, buf_slice(find(sql, name)));
			len = name.len + 2;
		} else {
			len = strcspn(pattern, "{");
			buf_add(out, pattern, len);
		}
	}
}

void
bigquery_sql_table(struct buf *out, const char *project, const char *dataset,
    const char *table)
{
	buf_printf(out, "`%s.%s.%s`", project, dataset, table);
}

void
bigquery_sql_text(struct buf *out, const char *text)
{
	if (!text) {
		buf_puts(out, "CAST(NULL AS STRING)");
		return;
	}
	buf_putc(out, '\'');
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < ' ' || byte == 0x7f)
			buf_printf(out, "\\x%02x", byte);
		else if (strchr("\\'`\"", byte))
			buf_printf(out, "\\%c", byte);
		else
			buf_putc(out, *text);
	}
	buf_putc(out, '\'');
}
