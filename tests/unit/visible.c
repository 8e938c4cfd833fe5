/* SPDX-License-Identifier: ISC */
#include "visible.h"
#include "check.h"

#include <string.h>

/* True if text, cut at limit, is shown as want in that many columns. */
static bool
shows(const char *text, size_t limit, const char *want, size_t columns)
{
	struct buf out = {0};
	bool good = visible_add(&out, slice_of(text), limit) == columns &&
		    !strcmp(buf_text(&out), want);

	buf_release(&out);
	return good;
}

int
main(void)
{
	CHECK(shows("", 0, "", 0) && shows("", 9, "", 0));
	CHECK(shows("abc", 3, "abc", 3));
	CHECK(shows("abcd", 3, "ab…", 3));
	CHECK(shows("ab", 1, "…", 1) && shows("ab", 0, "", 0));
	CHECK(shows("東京都", 6, "東京都", 6));
	/* a wide character does not fit into one column */
	CHECK(shows("東京都", 5, "東京…", 5));
	CHECK(shows("東京都", 4, "東…", 3));
	CHECK(shows("e\xcc\x81", 1, "e\xcc\x81", 1));
	CHECK(shows("xe\xcc\x81z", 2, "x…", 2));
	CHECK(shows("\t\x1b\x7f", 3, "␉␛␡", 3));
	CHECK(shows("\xff\xc3", 9, "\xef\xbf\xbd\xef\xbf\xbd", 2));
	CHECK(shows("\xc2\x9b", 9, "\xef\xbf\xbd", 1));
	return check_done();
}
