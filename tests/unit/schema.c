/* SPDX-License-Identifier: ISC */
#include "schema.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"

/* The schema that text describes, or NULL with the reason in error. */
static struct schema *
read_text(const char *text, struct buf *error)
{
	char path[] = "/tmp/schema.XXXXXX";
	int fd = mkstemp(path);
	struct schema *schema = NULL;

	if (fd >= 0 && !io_write(fd, text, strlen(text)))
		schema = schema_read(path, error);
	close(fd);
	unlink(path);
	return schema;
}

/* A schema of one field "a" with these properties. */
static struct schema *
one_field(const char *properties)
{
	struct buf text = {0}, error = {0};
	struct schema *schema;

	buf_printf(&text, "{\"fields\": [{\"name\": \"a\"%s}]}", properties);
	schema = read_text(buf_text(&text), &error);
	if (!schema) {
		printf("# %s\n", buf_text(&error));
		exit(1);
	}
	buf_release(&text);
	buf_release(&error);
	return schema;
}

/*
 * The verdict on a value of such a field: 0 good, 't' a type error, 'c' a
 * constraint error; '?' if a verdict and its note do not go together.
 */
static char
check(const char *properties, const char *value)
{
	struct schema *schema = one_field(properties);
	struct buf note = {0};
	const char *rule =
	    schema_check(&schema->fields[0], slice_of(value), &note);
	bool noted = note.len > 0;

	buf_release(&note);
	schema_free(schema);
	if (noted != (rule != NULL))
		return '?';
	if (!rule)
		return '\0';
	return strcmp(rule, "type") ? 'c' : 't';
}

/* Checks that a type takes all of good and refuses all of bad. */
static bool
takes(const char *type, const char *const *good, const char *const *bad)
{
	char properties[64];
	bool right = true;

	snprintf(properties, sizeof(properties), ", \"type\": \"%s\"", type);
	for (; *good; good++) {
		if (check(properties, *good)) {
			printf("# %s refuses '%s'\n", type, *good);
			right = false;
		}
	}
	for (; *bad; bad++) {
		if (check(properties, *bad) != 't') {
			printf("# %s takes '%s'\n", type, *bad);
			right = false;
		}
	}
	return right;
}

#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void
check_types(void)
{
	CHECK(takes("integer",
	    TEXTS("0", "-9223372036854775808", "9223372036854775807", "+1"),
	    TEXTS("9223372036854775808", "1.0", "1e3", " 1", "1_0", "x")));
	CHECK(takes("number", TEXTS("1", "-.5e3", "1.50"),
	    TEXTS("nan", "1,0", "0x1", "1 ")));
	CHECK(takes("boolean", TEXTS("true", "False", "1", "0"),
	    TEXTS("yes", "tRUE", "2")));
	CHECK(takes("datetime",
	    TEXTS("2024-01-26", "2024-01-26T15:00:00Z", "1706281200300"),
	    TEXTS("2024-02-30", "170628120030", "now")));
	CHECK(takes("date", TEXTS("2024-02-29"),
	    TEXTS("2023-02-29", "2024-1-26", "2024-01-26T00:00",
		"1706281200300")));
	CHECK(takes("time", TEXTS("00:00:00", "23:59:59.999999"),
	    TEXTS("24:00:00", "23:59", "12:00:00Z", "12:00:00+01:00",
		"12:00.500")));
	CHECK(takes("object", TEXTS("{}", "{\"a\": [1]}"),
	    TEXTS("[]", "1", "{", "null")));
	CHECK(takes("array", TEXTS("[]", "[{}]"), TEXTS("{}", "[1", "1")));
	CHECK(takes("string", TEXTS("", "x"), (const char *const[]){NULL}));
}

