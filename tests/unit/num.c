/* SPDX-License-Identifier: ISC */
#include "num.h"
#include "check.h"
#include "dies.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
int_is(const char *text, int64_t want)
{
	int64_t value = 0;

	return !num_int64(slice_of(text), &value) && value == want;
}

static bool
no_int(struct slice text)
{
	int64_t value = 42;

	return num_int64(text, &value) == -1 && value == 42;
}

static bool
double_is(const char *text, double want)
{
	double value = 0;

	return !num_double(slice_of(text), &value) &&
	       !memcmp(&value, &want, sizeof(value));
}

static bool
no_double(struct slice text)
{
	double value = 42;

	return num_double(text, &value) == -1 && value == 42;
}

static bool
formats(double value, const char *want)
{
	char text[NUM_SIZE];

	num_format(value, text);
	return !strcmp(text, want);
}

static void
check_ints(void)
{
	static const char *const bad[] = {"", "+", "-", "+-1", " 1", "1 ",
	    "1.0", "1e3", "0x10", "9223372036854775808", "-9223372036854775809",
	    "92233720368547758070", "18446744073709551616",
	    "99999999999999999999999999", "1\n"};

	CHECK(int_is("0", 0));
	CHECK(int_is("-0", 0));
	CHECK(int_is("+7", 7));
	CHECK(int_is("000000000000000000000000012", 12));
	CHECK(int_is("9223372036854775807", INT64_MAX));
	CHECK(int_is("-9223372036854775808", INT64_MIN));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(no_int(slice_of(bad[i])));
	CHECK(no_int((struct slice){"1\0", 2}));
	CHECK(no_int((struct slice){NULL, 0}));
}

/* Numbers of more and more digits: 0.1, 0.10, 0.100 ... */
static void
check_long_doubles(void)
{
	char text[200] = "0.1";
	int wrong = 0;

	memset(text + 3, '0', sizeof(text) - 3);
	for (size_t len = 3; len <= sizeof(text); len++) {
		double value = 0;

		wrong += num_double((struct slice){text, len}, &value) ||
			 value != 0.1;
	}
	CHECK(wrong == 0);
}

static void
check_doubles(void)
{
	static const char *const bad[] = {"", "nan", "inf", "-Infinity",
	    "0x1p3", "1e400", "-1e400", " 1", "1 ", "1,5", ".", "1e", "1f"};

	CHECK(double_is("0.1", 0.1));
	CHECK(double_is("-0", -0.0));
	CHECK(double_is(".5", 0.5));
	CHECK(double_is("5.", 5));
	CHECK(double_is("1e-400", 0));
	CHECK(double_is("1.7976931348623157e308", 1.7976931348623157e308));
	CHECK(double_is("9007199254740993", 9007199254740992.0));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(no_double(slice_of(bad[i])));
	CHECK(no_double((struct slice){"1\0", 2}));
}

static void
check_spelling(void)
{
	CHECK(formats(0, "0"));
	CHECK(formats(0.1, "0.1"));
	CHECK(formats(0.1 + 0.2, "0.30000000000000004"));
	CHECK(formats(1.0 / 3, "0.3333333333333333"));
	CHECK(formats(123456789012345678.0, "1.2345678901234568e+17"));
	CHECK(formats(-1.5e-9, "-1.5e-09"));
	CHECK(formats(5e-324, "4.94065645841247e-324"));
	CHECK(formats(1e22, "1e+22"));
}

/* Bits at random, by a fixed multiplier, so that every run is the same. */
static void
check_round_trip(void)
{
	uint64_t bits = 1;
	int wrong = 0;

	for (int i = 0; i < 100000; i++) {
		double value, back;
		char text[NUM_SIZE];

		bits =
		    bits * UINT64_C(6364136223846793005) + 1442695040888963407;
		memcpy(&value, &bits, sizeof(value));
		if (!isfinite(value))
			continue;
		num_format(value, text);
		wrong += num_double(slice_of(text), &back) || back != value;
	}
	CHECK(wrong == 0);
}

static void
too_large(void)
{
	num_option("-n", "11", 1, 10);
}

static void
no_number(void)
{
	num_option("--rows", "ten", 1, 10);
}

static void
no_share(void)
{
	num_share_option("-m", "100.1%");
}

static void
check_shares(void)
{
	CHECK(num_share_option("-m", "99.9%") == 999000);
	CHECK(num_share_option("-m", "0.29") == 290000);
	CHECK(num_share_option("-m", "1") == 1000000);
	CHECK(num_share_option("-m", "0%") == 0);
	CHECK(dies_saying(no_share,
	    "sluice: -m: '100.1%' is not a share like 0.999 or 99.9%\n"));
}

static void
too_small(void)
{
	num_size_option("-M", "15M", 16 << 20);
}

static void
no_size(void)
{
	num_size_option("-M", "1P", 0);
}

static void
check_sizes(void)
{
	CHECK(num_size_option("-M", "0", 0) == 0);
	CHECK(num_size_option("-M", "12345", 0) == 12345);
	CHECK(num_size_option("-M", "3K", 0) == 3 << 10);
	CHECK(num_size_option("-M", "16M", 16 << 20) == 16 << 20);
	CHECK(num_size_option("-M", "5G", 0) == (size_t)5 << 30);
	CHECK(num_size_option("-M", "2T", 0) == (size_t)2 << 40);
	CHECK(dies_saying(too_small,
	    "sluice: -M: '15M' is not a size such as 256M, at least 16M\n"));
	CHECK(dies_saying(
	    no_size, "sluice: -M: '1P' is not a size such as 256M\n"));
}

static bool
bytes_are(int64_t bytes, const char *want)
{
	char text[NUM_SIZE];

	num_format_bytes(bytes, text);
	return !strcmp(text, want);
}

static void
check_bytes(void)
{
	CHECK(bytes_are(0, "0 B"));
	CHECK(bytes_are(1023, "1023 B"));
	CHECK(bytes_are(1024, "1.0 KiB"));
	CHECK(bytes_are(1048575, "1.0 MiB"));
	CHECK(bytes_are(INT64_C(1319413953331), "1.2 TiB"));
	CHECK(bytes_are(INT64_MAX, "8.0 EiB"));
}

static bool
float_is(double value, const char *want)
{
	char text[NUM_SIZE];

	num_format_float(value, text);
	return !strcmp(text, want);
}

static void
check_floats(void)
{
	CHECK(float_is(1, "1.0"));
	CHECK(float_is(-0.0, "-0.0"));
	CHECK(float_is(1e20, "1e+20"));
	CHECK(float_is(0.1, "0.1"));
	CHECK(float_is((double)INFINITY, "Infinity"));
	CHECK(float_is(-(double)INFINITY, "-Infinity"));
	CHECK(float_is((double)NAN, "NaN"));
}

int
main(void)
{
	check_bytes();
	check_floats();
	check_shares();
	check_sizes();
	check_ints();
	check_long_doubles();
	check_doubles();
	check_spelling();
	check_round_trip();
	CHECK(num_option("-n", "1", 1, 10) == 1);
	CHECK(num_option("-n", "10", 1, 10) == 10);
	CHECK(dies_saying(too_large,
	    "sluice: -n: '11' is not a whole number from 1 to 10\n"));
	CHECK(dies_saying(no_number,
	    "sluice: --rows: 'ten' is not a whole number from 1 to 10\n"));
	return check_done();
}
