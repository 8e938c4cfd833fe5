/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "predict.h"

enum { PLAIN_ZEROS = 5 }; /* smaller numbers have an exponent */

/* True if the digits from at on are to be rounded up. */
static bool
rounds_up(const char *digits, size_t len, size_t at)
{
	size_t i = at + 1;

	if (digits[at] != '5')
		return digits[at] > '5';
	while (i < len && digits[i] == '0')
		i++;
	return i < len || (at && (digits[at - 1] - '0') % 2);
}

/* Adds 1 to the last digit; returns how many are left without nines. */
static size_t
increment(char *digits, size_t len, long *point)
{
	while (len && digits[len - 1] == '9')
		len--;
	if (len) {
		digits[len - 1]++;
		return len;
	}
	digits[0] = '1';
	++*point;
	return 1;
}

/*
 * Rounds to the first keep digits and drops zeros behind them; returns how
 * many are left. *point, the digits before the decimal point, grows where
 * 9.99 becomes 10.
 */
static size_t
round_digits(char *digits, size_t len, size_t keep, long *point)
{
	if (len > keep)
		len = rounds_up(digits, len, keep)
			  ? increment(digits, keep, point)
			  : keep;
	while (len > 1 && digits[len - 1] == '0')
		len--;
	return len;
}

static void
put_zeros(struct buf *out, long count)
{
	for (long i = 0; i < count; i++)
		buf_putc(out, '0');
}

/* 0.digits * 10^point without an exponent */
static void
put_plain(const char *digits, long len, long point, struct buf *out)
{
	long whole = point < len ? point : len;

	if (point <= 0) {
		buf_puts(out, "0.");
		put_zeros(out, -point);
		buf_add(out, digits, (size_t)len);
		return;
	}
	buf_add(out, digits, (size_t)whole);
	put_zeros(out, point - whole);
	if (len > whole) {
		buf_putc(out, '.');
		buf_add(out, digits + whole, (size_t)(len - whole));
	}
}

static void
put_exponent(const char *digits, size_t len, long point, struct buf *out)
{
	buf_putc(out, digits[0]);
	if (len > 1) {
		buf_putc(out, '.');
		buf_add(out, digits + 1, len - 1);
	}
	buf_printf(out, "e%c%02ld", point < 1 ? '-' : '+', labs(point - 1));
}

void
predict_round(
    const struct bigint *value, size_t scale, size_t digits, struct buf *out)
{
	struct buf text = {0};
	bool minus = bigint_sign(value) < 0;
	size_t len;
	char *first;
	long point;

	if (!bigint_sign(value)) {
		buf_putc(out, '0');
		return;
	}
	bigint_text(value, 0, &text);
	first = text.data + minus;
	len = text.len - minus;
	point = (long)len - (long)scale;
	len = round_digits(first, len, digits, &point);
	if (minus)
		buf_putc(out, '-');
	if (point <= -PLAIN_ZEROS || point > (long)digits)
		put_exponent(first, len, point, out);
	else
		put_plain(first, (long)len, point, out);
	buf_release(&text);
}
