/* SPDX-License-Identifier: ISC */
#include "bigfloat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	LIMB_BITS = 64,
	/* a product's limbs; sums and shifts need less */
	ROOM = 2 * BIGFLOAT_MAX_LIMBS + 2,
	SEED_BITS = 50, /* that a double gives a Newton iteration */
};

struct bigfloat *
bigfloat_new(size_t count, size_t size)
{
	size_t each = sizeof(struct bigfloat) + size * sizeof(uint64_t);
	struct bigfloat *array = xcalloc(count + !count, each);
	uint64_t *limbs = (uint64_t *)(array + count);

	for (size_t i = 0; i < count; i++) {
		array[i].size = size;
		array[i].limbs = limbs + i * size;
	}
	return array;
}

/* r = sign * 0.m * 2^exponent of any fraction m of n limbs, which is used up.
 */
static void
take(struct bigfloat *r, int sign, uint64_t *m, size_t n, int64_t exponent)
{
	size_t top = n;
	unsigned shift;

	while (top && !m[top - 1])
		top--;
	if (!top) {
		r->sign = 0;
		return;
	}
	shift = (unsigned)__builtin_clzll(m[top - 1]);
	for (size_t i = 0; i < r->size; i++) {
		uint64_t high = i < top ? m[top - 1 - i] : 0;
		uint64_t low = i + 1 < top ? m[top - 2 - i] : 0;

		r->limbs[r->size - 1 - i] =
		    shift ? high << shift | low >> (LIMB_BITS - shift) : high;
	}
	r->sign = sign;
	r->exponent = exponent - (int64_t)(n - top) * LIMB_BITS - shift;
}

void
bigfloat_set(struct bigfloat *r, const struct bigfloat *a)
{
	size_t n = r->size < a->size ? r->size : a->size;

	memmove(r->limbs + (r->size - n), a->limbs + (a->size - n),
	    n * sizeof(*r->limbs));
	memset(r->limbs, 0, (r->size - n) * sizeof(*r->limbs));
	r->sign = a->sign;
	r->exponent = a->exponent;
}

void
bigfloat_set_int(struct bigfloat *r, int64_t value)
{
	uint64_t m = value < 0 ? -(uint64_t)value : (uint64_t)value;

	take(r, value < 0 ? -1 : 1, &m, 1, LIMB_BITS);
}

void
bigfloat_set_long_double(struct bigfloat *r, long double value)
{
	int exponent;
	uint64_t m =
	    (uint64_t)ldexpl(frexpl(fabsl(value), &exponent), LIMB_BITS);

	take(r, value < 0 ? -1 : 1, &m, 1, exponent);
}

void
bigfloat_set_bigint(struct bigfloat *r, const struct bigint *value)
{
	size_t count;
	uint64_t *m = bigint_magnitude(value, &count);

	take(r, bigint_sign(value), m, count, (int64_t)count * LIMB_BITS);
	free(m);
}

int
bigfloat_set_text(struct bigfloat *r, struct slice text)
{
	struct bigint value = {0};
	size_t scale;

	if (bigint_set_decimal(&value, text, &scale))
		return -1;
	bigfloat_set_bigint(r, &value);
	bigfloat_scale(r, r, -(int64_t)scale);
	bigint_release(&value);
	return 0;
}

/* The sign of |a| - |b|; neither is zero. */
static int
compare_magnitudes(const struct bigfloat *a, const struct bigfloat *b)
{
	if (a->exponent != b->exponent)
		return a->exponent < b->exponent ? -1 : 1;
	for (size_t i = a->size; i-- > 0;) {
		if (a->limbs[i] != b->limbs[i])
			return a->limbs[i] < b->limbs[i] ? -1 : 1;
	}
	return 0;
}

int
bigfloat_compare(const struct bigfloat *a, const struct bigfloat *b)
{
	if (a->sign != b->sign)
		return a->sign < b->sign ? -1 : 1;
	return a->sign ? a->sign * compare_magnitudes(a, b) : 0;
}

/* to = the limbs of a behind one guard limb, shifted right. */
static void
shifted(uint64_t *to, const struct bigfloat *a, size_t by)
{
	size_t skip = by / LIMB_BITS, n = a->size + 1;
	unsigned bits = by % LIMB_BITS;

	for (size_t i = 0; i < n; i++) {
		/* limb j of the unshifted number is a's limb j - 1 */
		size_t j = i + skip;
		uint64_t low = j > 0 && j < n ? a->limbs[j - 1] : 0;
		uint64_t high = j + 1 < n ? a->limbs[j] : 0;

		to[i] = bits ? low >> bits | high << (LIMB_BITS - bits) : low;
	}
}

/* t += u or t -= u; returns the carry of a sum. */
static uint64_t
combine(uint64_t *t, const uint64_t *u, size_t n, bool subtract)
{
	uint64_t flip = subtract ? UINT64_MAX : 0, carry = subtract;

	for (size_t i = 0; i < n; i++) {
		uint128 sum = (uint128)t[i] + (u[i] ^ flip) + carry;

		t[i] = (uint64_t)sum;
		carry = (uint64_t)(sum >> LIMB_BITS);
	}
	return subtract ? 0 : carry;
}

