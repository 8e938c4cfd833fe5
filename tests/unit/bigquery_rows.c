/* SPDX-License-Identifier: ISC */
#include "bigquery_rows.h"
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num.h"

/* Appends the rows of a page: values between bars, a LF behind a row. */
static int
scan(const struct bigquery_columns *columns, struct buf *page, struct buf *out)
{
	struct bigquery_rows rows;
	struct warehouse_value *values =
	    xcalloc(columns->count, sizeof(*values));
	struct buf rest = {0};
	size_t from, to;
	int got = bigquery_rows_split(page, &from, &to, &rest);

	bigquery_rows_begin(&rows, columns);
	if (!got)
		bigquery_rows_page(&rows, page->data + from, to - from);
	while (!got && (got = bigquery_rows_next(&rows, values)) > 0) {
		for (size_t i = 0; i < columns->count; i++) {
			buf_putc(out, '|');
			if (values[i].null)
				buf_puts(out, "NULL");
			buf_add_slice(out, values[i].text);
		}
		buf_puts(out, "|\n");
		got = 0;
	}
	if (got < 0) {
		buf_clear(out);
		buf_puts(out, rows.reason ? rows.reason : "no object");
	}
	bigquery_rows_release(&rows);
	buf_release(&rest);
	free(values);
	return got;
}

/* A list of columns out of "fields": [...] in single quotes. */
static struct bigquery_columns
columns_of(const char *fields)
{
	struct bigquery_columns columns = {0};
	struct buf text = {0}, reason = {0};
	struct json *schema;

	buf_printf(&text, "{\"fields\":[%s]}", fields);
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\'')
			text.data[i] = '"';
	}
	schema = json_parse(buf_slice(&text), &reason);
	if (!schema || bigquery_columns_read(&columns, schema, &reason))
		printf("# %s\n", buf_text(&reason));
	json_free(schema);
	buf_release(&text);
	buf_release(&reason);
	return columns;
}

/* What a page gives, or why it is refused. */
static bool
gives(const char *fields, struct slice text, struct slice want)
{
	struct bigquery_columns columns = columns_of(fields);
	struct buf page = {0}, out = {0};
	bool same;

	buf_add_slice(&page, text);
	scan(&columns, &page, &out);
	same = slice_equal(buf_slice(&out), want);
	if (!same)
		printf("# %.*s\n# gave %s\n", (int)text.len, text.data,
		    buf_text(&out));
	buf_release(&page);
	buf_release(&out);
	bigquery_columns_release(&columns);
	return same;
}

/* What the rows of one column give. */
static bool
column(const char *type, const char *values, const char *want)
{
	struct buf field = {0}, page = {0};
	bool same;

	buf_printf(&field, "{'name':'c',%s}", type);
	buf_printf(&page, "{\"rows\":[{\"f\":[{\"v\":%s}]}]}", values);
	same = gives(buf_text(&field), buf_slice(&page), slice_of(want));
	buf_release(&field);
	buf_release(&page);
	return same;
}

#define STRING "'type':'STRING'"

static void
check_strings(void)
{
	CHECK(column(STRING, "\"a, b\"", "|a, b|\n"));
	CHECK(column(STRING, "\"\"", "||\n"));
	CHECK(column(STRING, "null", "|NULL|\n"));
	CHECK(column(
	    STRING, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "|\"\\/\b\f\n\r\t|\n"));
	CHECK(column(STRING, "\"\\u0041\\u00e9\\u20AC\\ud83d\\uDE00z\"",
	    "|A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z|\n"));
	CHECK(column(STRING, "\"\xc3\xa9\"", "|\xc3\xa9|\n"));
	CHECK(gives("{'name':'c'," STRING "}",
	    slice_of("{\"rows\":[{\"f\":[{\"v\":\"a\\u0000b\"}]}]}"),
	    (struct slice){"|a\0b|\n", 6}));
}

static void
check_wrong_strings(void)
{
	static const char *const wrong[] = {"\"\\x\"", "\"\\u12\"",
	    "\"\\u12g4\"", "\"\\ud83d\"", "\"\\ud83dx\"", "\"\\ud83d\\u0041\"",
	    "\"\\ude00\"", "\"\\ud83d\\ud83d\""};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK(column(STRING, wrong[i], "a wrong escape in a string"));
	CHECK(column(STRING, "\"a\nb\"", "a control character in a string"));
}

static void
check_numbers(void)
{
	static const char integer[] = "'type':'INTEGER'";
	static const char decimal[] = "'type':'NUMERIC'";

	CHECK(column(
	    integer, "\"9223372036854775807\"", "|9223372036854775807|\n"));
	CHECK(column(integer, "\"1.5\"", "an INT64 that is none"));
	CHECK(column(integer, "1", "a value that is no string"));
	CHECK(column(decimal, "\"12345678901234567890.123456789\"",
	    "|12345678901234567890.123456789|\n"));
	CHECK(column(decimal, "\"1.50\"", "|1.5|\n"));
	CHECK(column(decimal, "\"-0\"", "|0|\n"));
	CHECK(column(decimal, "\"007\"", "|7|\n"));
	CHECK(column(decimal, "\"1e2\"", "|100|\n"));
	CHECK(column(decimal, "\"x\"", "a NUMERIC that is none"));
}

