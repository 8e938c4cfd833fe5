/* SPDX-License-Identifier: ISC */
#include "gram_sql.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* How an engine says it. A column's name stands for each $. */
struct gram_sql_engine {
	const char *name;
	char quote;           /* of names */
	const char *quoted;   /* a quote in a text */
	const char *column;   /* its value, or NULL where it is missing */
	const char *places;   /* aggregate: digits behind the point, or NULL */
	const char *integer;  /* with places in #: the value without a point */
	const char *mul[3];   /* around two factors */
	const char *sum[2];   /* around what is summed */
	const char *text;     /* the type */
	const char *pairs[2]; /* around the pairs */
	const char *first;    /* before the first pair */
};

static const struct gram_sql_engine engines[] = {
    {
	/*
	 * BIGNUMERIC has 38 digits on either side; an overflow is an error. By
	 * way of its text a FLOAT64 is the decimal that a query prints.
	 */
	.name = "bigquery",
	.quote = '`',
	.quoted = "\\'",
	.column = "CAST(CAST($ AS STRING) AS BIGNUMERIC)",
	.mul = {"", " * ", ""},
	.sum = {"CAST(COALESCE(SUM(", "), 0) AS STRING)"},
	.text = "STRING",
	.pairs = {"k AS (SELECT * FROM UNNEST([", "]))"},
	.first = "STRUCT<i INT64, a STRING, b STRING>",
    },
    {
	/* integers of 128 bits at each column's most places; likewise */
	.name = "duckdb",
	.quote = '"',
	.quoted = "''",
	.column = "NULLIF(CAST($ AS VARCHAR), '')",
	.places = "COALESCE(MAX(length(rtrim(split_part($, '.', 2), '0'))), 0)",
	.integer = "CAST(split_part($, '.', 1) || rpad(rtrim(split_part($, "
		   "'.', 2), '0'), CAST(# AS INTEGER), '0') AS HUGEINT)",
	.mul = {"", " * ", ""},
	.sum = {"CAST(COALESCE(SUM(", "), 0) AS VARCHAR)"},
	.text = "VARCHAR",
	.pairs = {"k(i, a, b) AS (VALUES", ")"},
	.first = "",
    },
    {
	/* functions of ours (sqlite_decimal.h) on text */
	.name = "sqlite",
	.quote = '`',
	.quoted = "''",
	.column = "NULLIF($, '')",
	.mul = {"decimal_mul(", ", ", ")"},
	.sum = {"COALESCE(decimal_sum(", "), '0')"},
	.text = "TEXT",
	.pairs = {"k(i, a, b) AS (VALUES", ")"},
	.first = "",
    },
};

const struct gram_sql_engine *
gram_sql_option(const char *option, const char *text)
{
	for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
		if (!strcmp(engines[i].name, text))
			return &engines[i];
	}
	die(STATUS_TROUBLE, "%s: '%s' is not sqlite, bigquery or duckdb",
	    option, text);
}

/* The query being written. */
struct query {
	const struct gram_sql_engine *engine;
	const struct design *design;
	struct buf *sql;
	struct buf pairs, values; /* the records, and what their sums are */
	size_t records;
};

static void
put_quoted(struct buf *sql, const char *text, char quote, const char *quoted)
{
	buf_putc(sql, quote);
	for (; *text; text++) {
		if (*text == quote)
			buf_puts(sql, quoted);
		else
			buf_putc(sql, *text);
	}
	buf_putc(sql, quote);
}

/* Puts a pattern with $ and # replaced. */
static void
put_pattern(
    struct buf *sql, const char *pattern, const char *name, const char *places)
{
	for (; *pattern; pattern++) {
		if (*pattern == '$')
			buf_puts(sql, name);
		else if (*pattern == '#')
			buf_puts(sql, places);
		else
			buf_putc(sql, *pattern);
	}
}