/* r = a + b with the signs given; |a| >= |b| > 0 */
static void
add_smaller(struct bigfloat *r, const struct bigfloat *a,
    const struct bigfloat *b, int a_sign, int b_sign)
{
	uint64_t t[ROOM], u[ROOM];
	size_t n = r->size + 1;

	if (a->exponent - b->exponent > (int64_t)n * LIMB_BITS) {
		bigfloat_set(r, a);
		r->sign = a_sign;
		return;
	}
	shifted(t, a, 0);
	shifted(u, b, (size_t)(a->exponent - b->exponent));
	t[n] = combine(t, u, n, a_sign != b_sign);
	take(r, a_sign, t, n + 1, a->exponent + LIMB_BITS);
}

/* r = a + b, if b had the sign given */
static void
add(struct bigfloat *r, const struct bigfloat *a, const struct bigfloat *b,
    int b_sign)
{
	int a_sign = a->sign;

	if (!a_sign || !b_sign) {
		bigfloat_set(r, a_sign ? a : b);
		r->sign = a_sign ? a_sign : b_sign;
	} else if (compare_magnitudes(a, b) >= 0) {
		add_smaller(r, a, b, a_sign, b_sign);
	} else {
		add_smaller(r, b, a, b_sign, a_sign);
	}
}

void
bigfloat_add(
    struct bigfloat *r, const struct bigfloat *a, const struct bigfloat *b)
{
	add(r, a, b, b->sign);
}

void
bigfloat_sub(
    struct bigfloat *r, const struct bigfloat *a, const struct bigfloat *b)
{
	add(r, a, b, -b->sign);
}

void
bigfloat_mul(
    struct bigfloat *r, const struct bigfloat *a, const struct bigfloat *b)
{
	uint64_t t[ROOM] = {0};
	size_t n = r->size;

	if (!a->sign || !b->sign) {
		r->sign = 0;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t carry = 0;

		for (size_t j = 0; j < n; j++) {
			uint128 p = (uint128)a->limbs[i] * b->limbs[j] +
				    t[i + j] + carry;

			t[i + j] = (uint64_t)p;
			carry = (uint64_t)(p >> LIMB_BITS);
		}
		t[i + n] = carry;
	}
	take(r, a->sign * b->sign, t, 2 * n, a->exponent + b->exponent);
}

/* The fraction 0.m as a double. */
static double
fraction(const struct bigfloat *a)
{
	return ldexp((double)(a->limbs[a->size - 1] >> 11), -53);
}

void
bigfloat_inverse(struct bigfloat *r, const struct bigfloat *a)
{
	struct bigfloat *w = bigfloat_new(4, r->size);
	struct bigfloat *x = &w[0], *t = &w[1], *two = &w[2], *unit = &w[3];
	size_t bits = SEED_BITS / 2;

	bigfloat_set(unit, a);
	unit->sign = 1;
	unit->exponent = 0;
	bigfloat_set_int(two, 2);
	bigfloat_set_long_double(x, 1 / fraction(a));
	do { /* the last round is for what truncation took */
		bits *= 2;
		bigfloat_mul(t, unit, x);
		bigfloat_sub(t, two, t);
		bigfloat_mul(x, x, t);
	} while (bits < r->size * LIMB_BITS);
	x->exponent -= a->exponent;
	x->sign = a->sign;
	bigfloat_set(r, x);
	free(w);
}

void
bigfloat_div(
    struct bigfloat *r, const struct bigfloat *a, const struct bigfloat *b)
{
	struct bigfloat *inverse = bigfloat_new(1, r->size);

	bigfloat_inverse(inverse, b);
	bigfloat_mul(r, a, inverse);
	free(inverse);
}

void
bigfloat_sqrt(struct bigfloat *r, const struct bigfloat *a)
{
	struct bigfloat *w = bigfloat_new(4, r->size);
	struct bigfloat *y = &w[0], *t = &w[1], *three = &w[2], *unit = &w[3];
	int64_t half = a->exponent / 2;
	size_t bits = SEED_BITS / 2;

	if (!a->sign) {
		r->sign = 0;
		free(w);
		return;
	}
	bigfloat_set(unit, a);
	unit->exponent -= 2 * half; /* now between 1/4 and 2 */
	bigfloat_set_int(three, 3);
	bigfloat_set_long_double(
	    y, 1 / sqrt(ldexp(fraction(a), (int)unit->exponent)));
	do {
		bits *= 2;
		bigfloat_mul(t, unit, y);
		bigfloat_mul(t, t, y);
		bigfloat_sub(t, three, t);
		bigfloat_mul(y, y, t);
		y->exponent--;
	} while (bits < r->size * LIMB_BITS);
	/* the root is unit y; a last step takes its own error away */
	bigfloat_mul(t, unit, y);
	bigfloat_mul(three, t, t);
	bigfloat_sub(three, unit, three);
	bigfloat_mul(three, three, y);
	if (three->sign)
		three->exponent--;
	bigfloat_add(r, t, three);
	r->exponent += half;
	free(w);
}

