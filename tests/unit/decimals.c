/* SPDX-License-Identifier: ISC */
#include "decimals.h"
#include "check.h"

#include <string.h>

/* A value with the bytes behind it that are read. */
static struct slice
value(const char *text)
{
	static char room[8][512];
	static size_t next;
	char *to = room[next++ % 8];

	strcpy(to, text);
	return (struct slice){to, strlen(text)};
}

/* Parses up to 8 values, none of which is faulty. */
static void
parse(struct decimals *column, const char *const *texts, size_t count)
{
	struct slice values[8];
	unsigned char faults[8] = {0};

	for (size_t r = 0; r < count; r++)
		values[r] = value(texts[r]);
	CHECK(!decimals_parse(column, values, count, faults));
}

/* The value of a row, as text: what the sum with a column of ones is. */
static bool
row_is(const struct decimals *column, size_t row, const char *want)
{
	struct decimals one = {0};
	struct decimals_sum sum = {0};
	struct buf text = {0};
	bool same;

	one.mantissas[row] = 1;
	CHECK(!decimals_add(&sum, column, &one, row));
	bigint_text(decimals_total(&sum), sum.scale, &text);
	same = !strcmp(buf_text(&text), want);
	if (!same)
		printf("# row %zu is %s, not %s\n", row, buf_text(&text), want);
	decimals_sum_release(&sum);
	buf_release(&text);
	return same;
}

static void
test_parse(void)
{
	static const char *const texts[] = {"1.50", "9223372036854775807",
	    "-9223372036854775808", "1e40", "1e-300", "-.5", "-0"};
	struct decimals column = {0};

	parse(&column, texts, 7);
	CHECK(column.nwide == 3); /* -2^63, 1e40, 1e-300 */
	CHECK(row_is(&column, 0, "1.5"));
	CHECK(row_is(&column, 1, "9223372036854775807"));
	CHECK(row_is(&column, 2, "-9223372036854775808"));
	CHECK(row_is(&column, 3, "10000000000000000000000000000000000000000"));
	CHECK(row_is(&column, 5, "-0.5"));
	CHECK(row_is(&column, 6, "0"));
	CHECK(decimals_sign(&column, 2) == -1);
	CHECK(decimals_sign(&column, 3) == 1);
	CHECK(decimals_sign(&column, 5) == -1);
	CHECK(decimals_sign(&column, 6) == 0);
	/* no row of the next block is wide */
	parse(&column, texts, 1);
	CHECK(column.nwide == 0);
	decimals_release(&column);
}

static void
test_faults(void)
{
	struct slice values[] = {
	    value("1"), value(""), value("x"), value("1e5000"), value("2")};
	unsigned char faults[5] = {0, 0, DECIMALS_EMPTY, 0, 0};
	struct decimals column = {0};

	CHECK(decimals_parse(&column, values, 5, faults) == 3);
	CHECK(faults[0] == 0);
	CHECK(faults[1] == DECIMALS_EMPTY);
	CHECK(faults[2] == (DECIMALS_EMPTY | DECIMALS_BAD));
	CHECK(faults[3] == DECIMALS_BAD);
	CHECK(faults[4] == 0);
	CHECK(row_is(&column, 1, "0"));
	CHECK(row_is(&column, 4, "2"));
	decimals_release(&column);
}

/* As programs print doubles: 64 bits hold them, as they hold the digits. */
static void
test_exponents(void)
{
	static const char *const texts[] = {"-1.2345678901234567e-05", "5.e-1",
	    "1.5E+1", "0000000000000000000000001e-2", "123456789012345678e-9",
	    "1234567890123456789e-9", "1e3"};
	struct decimals column = {0};

	parse(&column, texts, 7);
	CHECK(column.nwide == 0);
	CHECK(column.scales[0] == 21);
	CHECK(row_is(&column, 0, "-0.000012345678901234567"));
	CHECK(row_is(&column, 1, "0.5"));
	CHECK(row_is(&column, 2, "15"));
	CHECK(row_is(&column, 3, "0.01"));
	CHECK(row_is(&column, 4, "123456789.012345678"));
	CHECK(row_is(&column, 5, "1234567890.123456789"));
	CHECK(row_is(&column, 6, "1000"));
	decimals_release(&column);
}

