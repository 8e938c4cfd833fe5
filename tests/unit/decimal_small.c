/* SPDX-License-Identifier: ISC */
#include "decimal_small.h"
#include "check.h"

#include <inttypes.h>
#include <stdlib.h>

#include "decimal.h"
#include "rng.h"

/* True if the text is small, with these parts. */
static bool
is(const char *text, int64_t mantissa, int scale)
{
	struct decimal_small small;

	return decimal_small(slice_of(text), &small) &&
	       small.mantissa == mantissa && small.scale == scale;
}

static bool
is_none(const char *text)
{
	struct decimal_small small;

	return !decimal_small(slice_of(text), &small);
}

static void
check_parts(void)
{
	CHECK(is("0", 0, 0));
	CHECK(is("-0.00", 0, 2));
	CHECK(is("+007", 7, 0));
	CHECK(is("5.", 5, 0));
	CHECK(is(".5", 5, 1));
	CHECK(is("-35731.42000000", -3573142000000, 8));
	CHECK(is("9223372036854775807", INT64_MAX, 0));
	CHECK(is("-9223372036854775807", -INT64_MAX, 0));
	CHECK(is("0.123456789012345678", 123456789012345678, 18));
	CHECK(is_none(""));
	CHECK(is_none("."));
	CHECK(is_none("-"));
	CHECK(is_none("+."));
	CHECK(is_none("1e5"));
	CHECK(is_none("1.2.3"));
	CHECK(is_none("12345678x"));
	CHECK(is_none("9223372036854775808"));
	CHECK(is_none("00000000000000000001"));
	CHECK(is_none(".1234567890123456789"));
}

/* A decimal of any sign, up to 19 digits and any scale. */
static struct slice
make(uint64_t *rng, char text[32])
{
	int len = 1 + (int)(rng_next(rng) % 19), at = 0;
	int point = (int)(rng_next(rng) % 20);

	if (rng_next(rng) % 4 == 0)
		text[at++] = "+-"[rng_next(rng) % 2];
	for (int i = 0; i < len; i++) {
		if (i == point)
			text[at++] = '.';
		text[at++] = (char)('0' + (rng_next(rng) % 3 == 0
						  ? rng_next(rng) % 10
						  : 9 * (rng_next(rng) % 2)));
	}
	text[at] = '\0';
	return slice_of(text);
}

/* The order, where the exact one of text comes from a longer spelling. */
static int
order_of_texts(struct slice a, struct slice b)
{
	struct buf left = {0}, right = {0};
	int diff;

	/* too many digits for the small way */
	buf_add_slice(&left, a);
	buf_add_slice(&right, b);
	buf_puts(&left, "e0");
	buf_puts(&right, "e0");
	diff = decimal_compare(buf_slice(&left), buf_slice(&right));
	buf_release(&left);
	buf_release(&right);
	return (diff > 0) - (diff < 0);
}

/* Checks the order of two texts, and of one in the ranges of the other. */
static bool
agrees(struct slice a, struct slice b)
{
	struct decimal_small x, y;
	struct decimal_range from, above, to, below;
	int diff = order_of_texts(a, b);

	if (!decimal_small(a, &x) || !decimal_small(b, &y))
		return true;
	decimal_range_all(&from);
	above = to = below = from;
	decimal_range_from(&from, y, false);
	decimal_range_from(&above, y, true);
	decimal_range_to(&to, y, false);
	decimal_range_to(&below, y, true);
	return decimal_small_order(x, y) == diff &&
	       decimal_range_has(&from, x) == (diff >= 0) &&
	       decimal_range_has(&above, x) == (diff > 0) &&
	       decimal_range_has(&to, x) == (diff <= 0) &&
	       decimal_range_has(&below, x) == (diff < 0);
}

static bool
agrees_always(void)
{
	uint64_t rng = 1;

	for (int i = 0; i < 200000; i++) {
		char one[32], other[32];
		struct slice a = make(&rng, one), b = make(&rng, other);

		if (agrees(a, b) && agrees(b, a) && agrees(a, a))
			continue;
		printf("# %s and %s\n", one, other);
		return false;
	}
	return true;
}

int
main(void)
{
	check_parts();
	CHECK(agrees_always());
	return check_done();
}