void
bigfloat_scale(struct bigfloat *r, const struct bigfloat *a, int64_t n)
{
	struct bigfloat *w = bigfloat_new(2, r->size);
	uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;

	bigfloat_set_int(&w[0], 10);
	bigfloat_set_int(&w[1], 1);
	for (; left; left >>= 1) {
		if (left & 1)
			bigfloat_mul(&w[1], &w[1], &w[0]);
		bigfloat_mul(&w[0], &w[0], &w[0]);
	}
	if (n < 0)
		bigfloat_div(r, a, &w[1]);
	else
		bigfloat_mul(r, a, &w[1]);
	free(w);
}

void
bigfloat_negate(struct bigfloat *a)
{
	a->sign = -a->sign;
}

int
bigfloat_digits(const struct bigfloat *a, const struct bigfloat *b)
{
	size_t size = a->size < b->size ? a->size : b->size;
	struct bigfloat *w = bigfloat_new(3, size);
	int most = (int)(size * LIMB_BITS * 30103 / 100000), digits = most;

	bigfloat_set(&w[0], a);
	bigfloat_set(&w[1], b);
	bigfloat_sub(&w[2], &w[0], &w[1]);
	if (w[2].sign) {
		double gap = (double)(w[0].exponent - w[2].exponent) +
			     log2(fraction(&w[0]) / fraction(&w[2]));

		digits = w[0].sign ? (int)floor(gap * log10(2)) : 0;
		if (digits < 0)
			digits = 0;
	}
	free(w);
	return digits < most ? digits : most;
}

void
bigfloat_whole(const struct bigfloat *a, struct bigint *value)
{
	int64_t shift = a->exponent - (int64_t)a->size * LIMB_BITS;

	bigint_set_int64(value, 0);
	for (size_t i = 0; i < a->size; i++) {
		int64_t at = shift + (int64_t)i * LIMB_BITS;
		uint64_t limb = a->limbs[i];

		if (at <= -LIMB_BITS)
			continue;
		if (at < 0) {
			limb >>= -at;
			at = 0;
		}
		bigint_add_int128(value, (int128)limb, (unsigned)at);
	}
}

/*
 * The digits of |a| rounded: digits of them, as an integer, and the power of
 * ten of the first one.
 */
static int64_t
round_digits(const struct bigfloat *a, int digits, struct buf *text)
{
	struct bigfloat *w = bigfloat_new(2, a->size);
	struct bigint value = {0};
	int64_t power =
	    (int64_t)floor((double)(a->exponent - 1) * 0.30102999566398);

	for (;; power++) {
		bigfloat_scale(&w[0], a, digits - 1 - power);
		w[0].sign = 1;
		bigfloat_set_int(&w[1], 1);
		w[1].exponent = 0; /* 1/2 */
		bigfloat_add(&w[0], &w[0], &w[1]);
		bigfloat_whole(&w[0], &value);
		buf_clear(text);
		bigint_text(&value, 0, text);
		if (text->len <= (size_t)digits)
			break; /* else the estimate was one too small */
	}
	bigint_release(&value);
	free(w);
	return power;
}

/* Appends digits with a point behind the first whole of them. */
static void
put_plain(struct buf *out, const char *digits, size_t len, int64_t whole)
{
	if (whole <= 0)
		buf_puts(out, "0.");
	for (int64_t i = whole; i < 0; i++)
		buf_putc(out, '0');
	for (int64_t i = 0; i < (int64_t)len || i < whole; i++) {
		if (i && i == whole)
			buf_putc(out, '.');
		buf_putc(out, i < (int64_t)len ? digits[i] : '0');
	}
}

void
bigfloat_text(const struct bigfloat *a, int digits, struct buf *out)
{
	struct buf text = {0};
	int64_t power;

	if (!a->sign) {
		buf_putc(out, '0');
		return;
	}
	power = round_digits(a, digits, &text);
	while (text.len > 1 && text.data[text.len - 1] == '0')
		text.len--;
	if (a->sign < 0)
		buf_putc(out, '-');
	if (power >= -5 && power < digits) {
		put_plain(out, text.data, text.len, power + 1);
	} else {
		put_plain(out, text.data, text.len, 1);
		buf_printf(out, "e%+03lld", (long long)power);
	}
	buf_release(&text);
}

double
bigfloat_double(const struct bigfloat *a)
{
	if (!a->sign)
		return 0;
	if (a->exponent > 2000 || a->exponent < -2000)
		return a->exponent > 0 ? a->sign * HUGE_VAL : 0;
	return a->sign * ldexp(fraction(a), (int)a->exponent);
}

long double
bigfloat_long_double(const struct bigfloat *a)
{
	if (!a->sign)
		return 0;
	if (a->exponent > 20000 || a->exponent < -20000)
		return a->exponent > 0 ? a->sign * HUGE_VALL : 0;
	return a->sign * ldexpl((long double)a->limbs[a->size - 1],
			     (int)a->exponent - LIMB_BITS);
}
