/* SPDX-License-Identifier: ISC */
#include "suite.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "io.h"
#include "utf8.h"
#include "xml.h"

struct test {
	const char *group; /* what JUnit calls the class; borrowed */
	const char *field; /* a field's name, or NULL */
	const char *rule;
	struct buf name; /* the rule, and what it asks for */
	uint64_t failures;
	struct buf examples; /* a line each */
};

struct suite {
	struct test *tests;
	size_t ntests, cap;
};

/* Adds a test of a rule, with what it asks for or NULL. */
static void
add(struct suite *suite, const char *group, const char *field, const char *rule,
    const char *value)
{
	struct test *test;

	suite->tests = xgrow(
	    suite->tests, suite->ntests, &suite->cap, sizeof(*suite->tests));
	test = &suite->tests[suite->ntests++];
	*test = (struct test){.group = group, .field = field, .rule = rule};
	buf_puts(&test->name, rule);
	if (!value)
		return;
	buf_putc(&test->name, ' ');
	utf8_add(&test->name, slice_of(value), SUITE_TEXT_LIMIT);
}

static void
add_length(struct suite *suite, const char *field, const char *rule, size_t len)
{
	struct buf text = {0};

	buf_printf(&text, "%zu", len);
	add(suite, field, field, rule, buf_text(&text));
	buf_release(&text);
}

static void
add_field(struct suite *suite, const struct schema_field *field)
{
	const char *name = field->name;
	const struct {
		const char *rule, *bound;
	} texts[] = {
	    {"minimum", field->minimum},
	    {"maximum", field->maximum},
	    {"exclusiveMinimum", field->exclusive_minimum},
	    {"exclusiveMaximum", field->exclusive_maximum},
	    {"pattern", field->pattern},
	};

	add(suite, name, name, "type", schema_type_name(field->type));
	if (field->required)
		add(suite, name, name, "required", NULL);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].bound)
			add(suite, name, name, texts[i].rule, texts[i].bound);
	}
	if (field->has_min_length)
		add_length(suite, name, "minLength", field->min_length);
	if (field->has_max_length)
		add_length(suite, name, "maxLength", field->max_length);
	if (field->values.count)
		add(suite, name, name, "enum", NULL);
	if (field->unique)
		add(suite, name, name, "unique", NULL);
}

static void
add_key(struct suite *suite, const struct schema *schema)
{
	struct buf names = {0};

	for (size_t i = 0; i < schema->nkey; i++) {
		buf_puts(&names, i ? ", " : "");
		buf_puts(&names, schema->fields[schema->key[i]].name);
	}
	add(suite, "key", NULL, SUITE_KEY, buf_text(&names));
	buf_release(&names);
}

struct suite *
suite_new(const struct schema *schema)
{
	struct suite *suite = xcalloc(1, sizeof(*suite));

	add(suite, "header", NULL, SUITE_HEADER, NULL);
	add(suite, "record", NULL, SUITE_SYNTAX, NULL);
	add(suite, "record", NULL, SUITE_SHAPE, NULL);
	add(suite, "record", NULL, SUITE_UTF8, NULL);
	for (size_t i = 0; i < schema->nfields; i++)
		add_field(suite, &schema->fields[i]);
	for (size_t i = 0; i < schema->nconstraints; i++)
		add(suite, "row", NULL, schema->constraints[i].text, NULL);
	if (schema->nkey)
		add_key(suite, schema);
	return suite;
}

void
suite_free(struct suite *suite)
{
	if (!suite)
		return;
	for (size_t i = 0; i < suite->ntests; i++) {
		buf_release(&suite->tests[i].name);
		buf_release(&suite->tests[i].examples);
	}
	free(suite->tests);
	free(suite);
}

static struct test *
find(const struct suite *suite, const struct report_error *error)
{
	for (size_t i = 0; i < suite->ntests; i++) {
		struct test *test = &suite->tests[i];

		if (!strcmp(test->rule, error->rule) &&
		    (!test->field ||
			(error->field && !strcmp(test->field, error->field))))
			return test;
	}
	return NULL;
}