#define FLOAT "'type':'FLOAT'"

static void
check_floats(void)
{
	CHECK(column(FLOAT, "\"1\"", "|1.0|\n"));
	CHECK(column(FLOAT, "\"1.0\"", "|1.0|\n"));
	CHECK(column(FLOAT, "\"-0.0\"", "|-0.0|\n"));
	CHECK(column(FLOAT, "\"0.1\"", "|0.1|\n"));
	CHECK(column(
	    FLOAT, "\"0.30000000000000004\"", "|0.30000000000000004|\n"));
	CHECK(column(FLOAT, "\"1.5E10\"", "|15000000000.0|\n"));
	CHECK(column(FLOAT, "\"1e+20\"", "|1e+20|\n"));
	CHECK(column(FLOAT, "\"0.00001\"", "|1e-05|\n"));
	CHECK(column(FLOAT, "\"NaN\"", "|NaN|\n"));
	CHECK(column(FLOAT, "\"Infinity\"", "|Infinity|\n"));
	CHECK(column(FLOAT, "\"-Infinity\"", "|-Infinity|\n"));
	CHECK(column(FLOAT, "\"inf\"", "a FLOAT64 that is none"));
}

/* The short way of spelling a double is the long one, for all short texts. */
static void
check_short_floats(void)
{
	size_t wrong = 0;

	for (int places = 0; places < 8; places++) {
		for (int number = -2000; number < 2000; number++) {
			double value = number / pow(10, places);
			char want[NUM_SIZE];
			struct buf text = {0}, line = {0};

			buf_printf(&text, "\"%.*f\"", places, value);
			num_format_float(value, want);
			buf_printf(&line, "|%s|\n", want);
			wrong += !column(FLOAT, buf_text(&text),
			    number   ? buf_text(&line)
			    : places ? "|0.0|\n"
				     : "|0.0|\n");
			buf_release(&text);
			buf_release(&line);
		}
	}
	CHECK(wrong == 0);
}

static void
check_others(void)
{
	CHECK(column("'type':'BOOLEAN'", "\"true\"", "|true|\n"));
	CHECK(column("'type':'BOOL'", "\"yes\"", "a BOOL that is none"));
	CHECK(column("'type':'TIMESTAMP'", "\"1704067200123456\"",
	    "|2024-01-01T00:00:00.123456Z|\n"));
	CHECK(column("'type':'TIMESTAMP'", "\"-62135596800000000\"",
	    "|0001-01-01T00:00:00.000000Z|\n"));
	CHECK(column("'type':'TIMESTAMP'", "\"253402300799999999\"",
	    "|9999-12-31T23:59:59.999999Z|\n"));
	CHECK(column("'type':'TIMESTAMP'", "\"253402300800000000\"",
	    "a TIMESTAMP that is no microseconds of the epoch"));
	CHECK(column("'type':'TIMESTAMP'", "\"1.7E9\"",
	    "a TIMESTAMP that is no microseconds of the epoch"));
	CHECK(column("'type':'BYTES'", "\"YWJj\"", "|YWJj|\n"));
	CHECK(column("'type':'DATE'", "\"2024-01-01\"", "|2024-01-01|\n"));
	CHECK(column("'type':'JSON'", "\"{\\\"a\\\":1}\"", "|{\"a\":1}|\n"));
}

#define REPEATED "'mode':'REPEATED'"

static void
check_nested(void)
{
	CHECK(column("'type':'INTEGER'," REPEATED,
	    "[{\"v\":\"1\"},{\"v\":\"2\"}]", "|[1,2]|\n"));
	CHECK(column("'type':'STRING'," REPEATED, "[]", "|[]|\n"));
	CHECK(column("'type':'STRING'," REPEATED, "null", "|NULL|\n"));
	CHECK(column("'type':'STRING'," REPEATED,
	    "[{\"v\":\"a\\\"\\u00e9\\n\"},{\"v\":null}]",
	    "|[\"a\\\"\xc3\xa9\\u000a\",null]|\n"));
	CHECK(column("'type':'FLOAT'," REPEATED,
	    "[{\"v\":\"1\"},{\"v\":\"NaN\"}]", "|[1.0,\"NaN\"]|\n"));
	CHECK(column("'type':'TIMESTAMP'," REPEATED, "[{\"v\":\"0\"}]",
	    "|[\"1970-01-01T00:00:00.000000Z\"]|\n"));
	CHECK(column("'type':'JSON'," REPEATED, "[{\"v\":\"{\\\"a\\\":[]}\"}]",
	    "|[{\"a\":[]}]|\n"));
	CHECK(column("'type':'RECORD','fields':[{'name':'x','type':'BOOL'},"
		     "{'name':'y','type':'STRING'," REPEATED "}]",
	    "{\"f\":[{\"v\":\"true\"},{\"v\":[{\"v\":\"q\"}]}]}",
	    "|{\"x\":true,\"y\":[\"q\"]}|\n"));
	CHECK(column("'type':'STRUCT'," REPEATED
		     ",'fields':[{'name':'x','type':'NUMERIC'}]",
	    "[{\"v\":{\"f\":[{\"v\":\"1.5\"}]}},{\"v\":null}]",
	    "|[{\"x\":1.5},null]|\n"));
}

