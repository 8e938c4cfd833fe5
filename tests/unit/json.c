/* SPDX-License-Identifier: ISC */
#include "json.h"
#include "check.h"
#include "json_out.h"

#include <math.h>
#include <string.h>

static bool
refused(struct slice text, const char *want)
{
	struct buf error = {0};
	struct json *root = json_parse(text, &error);
	bool good = !root && strstr(buf_text(&error), want);

	if (!good)
		printf("# %s\n", buf_text(&error));
	json_free(root);
	buf_release(&error);
	return good;
}

static struct json *
parse(const char *text)
{
	struct buf error = {0};
	struct json *root = json_parse(slice_of(text), &error);

	if (!root)
		printf("# %s\n", buf_text(&error));
	buf_release(&error);
	return root;
}

static bool
string_is(const struct json *value, struct slice want)
{
	return json_type(value) == JSON_STRING &&
	       slice_equal(json_string(value), want);
}

static void
check_tree(void)
{
	struct json *root =
	    parse(" {\"a\": [1, -2.5e3, true, null], \"b\": {\"c\": \"d\"}} ");
	struct json *list = json_get(root, "a");

	CHECK(json_type(root) == JSON_OBJECT && json_count(root) == 2);
	CHECK(json_type(list) == JSON_ARRAY && json_count(list) == 4);
	CHECK(json_number(json_at(list, 0)) == 1);
	CHECK(json_number(json_at(list, 1)) == -2500);
	CHECK(json_type(json_at(list, 2)) == JSON_BOOL);
	CHECK(json_bool(json_at(list, 2)));
	CHECK(json_type(json_at(list, 3)) == JSON_NULL);
	CHECK(json_at(list, 4) == NULL);
	CHECK(string_is(json_get(json_get(root, "b"), "c"), slice_of("d")));
	CHECK(!strcmp(json_key_at(root, 0), "a"));
	CHECK(!strcmp(json_key_at(root, 1), "b"));
	CHECK(json_key_at(root, 2) == NULL);
	json_free(root);
}

/* What is not there, or of another type, is nothing, and no crash. */
static void
check_absent(void)
{
	struct json *root = parse("{\"a\": \"text\"}");
	struct json *text = json_get(root, "a");

	CHECK(json_get(root, "b") == NULL);
	CHECK(json_get(text, "b") == NULL && json_at(text, 0) == NULL);
	CHECK(json_number(text) == 0 && !json_bool(text));
	CHECK(json_count(text) == 0 && json_key_at(text, 0) == NULL);
	CHECK(json_string(root).len == 0 && json_string(root).data);
	CHECK(json_type(NULL) == JSON_NONE && json_get(NULL, "a") == NULL);
	CHECK(json_at(NULL, 0) == NULL && json_count(NULL) == 0);
	json_free(root);
	json_free(NULL);
}

static void
check_strings(void)
{
	struct json *root =
	    parse("[\"\\u0041\\n\\\"\\\\\\/\", \"\\u00e9\", \"\xc3\xa9\","
		  "\"\\ud83d\\ude00\", \"a\\u0000b\", \"\xff\"]");

	CHECK(string_is(json_at(root, 0), slice_of("A\n\"\\/")));
	CHECK(string_is(json_at(root, 1), slice_of("\xc3\xa9")));
	CHECK(string_is(json_at(root, 2), slice_of("\xc3\xa9")));
	CHECK(string_is(json_at(root, 3), slice_of("\xf0\x9f\x98\x80")));
	CHECK(string_is(json_at(root, 4), (struct slice){"a\0b", 3}));
	CHECK(string_is(json_at(root, 5), slice_of("\xef\xbf\xbd")));
	json_free(root);
}

static void
check_refusals(void)
{
	static const char *const bad[] = {"{", "[1,]", "{\"a\" 1}", "{\"a\":}",
	    "\"open", "01x", "tru", "[1] [2]", "{a: 1}", "]", "'a'"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(refused(slice_of(bad[i]), "not JSON: "));
	CHECK(refused(slice_of(""), "not JSON: empty"));
	CHECK(refused(slice_of(" \n"), "not JSON: empty"));
	CHECK(refused((struct slice){NULL, 0}, "not JSON: empty"));
}

static void
check_depth(void)
{
	struct buf text = {0};
	struct json *root;

	for (int i = 0; i < 200; i++)
		buf_putc(&text, '[');
	for (int i = 0; i < 200; i++)
		buf_putc(&text, ']');
	root = parse(buf_text(&text));
	CHECK(json_type(root) == JSON_ARRAY);
	json_free(root);
	buf_clear(&text);
	for (int i = 0; i < 1000000; i++)
		buf_putc(&text, '[');
	CHECK(refused(buf_slice(&text), "depth"));
	buf_release(&text);
}

static void
check_files(void)
{
	struct buf error = {0};

	CHECK(json_read("missing", &error) == NULL);
	CHECK(!strcmp(buf_text(&error), "missing: No such file or directory"));
	buf_clear(&error);
	CHECK(json_read("/dev/null", &error) == NULL);
	CHECK(!strcmp(buf_text(&error), "/dev/null: not JSON: empty"));
	buf_release(&error);
}

static void
put_all(struct json_out *out)
{
	json_open(out, '{');
	json_pair_text(out, "a\"\\", "\x01\n\xc3\xa9/");
	json_pair_text(out, "b", NULL);
	json_pair_int(out, "c", INT64_MIN);
	json_pair_number(out, "d", 0.1);
	json_pair_number(out, "e", (double)NAN);
	json_pair_bool(out, "f", true);
	json_key(out, "g");
	json_open(out, '[');
	json_put_int(out, 1);
	json_put_number(out, -1e300);
	json_put_bool(out, false);
	json_put_null(out);
	json_put_string(out, slice_of(""));
	json_open(out, '{');
	json_close(out, '}');
	json_close(out, ']');
	json_key(out, "h");
	json_open(out, '[');
	json_close(out, ']');
	json_close(out, '}');
}

static void
check_writer(void)
{
	struct buf buf = {0};
	struct json_out flat = {.buf = &buf};
	struct json_out lines = {.buf = &buf, .lines = 1};
	struct json *root;

	put_all(&flat);
	CHECK(!strcmp(buf_text(&buf),
	    "{\"a\\\"\\\\\": \"\\u0001\\u000a\xc3\xa9/\", \"b\": null, "
	    "\"c\": -9223372036854775808, \"d\": 0.1, \"e\": null, "
	    "\"f\": true, \"g\": [1, -1e+300, false, null, \"\", {}], "
	    "\"h\": []}\n"));
	root = parse(buf_text(&buf));
	CHECK(string_is(json_get(root, "a\"\\"), slice_of("\x01\n\xc3\xa9/")));
	CHECK(json_number(json_get(root, "d")) == 0.1);
	json_free(root);
	buf_clear(&buf);
	json_open(&lines, '{');
	json_pair_int(&lines, "a", 1);
	json_key(&lines, "b");
	json_open(&lines, '[');
	json_put_int(&lines, 2);
	json_put_int(&lines, 3);
	json_close(&lines, ']');
	json_close(&lines, '}');
	CHECK(!strcmp(buf_text(&buf), "{\n  \"a\": 1,\n  \"b\": [2, 3]\n}\n"));
	buf_release(&buf);
}

int
main(void)
{
	check_tree();
	check_absent();
	check_strings();
	check_refusals();
	check_depth();
	check_files();
	check_writer();
	return check_done();
}