void
suite_add(struct suite *suite, const struct report_error *error)
{
	struct test *test = find(suite, error);

	if (!test || test->failures++ >= SUITE_EXAMPLES)
		return;
	if (error->line)
		buf_printf(&test->examples, "line %" PRIu64 ": ", error->line);
	utf8_add(&test->examples, error->note, SUITE_TEXT_LIMIT);
	buf_putc(&test->examples, '\n');
}

/* What JUnit counts. */
struct counts {
	size_t failed, skipped;
};

/* True if nothing was there for the test to look at. */
static bool
is_skipped(const struct suite *suite, const struct test *test,
    const struct report_totals *totals, bool checked)
{
	if (test == &suite->tests[0] || test->failures)
		return false;
	return !checked || (test->field && cols_find(totals->labels,
					       slice_of(test->field)) < 0);
}

static void
put_failure(struct buf *text, const struct test *test)
{
	struct slice first = buf_slice(&test->examples);
	struct buf message = {0};

	first.len =
	    (size_t)((char *)memchr(first.data, '\n', first.len) - first.data);
	buf_printf(&message, "%" PRIu64 " failure%s: ", test->failures,
	    test->failures == 1 ? "" : "s");
	buf_add_slice(&message, first);
	buf_puts(text, "\n<failure");
	xml_attribute(text, "message", buf_slice(&message));
	xml_attribute(text, "type", slice_of(test->rule));
	buf_putc(text, '>');
	xml_text(text, buf_slice(&test->examples));
	if (test->failures > SUITE_EXAMPLES)
		buf_printf(text, "... and %" PRIu64 " more\n",
		    test->failures - SUITE_EXAMPLES);
	buf_puts(text, "</failure>\n");
	buf_release(&message);
}

static void
put_test(struct buf *text, const struct test *test, bool skipped)
{
	buf_puts(text, "<testcase");
	xml_attribute(text, "classname", slice_of(test->group));
	xml_attribute(text, "name", buf_slice(&test->name));
	buf_puts(text, " time=\"0\"");
	if (!skipped && !test->failures) {
		buf_puts(text, "/>\n");
		return;
	}
	buf_putc(text, '>');
	if (skipped)
		buf_puts(text, "<skipped message=\"not checked\"/>");
	else
		put_failure(text, test);
	buf_puts(text, "</testcase>\n");
}

static void
put_counts(struct buf *text, const struct suite *suite, struct counts counts,
    int64_t start)
{
	buf_printf(text, " tests=\"%zu\" failures=\"%zu\" errors=\"0\"",
	    suite->ntests, counts.failed);
	buf_printf(text, " skipped=\"%zu\" time=\"%.3f\"", counts.skipped,
	    (double)(clock_now() - start) / CLOCK_SECOND);
}

void
suite_print(const struct suite *suite, const struct report_totals *totals,
    bool checked, struct buf *text)
{
	struct counts counts = {0, 0};
	char start[CLOCK_SIZE];

	for (size_t i = 0; i < suite->ntests; i++) {
		const struct test *test = &suite->tests[i];

		counts.failed += test->failures > 0;
		counts.skipped += is_skipped(suite, test, totals, checked);
	}
	clock_format(totals->start, start);
	buf_puts(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	buf_puts(text, "<testsuites name=\"csv-validate\"");
	put_counts(text, suite, counts, totals->start);
	buf_puts(text, ">\n<testsuite");
	xml_attribute(text, "name", slice_of(totals->place));
	put_counts(text, suite, counts, totals->start);
	xml_attribute(text, "timestamp", slice_of(start));
	buf_puts(text, ">\n");
	for (size_t i = 0; i < suite->ntests; i++)
		put_test(text, &suite->tests[i],
		    is_skipped(suite, &suite->tests[i], totals, checked));
	buf_puts(text, "</testsuite>\n</testsuites>\n");
}

void
suite_xwrite(const struct suite *suite, const struct report_totals *totals,
    bool checked, const char *path)
{
	struct buf text = {0};

	suite_print(suite, totals, checked, &text);
	out_xwhole(path, buf_slice(&text));
	buf_release(&text);
}
