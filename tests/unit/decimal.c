/* SPDX-License-Identifier: ISC */
#include "decimal.h"
#include "check.h"

#include <string.h>

static bool
valid(const char *text)
{
	return decimal_valid(slice_of(text));
}

static int
compare(const char *a, const char *b)
{
	int diff = decimal_compare(slice_of(a), slice_of(b));

	return (diff > 0) - (diff < 0);
}

static bool
canon_is(const char *text, const char *want)
{
	struct buf out = {0};
	bool same = !decimal_canon(slice_of(text), &out) &&
		    !strcmp(buf_text(&out), want);

	if (!same)
		printf("# %s gave %s, not %s\n", text, buf_text(&out), want);
	buf_release(&out);
	return same;
}

static void
check_grammar(void)
{
	static const char *const good[] = {"0", "-0", "+1", "1.", ".5", "1.50",
	    "1e5", "1E-5", "-.5e+10", "00012"};
	static const char *const bad[] = {"", "-", ".", "e5", "1e", "1e+", "1 ",
	    " 1", "1,0", "0x1", "nan", "inf", "1.2.3", "1e5.0", "--1"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(valid(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!valid(bad[i]));
}

static void
check_order(void)
{
	CHECK(compare("10.0", "10.00") == 0);
	CHECK(compare("-0", "0.000") == 0);
	CHECK(compare("1e2", "100") == 0);
	CHECK(compare("9", "10") < 0);
	CHECK(compare("-9", "-10") > 0);
	CHECK(compare("-1", "1") < 0);
	CHECK(compare("0.1", "0.09") > 0);
	CHECK(compare("9007199254740993", "9007199254740992") > 0);
	CHECK(compare("1e99999999999", "1e9") > 0);
	CHECK(compare("0e99999999999", "-1") > 0);
}

static void
check_spelling(void)
{
	CHECK(canon_is("13715.65000000", "13715.65"));
	CHECK(canon_is("+007", "7"));
	CHECK(canon_is("-0.00", "0"));
	CHECK(canon_is("1.50e1", "15"));
	CHECK(canon_is("15e3", "15000"));
	CHECK(canon_is("15e-4", "0.0015"));
	CHECK(canon_is(".5", "0.5"));
	CHECK(canon_is("-123.456", "-123.456"));
	CHECK(canon_is("100", "100"));
}

int
main(void)
{
	struct buf out = {0};

	check_grammar();
	check_order();
	check_spelling();
	CHECK(decimal_canon(slice_of("1e99999"), &out) == -1);
	return check_done();
}
