/* SPDX-License-Identifier: ISC */
#include "decimal_bytes.h"
#include "check.h"

#include <inttypes.h>

#include "rng.h"

/* Takes a text behind 16 bytes of something else. */
static bool
take(const struct decimal_layout *layout, const char *text,
    struct decimal_bytes *bytes)
{
	struct buf room = {0};
	size_t len = slice_of(text).len;
	bool taken;

	buf_puts(&room, "123.456,890,2345");
	buf_puts(&room, text);
	taken = decimal_bytes_take(layout, room.data + room.len, len, bytes);
	buf_release(&room);
	return taken;
}

static void
check_taking(void)
{
	struct decimal_range all;
	struct decimal_layout two, whole;
	struct decimal_bytes bytes;

	decimal_range_all(&all);
	two = decimal_layout_of(2, &all);
	whole = decimal_layout_of(0, &all);
	CHECK(take(&two, "1.25", &bytes));
	CHECK(take(&two, ".25", &bytes));
	CHECK(take(&two, "1234567890123.25", &bytes));
	CHECK(!take(&two, "12345678901234.25", &bytes));
	CHECK(!take(&two, "25", &bytes));
	CHECK(!take(&two, "125", &bytes));
	CHECK(!take(&two, "1.2.25", &bytes));
	CHECK(!take(&two, "1.2x", &bytes));
	CHECK(!take(&two, "-1.25", &bytes));
	CHECK(!take(&two, "1/25", &bytes));
	CHECK(!take(&two, "1-25", &bytes));
	CHECK(!take(&two,
	    "1\xae"
	    "25",
	    &bytes));
	CHECK(!take(&two, "", &bytes));
	CHECK(take(&whole, "1234567890123456", &bytes));
	CHECK(bytes.high == UINT64_C(0x0102030405060708) &&
	      bytes.low == UINT64_C(0x0900010203040506));
	CHECK(!take(&whole, "1.", &bytes));
	CHECK(!take(&whole, "", &bytes));
	CHECK(!take(&whole, "12345678901234567", &bytes));
}

/* Every byte at every place of a number. */
static bool
takes_only_digits(void)
{
	struct decimal_range all;
	struct decimal_layout layout;

	decimal_range_all(&all);
	layout = decimal_layout_of(8, &all);
	for (int i = 0; i < 15 * 256; i++) {
		char text[] = "123456.12345678";
		struct decimal_bytes bytes;
		bool point = i / 256 == 6, good;

		if (i % 256 == 0)
			continue; /* the end of a C string */
		text[i / 256] = (char)(i % 256);
		good = point ? text[6] == '.'
			     : text[i / 256] >= '0' && text[i / 256] <= '9';
		if (take(&layout, text, &bytes) != good)
			return false;
	}
	return true;
}

/* Checks what is taken, its order and its range against decimal_small.h. */
static bool
agrees(uint64_t *rng)
{
	int scale = (int)(rng_next(rng) % DECIMAL_BYTES_SCALES);
	uint64_t most = digits_power[1 + rng_next(rng) % 15];
	struct decimal_small a = {(int64_t)(rng_next(rng) % most), scale};
	struct decimal_small b = {(int64_t)(rng_next(rng) % most), scale};
	struct decimal_small bound = {
	    (int64_t)(rng_next(rng) % most), (int)(rng_next(rng) % 19)};
	struct decimal_range range;
	struct decimal_layout layout;
	struct decimal_bytes x, y;
	struct decimal_small again;
	char one[48], other[48];
	const char *format = scale ? "%" PRId64 ".%0*" PRId64 : "%" PRId64;
	int64_t power = (int64_t)digits_power[scale];

	if (rng_next(rng) % 4 == 0)
		bound.mantissa = -bound.mantissa;
	decimal_range_all(&range);
	if (rng_next(rng) % 2)
		decimal_range_from(&range, bound, rng_next(rng) % 2);
	else
		decimal_range_to(&range, bound, rng_next(rng) % 2);
	layout = decimal_layout_of(scale, &range);
	snprintf(one, sizeof(one), format, a.mantissa / power, scale,
	    a.mantissa % power);
	snprintf(other, sizeof(other), format, b.mantissa / power, scale,
	    b.mantissa % power);
	if (!take(&layout, one, &x) || !take(&layout, other, &y))
		return slice_of(one).len > DECIMAL_BYTES ||
		       slice_of(other).len > DECIMAL_BYTES;
	again = decimal_bytes_small(x, scale);
	return again.mantissa == a.mantissa && again.scale == scale &&
	       decimal_bytes_less(x, y) == (a.mantissa < b.mantissa) &&
	       decimal_bytes_within(&layout, x) == decimal_range_has(&range, a);
}

static bool
agrees_always(void)
{
	uint64_t rng = 2;

	for (int i = 0; i < 100000; i++) {
		if (!agrees(&rng)) {
			printf("# case %d\n", i);
			return false;
		}
	}
	return true;
}

int
main(void)
{
	check_taking();
	CHECK(takes_only_digits());
	CHECK(agrees_always());
	return check_done();
}
