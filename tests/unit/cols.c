/* SPDX-License-Identifier: ISC */
#include "cols.h"
#include "check.h"

#include <string.h>

/* True if the list gives these names, joined by '|'. */
static bool
list_is(const char *list, const char *want)
{
	struct cols cols = {0};
	struct buf joined = {0};
	const char *reason;
	bool good = !cols_from_list(&cols, list, &reason);

	for (size_t i = 0; i < cols.count; i++)
		buf_printf(&joined, "%s%s", i ? "|" : "", cols.names[i]);
	good = good && !strcmp(buf_text(&joined), want);
	buf_release(&joined);
	cols_release(&cols);
	return good;
}

static bool
list_refused(const char *list, const char *want)
{
	struct cols cols = {0};
	const char *reason = "";
	bool refused = cols_from_list(&cols, list, &reason) == -1;

	cols_release(&cols);
	return refused && !strcmp(reason, want);
}

static void
check_lists(void)
{
	CHECK(list_is("a", "a"));
	CHECK(list_is("a,b", "a|b"));
	CHECK(list_is(" a ,b", " a |b"));
	CHECK(list_is("\"a,b\",c", "a,b|c"));
	CHECK(list_is("\"a\"\"b\"", "a\"b"));
	CHECK(list_is("\"\"\"\"", "\""));
	CHECK(list_refused("", "a name is empty"));
	CHECK(list_refused("a,", "a name is empty"));
	CHECK(list_refused(",a", "a name is empty"));
	CHECK(list_refused("\"\"", "a name is empty"));
	CHECK(list_refused("a,b,a", "a name stands twice"));
	CHECK(list_refused("a,\"a\"", "a name stands twice"));
	CHECK(list_refused("\"a", "unclosed quote"));
	CHECK(list_refused("\"a\"\"", "unclosed quote"));
	CHECK(list_refused("\"a\"b", "text after a closing quote"));
	CHECK(list_refused("a\"b", "quote inside a name"));
}

static void
check_find(void)
{
	struct cols cols = {0};
	const char *reason;

	CHECK(cols_from_list(&cols, "ab,a", &reason) == 0);
	CHECK(cols_find(&cols, slice_of("a")) == 1);
	CHECK(cols_find(&cols, (struct slice){"abc", 2}) == 0);
	CHECK(cols_find(&cols, slice_of("b")) == -1);
	CHECK(cols_require(&cols, NULL, "a") == 1);
	cols_release(&cols);
	CHECK(cols.count == 0 && cols_find(&cols, slice_of("a")) == -1);
}

int
main(void)
{
	check_lists();
	check_find();
	return check_done();
}