/* Puts pattern AS PREFIXi for each column. */
static void
put_columns(
    struct query *query, const char *pattern, const char *prefix, bool names)
{
	for (size_t i = 1; i < query->design->columns; i++) {
		char quote = query->engine->quote;
		struct buf name = {0}, places = {0};

		if (names)
			put_quoted(&name, query->design->terms.names[i], quote,
			    (char[]){quote, quote, '\0'});
		else
			buf_printf(&name, "c%zu", i);
		buf_printf(&places, "e%zu", i);
		buf_puts(query->sql, i > 1 ? ",\n    " : "");
		put_pattern(
		    query->sql, pattern, buf_text(&name), buf_text(&places));
		buf_printf(query->sql, " AS %s%zu", prefix, i);
		buf_release(&name);
		buf_release(&places);
	}
}

static void put_term(struct query *query, size_t term);

/* Puts a product of terms; the constant is no factor. */
static void
put_product(struct query *query, size_t a, size_t b)
{
	const char *const *mul = query->engine->mul;

	if (!a || !b) {
		put_term(query, a + b);
		return;
	}
	buf_puts(query->sql, mul[0]);
	put_term(query, a);
	buf_puts(query->sql, mul[1]);
	put_term(query, b);
	buf_puts(query->sql, mul[2]);
}

static void
put_term(struct query *query, size_t term)
{
	size_t columns = query->design->columns;

	if (term < columns)
		buf_printf(query->sql, "c%zu", term);
	else
		put_product(query, query->design->products[term - columns].left,
		    query->design->products[term - columns].right);
}

/* Puts the places of a term: "e1 + e2". */
static void
put_places(struct buf *to, const struct design *design, size_t term)
{
	const struct design_product *product;

	if (term < design->columns) {
		buf_printf(to, term ? "e%zu" : "%zu", term);
		return;
	}
	product = &design->products[term - design->columns];
	put_places(to, design, product->left);
	buf_puts(to, " + ");
	put_places(to, design, product->right);
}

/* Adds a record, whose sum follows in query->values. */
static void
add_record(struct query *query, const char *a, const char *b)
{
	const struct gram_sql_engine *engine = query->engine;

	buf_printf(&query->pairs, "%s\n    %s(%zu, ", query->records ? "," : "",
	    query->records ? "" : engine->first, query->records);
	put_quoted(&query->pairs, a, '\'', engine->quoted);
	buf_puts(&query->pairs, ", ");
	put_quoted(&query->pairs, b, '\'', engine->quoted);
	buf_puts(&query->pairs, ")");
	buf_printf(&query->values, "\n    WHEN %zu THEN ", query->records++);
}

static void
add_note(struct query *query, const char *a, const char *b, const char *value)
{
	add_record(query, a, b);
	buf_printf(
	    &query->values, "CAST(%s AS %s)", value, query->engine->text);
}

/* Puts the sum of terms j <= i as a column, and adds its record. */
static void
add_pair(struct query *query, size_t i, size_t j)
{
	const struct gram_sql_engine *engine = query->engine;
	const struct design *design = query->design;
	size_t record = query->records;

	add_record(query, design->terms.names[j], design->terms.names[i]);
	if (!i) {
		buf_printf(&query->values, "CAST(used AS %s)", engine->text);
		return;
	}
	buf_printf(query->sql, ",\n    %s", engine->sum[0]);
	put_product(query, i, j);
	buf_printf(query->sql, "%s AS s%zu", engine->sum[1], record);
	buf_printf(&query->values, "s%zu", record);
	if (!engine->places)
		return;
	buf_puts(&query->values, " || 'e-' || CAST(");
	put_places(&query->values, design, i);
	buf_puts(&query->values, " + ");
	put_places(&query->values, design, j);
	buf_printf(&query->values, " AS %s)", engine->text);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What a state tells of its rows, in the order of states. */
static void
add_notes(struct query *query)
{
	const struct design *design = query->design;
	size_t count = design->columns - 1;
	char **names = xcalloc(count, sizeof(*names));

	memcpy(names, design->terms.names + 1, count * sizeof(*names));
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; i < count; i++)
		add_note(query, ":count", names[i], "used");
	add_note(query, ":rows", "bad", "0");
	add_note(query, ":rows", "missing", "total - used");
	add_note(query, ":rows", "read", "total");
	add_note(query, ":rows", "used", "used");
	add_note(query, ":state", "1", "1");
	free(names);
}

