/* SPDX-License-Identifier: ISC */
#include "xml.h"
#include "check.h"

#include <string.h>

/* The text between tags, and the value of an attribute. */
static bool
escapes(struct slice text, const char *want, const char *quoted)
{
	struct buf out = {0}, attribute = {0};
	bool same;

	xml_text(&out, text);
	xml_attribute(&attribute, "a", text);
	same =
	    !strcmp(buf_text(&out), want) &&
	    slice_equal((struct slice){attribute.data + 4, attribute.len - 5},
		slice_of(quoted));
	if (!same)
		printf("# %s|%s\n", buf_text(&out), buf_text(&attribute));
	buf_release(&out);
	buf_release(&attribute);
	return same;
}

#define SAME(text, want) escapes(slice_of(text), want, want)

int
main(void)
{
	struct buf out = {0};

	CHECK(SAME("a\xc3\xa4 ", "a\xc3\xa4 "));
	CHECK(SAME("<&>\"'", "&lt;&amp;&gt;&quot;'"));
	CHECK(SAME("]]>", "]]&gt;"));
	CHECK(escapes(
	    slice_of("a\tb\nc\r"), "a&#9;b\nc&#13;", "a&#9;b&#10;c&#13;"));
	CHECK(escapes((struct slice){"a\0b", 3},
	    "a\xef\xbf\xbd"
	    "b",
	    "a\xef\xbf\xbd"
	    "b"));
	CHECK(SAME("\x1b[0m", "\xef\xbf\xbd[0m"));
	CHECK(SAME("\xff", "\xef\xbf\xbd"));
	CHECK(SAME("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"));
	CHECK(SAME("\xef\xbf\xbe\xef\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd"));
	CHECK(SAME("\xef\xbf\xbd", "\xef\xbf\xbd"));
	CHECK(SAME("", ""));
	xml_attribute(&out, "name", slice_of("x"));
	CHECK(!strcmp(buf_text(&out), " name=\"x\""));
	buf_release(&out);
	return check_done();
}
