/* SPDX-License-Identifier: ISC */
#include "decimal_math.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A canonical decimal: sign, then whole digits, a point, fraction digits. */
struct number {
	struct buf text;
	const char *digits; /* behind the sign */
	bool negative;
	long whole, fraction; /* how many digits before and behind the point */
};

/* Takes an operand; number_release() in either case. */
static int
number_init(struct number *number, struct slice text)
{
	const char *point;

	*number = (struct number){0};
	if (decimal_canon(text, &number->text))
		return -1;
	number->negative = number->text.data[0] == '-';
	number->digits = number->text.data + number->negative;
	point = strchr(number->digits, '.');
	number->whole = (long)strlen(number->digits);
	if (point) {
		number->fraction = number->whole - (point - number->digits) - 1;
		number->whole = point - number->digits;
	}
	return 0;
}

static void
number_release(struct number *number)
{
	buf_release(&number->text);
}

/* The digit worth 10^place, which may lie outside of the number. */
static int
digit_at(const struct number *number, long place)
{
	long at = number->whole - place - (place >= 0);

	if (place >= number->whole || place < -number->fraction)
		return 0;
	return number->digits[at] - '0';
}

static long
larger(long a, long b)
{
	return a > b ? a : b;
}

/* |a| - |b|: its sign. */
static int
compare_magnitudes(const struct number *a, const struct number *b)
{
	return decimal_compare(slice_of(a->digits), slice_of(b->digits));
}

/* Appends the canonical spelling of count digits with a point in them. */
static int
append(struct buf *out, bool negative, const char *digits, long count,
    long fraction)
{
	struct buf text = {0};
	int result;

	if (negative)
		buf_putc(&text, '-');
	buf_add(&text, digits, (size_t)(count - fraction));
	buf_putc(&text, '.');
	buf_add(&text, digits + count - fraction, (size_t)fraction);
	result = decimal_canon(buf_slice(&text), out);
	buf_release(&text);
	return result;
}

/* Appends +-(|a| + sign |b|), where |a| >= |b| if sign is -1. */
static int
append_sum(const struct number *a, const struct number *b, int sign,
    bool negative, struct buf *out)
{
	long fraction = larger(a->fraction, b->fraction);
	long count = larger(a->whole, b->whole) + 1 + fraction;
	char *digits = xmalloc((size_t)count);
	int carry = 0, result;

	for (long i = count - 1, place = -fraction; i >= 0; i--, place++) {
		int sum =
		    carry + digit_at(a, place) + sign * digit_at(b, place);

		carry = sum > 9 ? 1 : sum < 0 ? -1 : 0;
		digits[i] = (char)('0' + sum - 10 * carry);
	}
	result = append(out, negative, digits, count, fraction);
	free(digits);
	return result;
}

static int
add_numbers(const struct number *a, const struct number *b, struct buf *out)
{
	if (a->negative == b->negative)
		return append_sum(a, b, 1, a->negative, out);
	if (compare_magnitudes(a, b) < 0)
		return append_sum(b, a, -1, b->negative, out);
	return append_sum(a, b, -1, a->negative, out);
}

static int
multiply_numbers(
    const struct number *a, const struct number *b, struct buf *out)
{
	long fraction = a->fraction + b->fraction;
	long count = a->whole + b->whole + fraction;
	/* up to DECIMAL_MAX_DIGITS products of two digits fit in each sum */
	uint32_t *sums = xcalloc((size_t)count + 1, sizeof(*sums));
	char *digits = xmalloc((size_t)count);
	int result;

	for (long i = -a->fraction; i < a->whole; i++) {
		uint32_t digit = (uint32_t)digit_at(a, i);

		for (long j = -b->fraction; j < b->whole && digit; j++)
			sums[i + j + fraction] +=
			    digit * (uint32_t)digit_at(b, j);
	}
	for (long i = 0; i < count; i++) {
		sums[i + 1] += sums[i] / 10;
		digits[count - 1 - i] = (char)('0' + sums[i] % 10);
	}
	result =
	    append(out, a->negative != b->negative, digits, count, fraction);
	free(digits);
	free(sums);
	return result;
}

/* Calls work(a, b), with the sign of b turned if asked for. */
static int
with_numbers(struct slice a, struct slice b, bool turn,
    int (*work)(const struct number *, const struct number *, struct buf *),
    struct buf *out)
{
	struct number left, right;
	int result = number_init(&left, a);

	if (number_init(&right, b))
		result = -1;
	right.negative ^= turn;
	if (!result)
		result = work(&left, &right, out);
	number_release(&left);
	number_release(&right);
	return result;
}

int
decimal_add(struct slice a, struct slice b, struct buf *out)
{
	return with_numbers(a, b, false, add_numbers, out);
}

int
decimal_sub(struct slice a, struct slice b, struct buf *out)
{
	return with_numbers(a, b, true, add_numbers, out);
}

int
decimal_mul(struct slice a, struct slice b, struct buf *out)
{
	return with_numbers(a, b, false, multiply_numbers, out);
}