/* The rows: x as they are, u without those with missing values, v numbers. */
static void
put_rows(struct query *query, const char *table)
{
	const struct gram_sql_engine *engine = query->engine;
	struct buf *sql = query->sql;

	buf_puts(sql, "WITH x AS (SELECT\n    ");
	put_columns(query, engine->column, "c", true);
	buf_printf(sql, "\n  FROM %s),\nu AS (SELECT * FROM x WHERE ", table);
	for (size_t i = 1; i < query->design->columns; i++)
		buf_printf(sql, "%sc%zu IS NOT NULL", i > 1 ? " AND " : "", i);
	buf_puts(sql, "),\n");
	if (!engine->places)
		return;
	buf_puts(sql, "m AS (SELECT\n    ");
	put_columns(query, engine->places, "e", false);
	buf_puts(sql, "\n  FROM u),\nv AS (SELECT\n    ");
	put_columns(query, engine->integer, "c", false);
	buf_puts(sql, "\n  FROM u, m),\n");
}

static void
put_query(struct query *query, const char *table)
{
	const struct gram_sql_engine *engine = query->engine;
	size_t count = query->design->terms.count;
	struct buf *sql = query->sql;

	put_rows(query, table);
	buf_puts(sql, "s AS (SELECT COUNT(*) AS used");
	add_notes(query);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = i; j < count; j++)
			add_pair(query, j, i);
	}
	buf_printf(sql,
	    "\n  FROM %c),\n"
	    "t AS (SELECT COUNT(*) AS total FROM x),\n"
	    "%s",
	    engine->places ? 'v' : 'u', engine->pairs[0]);
	buf_add_slice(sql, buf_slice(&query->pairs));
	buf_printf(
	    sql, "%s\nSELECT k.a AS a, k.b AS b, CASE k.i", engine->pairs[1]);
	buf_add_slice(sql, buf_slice(&query->values));
	buf_printf(sql, "\n    END AS sum\n  FROM s, t, %sk\n  ORDER BY k.i\n",
	    engine->places ? "m, " : "");
}

/* DATASET.TABLE, as it can stand in a query; for BigQuery with a project. */
static bool
is_table(const char *text)
{
	const char *point = strchr(text, '.');

	for (const char *at = text; *at; at++) {
		if (!isalnum((unsigned char)*at) && !strchr("_.-", *at))
			return false;
	}
	return point && point > text && point[1] && !strstr(text, "..");
}

int
gram_sql(const struct gram_sql_engine *engine, const struct design *design,
    const char *table, struct buf *sql, struct buf *error)
{
	struct query query = {.engine = engine, .design = design, .sql = sql};

	if (!is_table(table))
		buf_printf(error, "'%s' is not DATASET.TABLE", table);
	else if (design->nkinds || design->weight)
		buf_puts(
		    error, "categories and weights are not summed up in SQL");
	else
		put_query(&query, table);
	buf_release(&query.pairs);
	buf_release(&query.values);
	return error->len ? -1 : 0;
}

void
gram_sql_xwrite(const struct gram_sql_engine *engine, struct design *design,
    const char *table, struct out *out)
{
	struct buf sql = {0}, error = {0};

	if (design_make(design, NULL, NULL, &error) ||
	    gram_sql(engine, design, table, &sql, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	out_slice(out, buf_slice(&sql));
	buf_release(&sql);
}