static void
check_bounds(void)
{
	const char *const number =
	    ", \"type\": \"number\", \"constraints\": {\"minimum\": 0.1, "
	    "\"exclusiveMaximum\": \"9007199254740993\"}";
	const char *const integer =
	    ", \"type\": \"integer\", \"constraints\": "
	    "{\"exclusiveMinimum\": -5, \"maximum\": 1000000000000}";
	const char *const time =
	    ", \"type\": \"datetime\", \"constraints\": "
	    "{\"minimum\": \"2024-01-01\", \"maximum\": 1706281200300}";

	CHECK(!check(number, "0.10"));
	CHECK(check(number, "0.0999999999999999999") == 'c');
	CHECK(!check(number, "9007199254740992.999"));
	CHECK(check(number, "9007199254740993.0") == 'c');
	CHECK(!check(integer, "-4"));
	CHECK(check(integer, "-5") == 'c');
	CHECK(!check(integer, "+1000000000000"));
	CHECK(check(integer, "1000000000001") == 'c');
	CHECK(!check(time, "2024-01-01T01:00+01:00"));
	CHECK(check(time, "2024-01-01T01:00+01:01") == 'c');
	CHECK(!check(time, "1706281200300"));
	CHECK(check(time, "1706281200301") == 'c');
}

static void
check_text_constraints(void)
{
	const char *const lengths =
	    ", \"constraints\": {\"minLength\": 2, \"maxLength\": 3}";
	const char *const pattern =
	    ", \"constraints\": {\"pattern\": \"a|bc\"}";
	const char *const numbers =
	    ", \"type\": \"number\", \"constraints\": {\"enum\": [1, 2.5]}";
	const char *const times = ", \"type\": \"datetime\", \"constraints\": "
				  "{\"enum\": [\"2024-01-01\"]}";
	char xs[1001] = "";

	CHECK(check(lengths, "a") == 'c');
	CHECK(!check(lengths, "\xc3\xa4\xc3\xa4\xc3\xa4"));
	CHECK(check(lengths, "abcd") == 'c');
	CHECK(!check(pattern, "a"));
	CHECK(!check(pattern, "bc"));
	CHECK(check(pattern, "ac") == 'c');
	CHECK(check(pattern, "a\n") == 'c');
	memset(xs, 'x', sizeof(xs) - 1);
	CHECK(!check(", \"constraints\": {\"pattern\": \"x*\"}", xs));
	CHECK(!check(numbers, "1.0"));
	CHECK(check(numbers, "2") == 'c');
	CHECK(!check(times, "2024-01-01T00:00Z"));
	CHECK(check(times, "2024-01-02") == 'c');
}

/* The canonical spelling, or "!" and the note. */
static bool
casts(const char *properties, const char *value, const char *want)
{
	struct schema *schema = one_field(properties);
	struct buf out = {0}, note = {0};
	bool same;

	if (schema_cast(&schema->fields[0], slice_of(value), &out, &note))
		buf_printf(&out, "!%s", buf_text(&note));
	same = !strcmp(buf_text(&out), want);
	if (!same)
		printf("# %s gave %s\n", value, buf_text(&out));
	buf_release(&out);
	buf_release(&note);
	schema_free(schema);
	return same;
}

static void
check_casts(void)
{
	const char *const boolean = ", \"type\": \"boolean\", "
				    "\"trueValues\": [\"Y\"], "
				    "\"falseValues\": [\"N\"]";
	const char *const integer = ", \"type\": \"integer\"";

	CHECK(casts(", \"type\": \"datetime\"", "1706281200300",
	    "2024-01-26T15:00:00.300000Z"));
	CHECK(casts(boolean, "Y", "true"));
	CHECK(casts(boolean, "N", "false"));
	CHECK(casts(boolean, "true", "!'true' is not a boolean"));
	CHECK(casts(integer, "+007", "+007"));
	CHECK(casts(integer, "7.0", "!'7.0' is not an integer"));
	CHECK(casts(", \"type\": \"object\"", "[", "!'[' is not an object"));
	CHECK(casts("", "x", "x"));
}