static void
test_exponent_faults(void)
{
	static const char *const texts[] = {
	    "1e", "1e-", "e5", ".e5", "1e5x", "1e1.5", "1e+-5", "1ee5"};
	struct slice values[8];
	unsigned char faults[8] = {0};
	struct decimals column = {0};

	for (size_t r = 0; r < 8; r++)
		values[r] = value(texts[r]);
	CHECK(decimals_parse(&column, values, 8, faults) == 8);
	values[0] = (struct slice){"1\0"
				   "5e1                ",
	    5};
	CHECK(decimals_parse(&column, values, 1, faults) == 1);
	decimals_release(&column);
}

static void
test_multiply(void)
{
	static const char *const a[] = {"1.5", "3000000000", "1e30", "-2"};
	static const char *const b[] = {"-0.25", "-4000000000", "0.5", "1e30"};
	struct decimals left = {0}, right = {0}, product = {0};

	parse(&left, a, 4);
	parse(&right, b, 4);
	CHECK(!decimals_multiply(&product, &left, &right, 4));
	CHECK(row_is(&product, 0, "-0.375"));
	CHECK(row_is(&product, 1, "-12000000000000000000"));
	CHECK(row_is(&product, 2, "500000000000000000000000000000"));
	CHECK(row_is(&product, 3, "-2000000000000000000000000000000"));
	decimals_release(&left);
	decimals_release(&right);
	decimals_release(&product);
}

static void
test_pick(void)
{
	static const char *const texts[] = {"1e30", "2", "3e30", "4.5"};
	static const uint16_t list[] = {1, 2, 3}, mixed[] = {0, 3, 0, 1};
	struct decimals column = {0}, picked = {0};

	parse(&column, texts, 4);
	decimals_pick(&picked, &column, mixed, 4);
	CHECK(row_is(&picked, 0, "1000000000000000000000000000000"));
	CHECK(row_is(&picked, 1, "4.5"));
	CHECK(row_is(&picked, 2, "1000000000000000000000000000000"));
	CHECK(row_is(&picked, 3, "2"));
	CHECK(picked.nwide == 2);
	decimals_pick(&column, &column, list, 3);
	CHECK(row_is(&column, 0, "2"));
	CHECK(row_is(&column, 1, "3000000000000000000000000000000"));
	CHECK(row_is(&column, 2, "4.5"));
	CHECK(column.nwide == 1);
	decimals_release(&column);
	decimals_release(&picked);
}

/* More than 128 bits of products, at scales that change. */
static void
test_sum(void)
{
	static const char *const texts[] = {
	    "9223372036854775807", "-0.001", "1e25", "9223372036854775807"};
	struct decimals column = {0};
	struct decimals_sum sum = {0};
	struct buf text = {0};

	parse(&column, texts, 4);
	for (size_t i = 0; i < 4; i++) {
		for (size_t r = 0; r < 4; r++)
			CHECK(!decimals_add(&sum, &column, &column, r));
	}
	bigint_text(decimals_total(&sum), sum.scale, &text);
	/* 4 (2 (2^63 - 1)^2 + 10^-6 + 10^50) */
	CHECK(!strcmp(buf_text(&text),
	    "400000000000680564733841876926779175262273860009992.000004"));
	buf_release(&text);
	decimals_sum_release(&sum);
	decimals_release(&column);
}

int
main(void)
{
	test_parse();
	test_faults();
	test_exponents();
	test_exponent_faults();
	test_multiply();
	test_pick();
	test_sum();
	return check_done();
}