static const char two[] = "{'name':'a','type':'STRING'},"
			  "{'name':'b','type':'INTEGER'}";

static bool
page(const char *text, const char *want)
{
	return gives(two, slice_of(text), slice_of(want));
}

static void
check_pages(void)
{
	CHECK(page("{}", ""));
	CHECK(page("{\"rows\":[]}", ""));
	CHECK(page("{\"totalRows\":\"0\"}", ""));
	CHECK(page("{\"x\":{\"rows\":[1]},\"rows\":[{\"f\":[{\"v\":\"]}\"},"
		   "{\"v\":\"1\"}]}],\"y\":\"[\"}",
	    "|]}|1|\n"));
	CHECK(page(" {\n \"rows\" : [ { \"f\" : [ { \"v\" : \"a\" } , { \"v\" :"
		   " null } ] } , \n{\"f\":[{\"v\":\"b\"},{\"v\":\"2\"}]} ] \n"
		   " , \"jobComplete\" : true } \n",
	    "|a|NULL|\n|b|2|\n"));
	CHECK(page("{\"rows\":[{\"f\":[{\"v\":\"a\"}]}]}",
	    "a row with fewer values than columns"));
	CHECK(page("{\"rows\":[{\"f\":[{\"v\":\"a\"},{\"v\":\"1\"},{\"v\":"
		   "\"2\"}]}]}",
	    "a row with more values than columns"));
	CHECK(page("{\"rows\":{}}", "rows that are no array"));
	CHECK(page("{\"rows\":[1]}", "a row that is none"));
	CHECK(page("{\"rows\":[{\"f\":[{\"w\":\"a\"},{\"v\":\"1\"}]}]}",
	    "a cell that is none"));
	CHECK(page("{\"rows\":[],\"rows\":[]}", "no object"));
	CHECK(page("[]", "no object"));
	CHECK(page("", "no object"));
	CHECK(page("{} x", "no object"));
	CHECK(page("{\"rows\":[]}}", "no object"));
	CHECK(page("{\"a\" 1}", "no object"));
}

/* A page that is cut anywhere is refused, and nothing behind it is read. */
static void
check_cut(void)
{
	static const char text[] =
	    "{\"jobComplete\":true,\"rows\":[{\"f\":[{\"v\":\"a\\u00e9\\\"\"},"
	    "{\"v\":\"1\"}]},{\"f\":[{\"v\":null},{\"v\":\"-2\"}]}],"
	    "\"pageToken\":\"x\"}";
	struct bigquery_columns columns = columns_of(two);
	size_t taken = 0;

	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		/* as little room as there can be, for the sanitizers */
		struct buf cut = {.data = xmalloc(len + 1), .len = len};
		struct buf out = {0};

		memcpy(cut.data, text, len);
		cut.data[len] = '\0';
		taken += scan(&columns, &cut, &out) == 0;
		free(cut.data);
		buf_release(&out);
	}
	CHECK(taken == 0);
	bigquery_columns_release(&columns);
}

static void
check_rest(void)
{
	struct buf text = {0}, rest = {0};
	size_t from, to;

	buf_puts(
	    &text, " { \"a\" : [1, {}] , \"rows\" : [ 2 ] ,\"b\":\"x\" } ");
	CHECK(!bigquery_rows_split(&text, &from, &to, &rest));
	CHECK(to - from == 6 && !memcmp(text.data + from, "[ 2 ] ", 6));
	CHECK(!strcmp(buf_text(&rest), "{\"a\" : [1, {}] ,\"b\":\"x\" }"));
	buf_release(&text);
	buf_release(&rest);
}

static void
check_columns(void)
{
	struct bigquery_columns columns =
	    columns_of("{'name':'a','type':'FLOAT'},{'name':'s','type':"
		       "'RECORD','fields':[{'name':'x','type':'DATE'}]}");

	CHECK(columns.count == 2);
	CHECK(!strcmp(columns.items[0].type, "FLOAT64"));
	CHECK(!strcmp(columns.items[1].type, "STRUCT"));
	CHECK(!strcmp(columns.items[1].fields->items[0].type, "DATE"));
	bigquery_columns_release(&columns);
}

int
main(void)
{
	check_columns();
	check_strings();
	check_wrong_strings();
	check_numbers();
	check_floats();
	check_short_floats();
	check_others();
	check_nested();
	check_pages();
	check_cut();
	check_rest();
	return check_done();
}