static const char table[] =
    "{\"fields\": [{\"name\": \"low\", \"type\": \"number\","
    "   \"bq:type\": \"NUMERIC\", \"description\": \"d\"},"
    "  {\"name\": \"high\", \"constraints\": {\"required\": true}},"
    "  {\"name\": \"t\", \"type\": \"datetime\"}],"
    " \"fieldsMatch\": \"subset\", \"primaryKey\": [\"t\", \"low\"],"
    " \"missingValues\": [\"-\"], \"bq:partition\": \"t\","
    " \"bq:cluster\": [\"high\"],"
    " \"x:rowConstraints\": [\"low<=high\", \"t != -1.5\"]}";

static void
check_schema(void)
{
	struct buf error = {0};
	struct schema *schema = read_text(table, &error);

	CHECK(schema && schema->nfields == 3);
	if (!schema)
		return;
	CHECK(!strcmp(schema->fields[0].bq_type, "NUMERIC"));
	CHECK(!strcmp(schema->fields[0].description, "d"));
	CHECK(!schema->fields[0].required && schema->fields[1].required);
	CHECK(schema->match == SCHEMA_SUBSET);
	CHECK(schema->nkey == 2 && schema->key[0] == 2 && schema->key[1] == 0);
	CHECK(!strcmp(schema->bq_partition, "t"));
	CHECK(schema->bq_cluster.count == 1);
	CHECK(schema_find(schema, slice_of("high")) == 1);
	CHECK(schema_find(schema, slice_of("hig")) == -1);
	CHECK(schema_is_missing(schema, slice_of("-")));
	CHECK(!schema_is_missing(schema, slice_of("")));
	CHECK(schema->nconstraints == 2);
	CHECK(schema->constraints[0].relation == SCHEMA_LE);
	CHECK(schema->constraints[1].right == -1 &&
	      !strcmp(schema->constraints[1].right_literal, "-1.5"));
	schema_free(schema);
	schema_free(NULL);
	buf_release(&error);
}

static void
check_missing(void)
{
	struct schema *schema = one_field("");
	struct slice empty = {"", 0}, quoted = slice_of("\"\"");
	struct schema_field *field = &schema->fields[0];

	CHECK(schema_lacks(schema, field, empty, empty));
	CHECK(!schema_lacks(schema, field, quoted, empty));
	field->type = SCHEMA_NUMBER;
	CHECK(schema_lacks(schema, field, quoted, empty));
	CHECK(!schema_lacks(schema, field, slice_of("0"), slice_of("0")));
	schema_free(schema);
}

/* The verdict on "3" and right, compared as the schema text says. */
static bool
row_holds(const char *comparison, const char *right, bool missing)
{
	struct slice values[] = {slice_of("3"), slice_of(right)};
	const bool lacks[] = {false, missing};
	struct buf text = {0}, error = {0}, note = {0};
	struct schema *schema;
	bool holds = false;

	buf_printf(&text,
	    "{\"fields\": [{\"name\": \"l\"}, {\"name\": \"r\"}],"
	    " \"x:rowConstraints\": [\"%s\"]}",
	    comparison);
	schema = read_text(buf_text(&text), &error);
	CHECK(schema != NULL);
	if (schema)
		holds = schema_check_row(
		    &schema->constraints[0], values, lacks, &note);
	CHECK(holds == (note.len == 0));
	schema_free(schema);
	buf_release(&text);
	buf_release(&error);
	buf_release(&note);
	return holds;
}

static void
check_rows(void)
{
	CHECK(row_holds("l < r", "10", false));
	CHECK(!row_holds("l < r", "3.0", false));
	CHECK(row_holds("l<=r", "3.0", false));
	CHECK(row_holds("l == r", "3.0", false));
	CHECK(row_holds("l = r", "3e0", false));
	CHECK(!row_holds("l != r", "3.0", false));
	CHECK(row_holds("l >= r", "-10", false));
	CHECK(!row_holds("l > r", "3", false));
	CHECK(row_holds("r > l", "4", false));
	CHECK(row_holds("l > r", "9", true));
	CHECK(row_holds("l > 2.5", "", false));
	CHECK(!row_holds("4 < l", "", false));
}

