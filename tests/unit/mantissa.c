/* SPDX-License-Identifier: ISC */
#include "mantissa.h"
#include "check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rng.h"

/* Parses a text that ends in front of bytes that must not matter. */
static bool
parse(const char *text, const char *behind, int64_t *mantissa, uint8_t *scale)
{
	char padded[64] = {0};
	struct slice value = {padded, strlen(text)};

	snprintf(padded, sizeof(padded), "%s%s", text, behind);
	return mantissa_parse(&value, 1, mantissa, scale) == 1;
}

static bool
gives(const char *text, int64_t want, int want_scale)
{
	static const char *const behind[] = {
	    "", "0", "9", ".", "-", ",1234567.9"};
	int64_t mantissa = 0;
	uint8_t scale = 0;

	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		if (!parse(text, behind[i], &mantissa, &scale) ||
		    mantissa != want || scale != want_scale) {
			printf("# %s in front of %s: %" PRId64 " %d\n", text,
			    behind[i], mantissa, scale);
			return false;
		}
	}
	return true;
}

static bool
refused(const char *text)
{
	int64_t mantissa;
	uint8_t scale;

	return !parse(text, "", &mantissa, &scale) &&
	       !parse(text, "1", &mantissa, &scale);
}

static void
check_spellings(void)
{
	CHECK(gives("0", 0, 0));
	CHECK(gives("-0", 0, 0));
	CHECK(gives("7", 7, 0));
	CHECK(gives("-7", -7, 0));
	CHECK(gives("007", 7, 0));
	CHECK(gives("12345678", 12345678, 0));
	CHECK(gives("123456789", 123456789, 0));
	CHECK(gives("1704067200000", INT64_C(1704067200000), 0));
	CHECK(gives("9999999999999999", INT64_C(9999999999999999), 0));
	CHECK(gives("99999999999999999", INT64_C(99999999999999999), 0));
	CHECK(gives("-999999999999999999", -INT64_C(999999999999999999), 0));
	CHECK(gives("1.5", 15, 1));
	CHECK(gives("-1.50", -150, 2));
	CHECK(gives("0.00000001", 1, 8));
	CHECK(gives("35731.42000000", INT64_C(3573142000000), 8));
	CHECK(gives("0.99999999999999999", INT64_C(99999999999999999), 17));
	CHECK(gives("-12345678.1234567890", -INT64_C(123456781234567890), 10));
}

static void
check_refusals(void)
{
	static const char *const bad[] = {"-", ".", "-.", "+1", ".5", "5.",
	    "-5.", "-.5", "1.2.3", "1e5", "1 ", " 1", "1,0", "12/4", "12:4",
	    "--1", "1-", "0x1", "1234567.", ".1234567", "12345678.",
	    "123456789012345.", ".123456789012345", "1..2",
	    "9999999999999999999", "1000000000000000000", "123456789012345678.",
	    "1x34567890.12", "1234567890.1234567890", "\xb1", "1\xb1",
	    "1\x1e\x35", "123456789\x80", "1234567890123456789012345678901234"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(refused(bad[i]));
}

/* Every place of the point and every length, against printf's digits. */
static void
check_all_layouts(void)
{
	uint64_t state = 1;
	bool good = true;
	char text[64];

	for (int round = 0; round < 200; round++)
		for (int digits = 1; digits <= MANTISSA_DIGITS; digits++)
			for (int scale = 0; scale < digits; scale++) {
				uint64_t limit =
				    (uint64_t)mantissa_power((unsigned)digits);
				int64_t value =
				    (int64_t)(rng_next(&state) % limit);
				int64_t unit = mantissa_power((unsigned)scale);

				snprintf(text, sizeof(text), "%0*" PRId64,
				    digits - scale, value / unit);
				if (scale)
					snprintf(text + strlen(text), 32,
					    ".%0*" PRId64, scale, value % unit);
				good &= gives(text, value, scale);
			}
	CHECK(good);
}

static void
check_many(void)
{
	static const char text[] = "1.5,22,x,4                      ";
	struct slice values[] = {
	    {text, 3}, {text + 4, 2}, {text + 7, 1}, {text + 9, 1}};
	int64_t mantissas[4] = {0};
	uint8_t scales[4] = {0};

	CHECK(mantissa_parse(values, 4, mantissas, scales) == 2);
	CHECK(mantissas[0] == 15 && scales[0] == 1);
	CHECK(mantissas[1] == 22 && scales[1] == 0);
	CHECK(mantissa_align(mantissas, scales, 2) == 1);
	CHECK(mantissas[0] == 15 && mantissas[1] == 220);
}

static void
check_align(void)
{
	int64_t wide[] = {1, INT64_C(-999999999999999999)};
	uint8_t scales[] = {1, 0}, same[] = {3, 3};

	CHECK(mantissa_align(wide, scales, 2) == -1);
	CHECK(wide[0] == 1 && wide[1] == INT64_C(-999999999999999999));
	CHECK(mantissa_align(wide, same, 2) == 3);
	CHECK(wide[0] == 1);
	wide[1] /= 10;
	CHECK(mantissa_align(wide, scales, 2) == 1);
	CHECK(wide[1] == INT64_C(-999999999999999990));
	CHECK(mantissa_power(18) == INT64_C(1000000000000000000));
}

int
main(void)
{
	check_spellings();
	check_refusals();
	check_all_layouts();
	check_many();
	check_align();
	return check_done();
}
