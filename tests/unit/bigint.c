/* SPDX-License-Identifier: ISC */
#include "bigint.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

static struct bigint
number(const char *text)
{
	struct bigint a = {0};
	size_t scale;

	if (bigint_set_decimal(&a, slice_of(text), &scale))
		abort();
	return a;
}

static bool
is(const struct bigint *a, size_t scale, const char *want)
{
	struct buf out = {0};
	bool same;

	bigint_text(a, scale, &out);
	same = !strcmp(buf_text(&out), want);
	if (!same)
		printf("# %s, not %s\n", buf_text(&out), want);
	buf_release(&out);
	return same;
}

static void
check_text(void)
{
	struct bigint zero = {0}, a = number("-1200"), b = number("5");

	CHECK(is(&zero, 0, "0"));
	CHECK(is(&zero, 7, "0"));
	CHECK(is(&a, 0, "-1200"));
	CHECK(is(&a, 2, "-12"));
	CHECK(is(&a, 3, "-1.2"));
	CHECK(is(&a, 6, "-0.0012"));
	CHECK(is(&b, 1, "0.5"));
	bigint_release(&a);
	bigint_release(&b);
}

static void
check_decimals(void)
{
	struct bigint a = {0};
	size_t scale;

	CHECK(!bigint_set_decimal(&a, slice_of("+01.2500"), &scale));
	CHECK(scale == 2 && is(&a, scale, "1.25"));
	CHECK(!bigint_set_decimal(&a, slice_of("-12e3"), &scale));
	CHECK(scale == 0 && is(&a, scale, "-12000"));
	CHECK(!bigint_set_decimal(&a, slice_of("12E-5"), &scale));
	CHECK(scale == 5 && is(&a, scale, "0.00012"));
	CHECK(!bigint_set_decimal(&a, slice_of("-0.0"), &scale));
	CHECK(scale == 0 && bigint_sign(&a) == 0);
	CHECK(bigint_set_decimal(&a, slice_of("nan"), &scale));
	CHECK(bigint_set_decimal(&a, slice_of("1e99999"), &scale));
	bigint_release(&a);
}

/* Where the sign bit is the last bit of a limb. */
static void
check_edges(void)
{
	struct bigint a = {0}, b = {0};

	bigint_set_int64(&a, INT64_MIN);
	CHECK(is(&a, 0, "-9223372036854775808"));
	CHECK(bigint_bits(&a) == 64);
	bigint_negate(&a);
	CHECK(is(&a, 0, "9223372036854775808"));
	bigint_set_int64(&b, -1);
	CHECK(!bigint_add_int128(&b, 1, 255));
	CHECK(bigint_bits(&b) == 255);
	CHECK(!bigint_add(&b, &b) && bigint_bits(&b) == 256);
	CHECK(!bigint_sub(&b, &b) && bigint_sign(&b) == 0);
	CHECK(!bigint_add_int128(&b, -1, 255) && bigint_bits(&b) == 256);
	bigint_negate(&b);
	CHECK(bigint_sign(&b) == 1 && bigint_bits(&b) == 256);
	bigint_release(&a);
	bigint_release(&b);
}

/* What would pass the limit is refused and changes nothing. */
static void
check_limit(void)
{
	struct bigint a = {0}, before = {0};

	bigint_set_int64(&a, -3);
	CHECK(!bigint_scale(&a, 4900));
	bigint_set(&before, &a);
	CHECK(bigint_scale(&a, 100) == -1);
	CHECK(bigint_mul(&a, &a, &a) == -1);
	CHECK(bigint_add_int128(&a, 1, BIGINT_BITS) == -1);
	CHECK(bigint_compare(&a, &before) == 0);
	CHECK(bigint_scale(&a, SIZE_MAX) == -1);
	while (!bigint_add(&a, &a))
		;
	CHECK(bigint_bits(&a) < BIGINT_BITS);
	bigint_negate(&a);
	CHECK(bigint_sign(&a) == 1);
	bigint_release(&a);
	bigint_release(&before);
}

static void
apply(const char *op, struct bigint *a, struct bigint *b, long n)
{
	if (!strcmp(op, "add"))
		bigint_add(a, b);
	else if (!strcmp(op, "sub"))
		bigint_sub(a, b);
	else if (!strcmp(op, "mul"))
		bigint_mul(a, a, b);
	else if (!strcmp(op, "div"))
		bigint_div_small(a, (uint64_t)n);
	else if (!strcmp(op, "mod"))
		bigint_set_int64(a, (int64_t)bigint_mod(a, (uint64_t)n));
	else if (!strcmp(op, "scale"))
		bigint_scale(a, (size_t)n);
	else if (!strcmp(op, "shifted"))
		bigint_add_int128(a, (int128)n * 1000000007, 77);
	else if (!strcmp(op, "bits"))
		bigint_set_int64(a, (int64_t)bigint_bits(a));
	else if (!strcmp(op, "compare"))
		bigint_set_int64(a, bigint_compare(a, b));
}

/* Lines "OP A B" from standard input, the result of each on a line. */
static void
calculate(void)
{
	static char op[16], left[8192], right[8192];

	while (scanf("%15s %8191s %8191s", op, left, right) == 3) {
		struct bigint a = number(left), b = number(right);
		struct buf out = {0};

		apply(op, &a, &b, atol(right));
		bigint_text(
		    &a, strcmp(op, "text") ? 0 : (size_t)atol(right), &out);
		puts(buf_text(&out));
		buf_release(&out);
		bigint_release(&a);
		bigint_release(&b);
	}
}

int
main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "calculate")) {
		calculate();
		return 0;
	}
	check_text();
	check_decimals();
	check_edges();
	check_limit();
	return check_done();
}
