/* SPDX-License-Identifier: ISC */
#include "fraction.h"
#include "check.h"

#include <string.h>

/* Numbers given as text, so that they can be of any size. */
static struct bigint
big(const char *text)
{
	struct bigint value = {0};
	size_t scale;

	bigint_set_decimal(&value, slice_of(text), &scale);
	return value;
}

static bool
is(struct bigint *value, const char *want)
{
	struct buf text = {0};
	bool same;

	bigint_text(value, 0, &text);
	same = !strcmp(buf_text(&text), want);
	if (!same)
		printf("# %s, not %s\n", buf_text(&text), want);
	buf_release(&text);
	bigint_release(value);
	return same;
}

static bool
divides(const char *a, const char *b, const char *quotient, const char *rest)
{
	struct bigint x = big(a), y = big(b), q = {0}, r = {0};
	bool good;

	fraction_divide(&q, &r, &x, &y);
	good = is(&q, quotient);
	good &= is(&r, rest);
	bigint_release(&x);
	bigint_release(&y);
	return good;
}

static bool
reduces(const char *a, const char *b, const char *divisor)
{
	struct bigint x = big(a), y = big(b);

	fraction_reduce(&x, &y);
	bigint_release(&y);
	return is(&x, divisor);
}

/* The fraction with the residue u modulo m, as "top/bottom" or "". */
static bool
finds(const char *u, const char *m, const char *top, const char *bottom)
{
	struct bigint x = big(u), y = big(m), a = {0}, b = {0};
	bool found = fraction_find(&x, &y, &a, &b), good = found == !!*top;

	if (found && good) {
		good = is(&a, top);
		good &= is(&b, bottom);
	} else {
		bigint_release(&a);
		bigint_release(&b);
	}
	bigint_release(&x);
	bigint_release(&y);
	return good;
}

static bool
combines(void)
{
	/* 23 is 2 mod 3, 3 mod 5, 2 mod 7: Sunzi's own example */
	struct bigint u = big("2"), m = big("3");

	fraction_combine(&u, &m, 3, 5);
	bigint_release(&m);
	m = big("15");
	fraction_combine(&u, &m, 2, 7);
	bigint_release(&m);
	return is(&u, "23");
}

static bool
prints(const char *a, const char *b, const char *want)
{
	struct bigint x = big(a), y = big(b);
	struct buf text = {0};
	bool same;

	fraction_text(&x, &y, &text);
	same = !strcmp(buf_text(&text), want);
	buf_release(&text);
	bigint_release(&x);
	bigint_release(&y);
	return same;
}

int
main(void)
{
	/* figures from Python's integers */
	CHECK(divides("7", "2", "3", "1"));
	CHECK(divides("0", "5", "0", "0"));
	CHECK(divides("5", "7", "0", "5"));
	CHECK(divides("123456789012345678901234567890", "98765432109876543210",
	    "1249999988", "60185185207253086410"));
	CHECK(divides("340282366920938463463374607431768211456",
	    "18446744073709551616", "18446744073709551616", "0"));
	CHECK(reduces("12", "18", "6"));
	CHECK(reduces("1000000007", "998244353", "1"));
	CHECK(reduces("100000000000000000000000000000000", "2", "2"));
	/* modulo the prime 2^61 - 1 */
	CHECK(finds("1537228672809129301", "2305843009213693951", "1", "3"));
	CHECK(
	    finds("2305843009213633951", "2305843009213693951", "-60000", "1"));
	CHECK(finds("0", "2305843009213693951", "0", "1"));
	CHECK(finds("2", "5", "", ""));
	CHECK(combines());
	CHECK(prints("60000", "1", "60000"));
	CHECK(prints("-4", "12", "1/3"));
	return check_done();
}
