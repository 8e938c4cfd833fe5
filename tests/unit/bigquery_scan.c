/* SPDX-License-Identifier: ISC */
#include "bigquery_scan.h"
#include "check.h"

#include <string.h>

static struct warehouse_parameters parameters;

/* What is wrong with a query; "" if nothing is. */
static bool
says(const char *sql, const char *want)
{
	struct buf reason = {0};
	int result = bigquery_scan(sql, &parameters, &reason);
	bool same = !strcmp(buf_text(&reason), want) && !result == !*want;

	if (!same)
		printf("# %s: %s\n", sql, buf_text(&reason));
	buf_release(&reason);
	return same;
}

static void
check_statements(void)
{
	static const char read[] = "a query can only read: one SELECT";
	static const char more[] = "more than one statement";

	CHECK(says("SELECT 1", ""));
	CHECK(says("with t as (select 1) select * from t", ""));
	CHECK(says("FROM d.t |> LIMIT 1", ""));
	CHECK(says("((SELECT 1) UNION ALL (SELECT 2))", ""));
	CHECK(says("-- a; b\n# c; d\n/* e; */ SELECT 1; -- f\n;", ""));
	CHECK(says(
	    "SELECT ';', \";\", ''';'';''', \"\"\"a\";\"b\"\"\", `;`", ""));
	CHECK(says("SELECT 'it\\'s; ', r'\\'; ', '\\\\'", ""));
	CHECK(says("", "no statement"));
	CHECK(says(" -- SELECT 1", "no statement"));
	CHECK(says("CREATE TABLE d.t (a INT64)", read));
	CHECK(says("/* SELECT */ DELETE FROM d.t WHERE TRUE", read));
	CHECK(says("(DROP TABLE d.t)", read));
	CHECK(says("SELECTED", read));
	CHECK(says("'SELECT'", read));
	CHECK(says("`SELECT`", read));
	CHECK(says("BEGIN SELECT 1; END", read));
	CHECK(says("SELECT 1; DROP TABLE d.t", more));
	CHECK(says("SELECT '\\\\'; DROP TABLE d.t", more));
	CHECK(says("SELECT ''''a'''; DROP TABLE d.t", more));
	CHECK(says("SELECT 1 -- '\n; DROP TABLE d.t --'", more));
	CHECK(says("SELECT 1 /* ' */; DROP TABLE d.t --'", more));
	CHECK(says("SELECT 'a", "a quote or backtick is not closed"));
	CHECK(says("SELECT 'a\\", "a quote or backtick is not closed"));
	CHECK(says("SELECT '''a''", "a quote or backtick is not closed"));
	CHECK(says("SELECT `a", "a quote or backtick is not closed"));
}

static void
check_parameters(void)
{
	CHECK(says("SELECT @a", "parameter @a is not given"));
	CHECK(says("SELECT ?", "parameter ?: only @NAME is one"));
	CHECK(says("SELECT @@project_id, '@a', \"@a\", `@a` -- @a\n", ""));
	CHECK(says("SELECT 1 FROM t JOIN@{a=1} u ON TRUE", ""));
	warehouse_parameters_option(&parameters, "-p", "a=1");
	CHECK(says("SELECT @a, @a+@a", ""));
	CHECK(says("SELECT @ab", "parameter @ab is not given"));
	CHECK(says("SELECT @A", "parameter @A is not given"));
	CHECK(says("SELECT '@a'", "parameter @a does not stand in the query"));
	CHECK(says(
	    "SELECT 1 /* @a */", "parameter @a does not stand in the query"));
	warehouse_parameters_release(&parameters);
}

int
main(void)
{
	check_statements();
	check_parameters();
	return check_done();
}
