/* SPDX-License-Identifier: ISC */
#include "bigfloat.h"
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
prints(const char *text, int digits, const char *want)
{
	struct bigfloat *a = bigfloat_new(1, 4);
	struct buf out = {0};
	bool same = !bigfloat_set_text(a, slice_of(text));

	bigfloat_text(a, digits, &out);
	same = same && !strcmp(buf_text(&out), want);
	if (!same)
		printf("# %s, not %s\n", buf_text(&out), want);
	buf_release(&out);
	free(a);
	return same;
}

static void
check_text(void)
{
	CHECK(prints("0", 25, "0"));
	CHECK(prints("-0.5", 25, "-0.5"));
	CHECK(prints("120", 25, "120"));
	CHECK(prints("120", 3, "120"));
	CHECK(prints("1200", 3, "1.2e+03"));
	CHECK(prints("0.00001", 3, "0.00001"));
	CHECK(prints("0.000001", 3, "1e-06"));
	CHECK(prints(
	    "123456789.123456789123456789", 25, "123456789.1234567891234568"));
	CHECK(prints("0.99999", 3, "1"));
	CHECK(prints("999999.96", 3, "1e+06"));
	CHECK(prints("1e300", 25, "1e+300"));
	CHECK(prints("-1.5e-300", 25, "-1.5e-300"));
}

static void
check_numbers(void)
{
	struct bigfloat *w = bigfloat_new(2, 4);

	CHECK(bigfloat_set_text(w, slice_of("x")) == -1);
	bigfloat_set_int(w, INT64_MIN);
	CHECK(bigfloat_double(w) == -0x1p63);
	bigfloat_set_long_double(w, -0.1L);
	CHECK(bigfloat_long_double(w) == -0.1L);
	bigfloat_set_text(w, slice_of("1e400"));
	CHECK(isinf(bigfloat_double(w)));
	if (check_long_double())
		CHECK(bigfloat_long_double(w) > 0.99e400L);
	bigfloat_set_text(w, slice_of("1e-400"));
	CHECK(bigfloat_double(w) == 0);
	bigfloat_set_int(w, 0);
	bigfloat_set_int(w + 1, 3);
	CHECK(bigfloat_compare(w, w + 1) < 0);
	bigfloat_negate(w + 1);
	CHECK(bigfloat_compare(w, w + 1) > 0);
	CHECK(bigfloat_digits(w, w) == 77);
	CHECK(bigfloat_digits(w, w + 1) == 0);
	bigfloat_sqrt(w, w);
	CHECK(w->sign == 0);
	free(w);
}

/* A number of another size is cut or extended, from the top. */
static void
check_sizes(void)
{
	struct bigfloat *small = bigfloat_new(1, 2), *big = bigfloat_new(1, 8);
	struct bigfloat *back = bigfloat_new(1, 2);

	bigfloat_set_text(big, slice_of("0.1"));
	bigfloat_set(small, big);
	CHECK(bigfloat_digits(small, big) == 38);
	bigfloat_set(big, small);
	bigfloat_set(back, big);
	CHECK(bigfloat_compare(back, small) == 0);
	free(small);
	free(big);
	free(back);
}

/* Lines "OP SIZE A B" from standard input, the result of each on a line. */
static void
calculate(void)
{
	static char op[16], left[512], right[512];
	size_t size;

	while (scanf("%15s %zu %511s %511s", op, &size, left, right) == 4) {
		struct bigfloat *a = bigfloat_new(3, size), *b = a + 1;
		struct buf out = {0};

		bigfloat_set_text(a, slice_of(left));
		bigfloat_set_text(b, slice_of(right));
		if (!strcmp(op, "add"))
			bigfloat_add(a + 2, a, b);
		else if (!strcmp(op, "sub"))
			bigfloat_sub(a + 2, a, b);
		else if (!strcmp(op, "mul"))
			bigfloat_mul(a + 2, a, b);
		else if (!strcmp(op, "div"))
			bigfloat_div(a + 2, a, b);
		else
			bigfloat_sqrt(a + 2, a);
		bigfloat_text(a + 2, (int)size * 19 - 3, &out);
		puts(buf_text(&out));
		buf_release(&out);
		free(a);
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
	check_numbers();
	check_sizes();
	return check_done();
}