static void
check_bigquery(void)
{
	struct buf error = {0};
	struct schema *schema = read_text(
	    "[{\"name\": \"a\", \"type\": \"NUMERIC\", \"mode\": \"REQUIRED\"},"
	    " {\"name\": \"b\", \"type\": \"TIMESTAMP\"}]",
	    &error);

	CHECK(schema && schema->nfields == 2);
	if (!schema)
		return;
	CHECK(schema->fields[0].type == SCHEMA_NUMBER);
	CHECK(!strcmp(schema->fields[0].bq_type, "NUMERIC"));
	CHECK(schema->fields[0].required && !schema->fields[1].required);
	CHECK(schema->fields[1].type == SCHEMA_DATETIME);
	schema_free(schema);
	buf_release(&error);
}

static bool
refuses(const char *text)
{
	struct buf error = {0};
	struct schema *schema = read_text(text, &error);
	bool refused = !schema && error.len > 0;

	schema_free(schema);
	buf_release(&error);
	return refused;
}

static void
check_refusals(void)
{
	CHECK(refuses(""));
	CHECK(refuses("3"));
	CHECK(refuses("{\"fields\": []}"));
	CHECK(refuses("{\"fields\": [3]}"));
	CHECK(refuses("{\"fields\": [{\"name\": \"\"}]}"));
	CHECK(refuses("{\"fields\": [{\"name\": \"a\\u0000\"}]}"));
	CHECK(
	    refuses("{\"fields\": [{\"name\": \"a\", \"format\": \"uri\"}]}"));
	CHECK(refuses("{\"fields\": [{\"name\": \"a\", \"constraints\": "
		      "{\"minimum\": 1}}]}"));
	CHECK(refuses("{\"fields\": [{\"name\": \"a\", \"type\": \"integer\", "
		      "\"constraints\": {\"pattern\": \"1\"}}]}"));
	CHECK(refuses("{\"fields\": [{\"name\": \"a\", \"constraints\": "
		      "{\"pattern\": \"(\"}}]}"));
	CHECK(refuses("{\"fields\": [{\"name\": \"a\", \"constraints\": "
		      "{\"maxLength\": -1}}]}"));
	CHECK(refuses("{\"fields\": [{\"name\": \"a\", \"constraints\": "
		      "{\"required\": \"yes\"}}]}"));
	CHECK(refuses("{\"fields\": [{\"name\": \"a\"}], "
		      "\"uniqueKeys\": [[\"a\"]]}"));
	CHECK(refuses("{\"fields\": [{\"name\": \"a\"}], "
		      "\"x:rowConstraints\": [\"a\"]}"));
}

static void
check_partitions(void)
{
	struct buf error = {0};
	struct schema *schema = read_text(
	    "{\"fields\": [{\"name\": \"t\", \"type\": \"datetime\"}],"
	    " \"bq:partition\": {\"field\": \"t\", \"type\": \"MONTH\"}}",
	    &error);

	CHECK(schema && !strcmp(schema->bq_partition, "t") &&
	      !strcmp(schema->bq_partition_type, "MONTH"));
	schema_free(schema);
	buf_release(&error);
	CHECK(refuses("{\"fields\": [{\"name\": \"t\"}], "
		      "\"bq:partition\": {\"type\": \"MONTH\"}}"));
	CHECK(refuses("{\"fields\": [{\"name\": \"t\"}], "
		      "\"bq:partition\": {\"field\": \"u\"}}"));
	CHECK(refuses("{\"fields\": [{\"name\": \"t\"}], \"bq:partition\": "
		      "{\"field\": \"t\", \"type\": \"WEEK\"}}"));
}

int
main(void)
{
	check_partitions();
	check_types();
	check_bounds();
	check_text_constraints();
	check_casts();
	check_schema();
	check_missing();
	check_rows();
	check_bigquery();
	check_refusals();
	return check_done();
}
