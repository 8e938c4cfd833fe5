/* SPDX-License-Identifier: ISC */
#include "decimal.h"

#include <limits.h>
#include <stdint.h>

#include "decimal_small.h"

/*
 * A valid decimal taken apart: value = digits * 10^(point - count), where
 * digits run over whole then fraction with zeros cut on both ends.
 */
struct parts {
	bool negative;
	const char *whole; /* digits before the point */
	const char *fraction;
	size_t nwhole;
	size_t first;  /* first non-zero digit over both runs */
	size_t count;  /* significant digits; 0 for zero */
	int64_t point; /* digits before the decimal point, from first */
};

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static size_t
digits_at(struct slice text, size_t from)
{
	size_t i = from;

	while (i < text.len && is_digit(text.data[i]))
		i++;
	return i - from;
}

static size_t
sign_at(struct slice text, size_t from)
{
	return from < text.len &&
	       (text.data[from] == '-' || text.data[from] == '+');
}

/* Where the parts of a number stand; end is text.len if it is all number. */
struct layout {
	size_t whole, nwhole, fraction, nfraction, exponent, end;
};

static struct layout
lay_out(struct slice text)
{
	struct layout at = {.whole = sign_at(text, 0)};
	size_t i = at.whole, digits;

	at.nwhole = digits_at(text, i);
	i += at.nwhole;
	if (i < text.len && text.data[i] == '.') {
		at.fraction = i + 1;
		at.nfraction = digits_at(text, i + 1);
		i += 1 + at.nfraction;
	}
	at.end = i;
	if (i == text.len || (text.data[i] | 0x20) != 'e')
		return at;
	at.exponent = i + 1;
	i += 1 + sign_at(text, i + 1);
	digits = digits_at(text, i);
	at.end = digits ? i + digits : at.end;
	return at;
}

bool
decimal_valid(struct slice text)
{
	struct layout at = lay_out(text);

	return at.nwhole + at.nfraction > 0 && at.end == text.len;
}

/* The exponent, held within +-INT_MAX: beyond any text we could compare. */
static int64_t
exponent_of(struct slice text, size_t at)
{
	bool negative = text.data[at] == '-';
	int64_t value = 0;

	if (!is_digit(text.data[at]))
		at++;
	for (; at < text.len; at++) {
		value = value * 10 + (text.data[at] - '0');
		if (value > INT_MAX)
			value = INT_MAX;
	}
	return negative ? -value : value;
}

static char
digit_at(const struct parts *parts, size_t i)
{
	return i < parts->nwhole ? parts->whole[i]
				 : parts->fraction[i - parts->nwhole];
}

static struct parts
take_apart(struct slice text)
{
	struct layout at = lay_out(text);
	struct parts parts = {
	    .negative = text.data[0] == '-',
	    .whole = text.data + at.whole,
	    .fraction = text.data + at.fraction,
	    .nwhole = at.nwhole,
	};
	size_t first = 0, end = at.nwhole + at.nfraction;

	while (first < end && digit_at(&parts, first) == '0')
		first++;
	while (end > first && digit_at(&parts, end - 1) == '0')
		end--;
	parts.first = first;
	parts.count = end - first;
	parts.point = (int64_t)at.nwhole - (int64_t)first;
	if (at.exponent)
		parts.point += exponent_of(text, at.exponent);
	if (parts.count == 0) {
		parts.negative = false;
		parts.point = 0;
	}
	return parts;
}

static int
compare_magnitude(const struct parts *a, const struct parts *b)
{
	size_t shared = a->count < b->count ? a->count : b->count;

	if (a->count == 0 || b->count == 0)
		return (a->count > 0) - (b->count > 0);
	if (a->point != b->point)
		return a->point < b->point ? -1 : 1;
	for (size_t i = 0; i < shared; i++) {
		int diff =
		    digit_at(a, a->first + i) - digit_at(b, b->first + i);

		if (diff)
			return diff;
	}
	return (a->count > b->count) - (a->count < b->count);
}

static int
compare_parts(struct slice a, struct slice b)
{
	struct parts left = take_apart(a), right = take_apart(b);

	if (left.negative != right.negative)
		return left.negative ? -1 : 1;
	return left.negative ? compare_magnitude(&right, &left)
			     : compare_magnitude(&left, &right);
}

int
decimal_compare(struct slice a, struct slice b)
{
	struct decimal_small left, right;

	if (decimal_small(a, &left) && decimal_small(b, &right))
		return decimal_small_order(left, right);
	return compare_parts(a, b);
}

int
decimal_canon(struct slice text, struct buf *out)
{
	struct parts parts = take_apart(text);
	int64_t count = (int64_t)parts.count;
	int64_t from = parts.point < 0 ? parts.point : 0;
	int64_t to = count > parts.point ? count : parts.point;

	if (to - from > DECIMAL_MAX_DIGITS)
		return -1;
	if (parts.negative)
		buf_putc(out, '-');
	if (parts.point <= 0)
		buf_putc(out, '0');
	for (int64_t i = from; i < to; i++) {
		if (i == parts.point)
			buf_putc(out, '.');
		buf_putc(out, i < 0 || i >= count
				  ? '0'
				  : digit_at(&parts, parts.first + (size_t)i));
	}
	return 0;
}
