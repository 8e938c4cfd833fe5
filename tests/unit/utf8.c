/* SPDX-License-Identifier: ISC */
#include "utf8.h"
#include "check.h"

#include <string.h>

static size_t
prefix(const char *text)
{
	return utf8_prefix(slice_of(text));
}

/* The bytes of a code point, surrogates among them; returns their number. */
static size_t
encode(unsigned point, char text[4])
{
	if (point < 0x80) {
		text[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		text[0] = (char)(0xc0 | point >> 6);
		text[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		text[0] = (char)(0xe0 | point >> 12);
		text[1] = (char)(0x80 | (point >> 6 & 0x3f));
		text[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	text[0] = (char)(0xf0 | point >> 18);
	text[1] = (char)(0x80 | (point >> 12 & 0x3f));
	text[2] = (char)(0x80 | (point >> 6 & 0x3f));
	text[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

static void
check_all_code_points(void)
{
	unsigned wrong = 0, cut = 0;

	for (unsigned point = 0; point < 0x120000; point++) {
		bool good =
		    point < 0x110000 && (point < 0xd800 || point > 0xdfff);
		char text[4];
		size_t len = encode(point, text);

		wrong +=
		    utf8_prefix((struct slice){text, len}) != (good ? len : 0);
		cut +=
		    len > 1 && utf8_prefix((struct slice){text, len - 1}) != 0;
	}
	CHECK(wrong == 0);
	CHECK(cut == 0);
}

static bool
adds(const char *text, size_t limit, const char *want)
{
	struct buf out = {0};
	bool same;

	utf8_add(&out, slice_of(text), limit);
	same = !strcmp(buf_text(&out), want);
	buf_release(&out);
	return same;
}

/* Every code point comes back out of its bytes, which are well-formed. */
static bool
all_come_back(void)
{
	bool good = true;

	for (uint32_t code = 0; code <= 0x10ffff && good; code++) {
		struct buf buf = {0};
		struct slice text;

		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		utf8_put(&buf, code);
		text = buf_slice(&buf);
		good = utf8_prefix(text) == text.len && utf8_count(text) == 1 &&
		       utf8_take(&text) == code && text.len == 0;
		buf_release(&buf);
	}
	return good;
}

static void
check_take(void)
{
	struct slice text = {"\xed\xa0\x80z", 4};

	CHECK(all_come_back());
	CHECK(utf8_take(&text) == 0xfffd && text.len == 3);
	CHECK(utf8_take(&text) == 0xfffd && utf8_take(&text) == 0xfffd);
	CHECK(utf8_take(&text) == 'z' && text.len == 0);
}

int
main(void)
{
	check_all_code_points();
	CHECK(prefix("") == 0);
	CHECK(prefix("0123456789abcdef") == 16);
	CHECK(prefix("0123456\xc3\xa4"
		     "89abcdef\xff") == 17);
	CHECK(prefix("a\x80") == 1);
	CHECK(prefix("\xc0\x80") == 0);
	CHECK(prefix("\xe0\x80\x80") == 0);
	CHECK(prefix("\xc3") == 0);
	CHECK(utf8_count(slice_of("")) == 0);
	CHECK(
	    utf8_count(slice_of("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80")) == 4);
	CHECK(adds("abc", 3, "abc"));
	CHECK(adds("abcd", 3, "abc..."));
	CHECK(adds("ab\xc3\xa4", 3, "ab..."));
	CHECK(adds("a\xff"
		   "b",
	    9,
	    "a\xef\xbf\xbd"
	    "b"));
	check_take();
	return check_done();
}
