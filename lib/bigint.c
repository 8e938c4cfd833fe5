/* SPDX-License-Identifier: ISC */
#include "bigint.h"

#include <stdlib.h>
#include <string.h>

#include "decimal.h"

enum {
	LIMB_BITS = 64,
	FIRST_LIMBS = 4,
	MAX_LIMBS = BIGINT_BITS / LIMB_BITS,
	/* the most digits of a power of ten in a limb */
	GROUP = 18,
};

#define TEN_TO_GROUP UINT64_C(1000000000000000000)

void
bigint_release(struct bigint *a)
{
	free(a->limbs);
	*a = (struct bigint){0};
}

/* What continues a number above its limbs: all zeros or all ones. */
static uint64_t
extension(const struct bigint *a)
{
	return a->count && a->limbs[a->count - 1] >> (LIMB_BITS - 1)
		   ? UINT64_MAX
		   : 0;
}

static uint64_t
limb(const struct bigint *a, size_t i)
{
	return i < a->count ? a->limbs[i] : extension(a);
}

static size_t
bits_of(const uint64_t *limbs, size_t count)
{
	while (count && !limbs[count - 1])
		count--;
	if (!count)
		return 0;
	return count * LIMB_BITS - (size_t)__builtin_clzll(limbs[count - 1]);
}

/* The bits that two's complement needs for a, without the sign. */
static size_t
width(const struct bigint *a)
{
	size_t count = a->count;
	uint64_t above = extension(a), top;

	while (count && a->limbs[count - 1] == above)
		count--;
	if (!count)
		return 0;
	top = a->limbs[count - 1] ^ above;
	return count * LIMB_BITS - (size_t)__builtin_clzll(top);
}

/* Makes room for a value of so many bits, and its sign. */
static int
reserve(struct bigint *a, size_t bits)
{
	size_t need = bits / LIMB_BITS + 1, count = a->count;
	uint64_t above = extension(a);

	if (need <= count)
		return 0;
	if (need > MAX_LIMBS)
		return -1;
	if (!count)
		count = FIRST_LIMBS;
	while (count < need)
		count *= 2;
	a->limbs = xrealloc(a->limbs, count * sizeof(*a->limbs));
	for (size_t i = a->count; i < count; i++)
		a->limbs[i] = above;
	a->count = count;
	return 0;
}

void
bigint_set(struct bigint *a, const struct bigint *b)
{
	if (a == b)
		return;
	if (reserve(a, width(b)))
		abort(); /* b has room for its own bits */
	for (size_t i = 0; i < a->count; i++)
		a->limbs[i] = limb(b, i);
}

void
bigint_set_int64(struct bigint *a, int64_t value)
{
	uint64_t above = value < 0 ? UINT64_MAX : 0;

	if (reserve(a, LIMB_BITS))
		abort(); /* the limit is more than a limb */
	a->limbs[0] = (uint64_t)value;
	for (size_t i = 1; i < a->count; i++)
		a->limbs[i] = above;
}

int
bigint_sign(const struct bigint *a)
{
	if (extension(a))
		return -1;
	for (size_t i = 0; i < a->count; i++) {
		if (a->limbs[i])
			return 1;
	}
	return 0;
}

int
bigint_compare(const struct bigint *a, const struct bigint *b)
{
	size_t i = a->count > b->count ? a->count : b->count;
	bool a_negative = extension(a), b_negative = extension(b);

	if (a_negative != b_negative)
		return a_negative ? -1 : 1;
	while (i-- > 0) {
		if (limb(a, i) != limb(b, i))
			return limb(a, i) < limb(b, i) ? -1 : 1;
	}
	return 0;
}

size_t
bigint_bits(const struct bigint *a)
{
	size_t count, bits;
	uint64_t *limbs;

	if (!extension(a))
		return bits_of(a->limbs, a->count);
	limbs = bigint_magnitude(a, &count);
	bits = bits_of(limbs, count);
	free(limbs);
	return bits;
}

void
bigint_negate(struct bigint *a)
{
	uint64_t carry = 1;

	/* 2^k needs a bit more than -2^k */
	if (reserve(a, width(a) + 1))
		abort(); /* sums and products leave that bit */
	for (size_t i = 0; i < a->count; i++) {
		a->limbs[i] = ~a->limbs[i] + carry;
		carry = carry && !a->limbs[i];
	}
}

/* a + (b ^ flip) + carry, with room for the sum. */
static int
add(struct bigint *a, const struct bigint *b, uint64_t flip, uint64_t carry)
{
	size_t bits = width(a), more = width(b);

	/* two more: the sum's, and the one that negation may need */
	if (reserve(a, (bits > more ? bits : more) + 2))
		return -1;
	for (size_t i = 0; i < a->count; i++) {
		uint128 sum =
		    (uint128)a->limbs[i] + (limb(b, i) ^ flip) + carry;

		a->limbs[i] = (uint64_t)sum;
		carry = (uint64_t)(sum >> LIMB_BITS);
	}
	return 0;
}

int
bigint_add(struct bigint *a, const struct bigint *b)
{
	return add(a, b, 0, 0);
}

int
bigint_sub(struct bigint *a, const struct bigint *b)
{
	if (a == b) {
		bigint_set_int64(a, 0);
		return 0;
	}
	return add(a, b, UINT64_MAX, 1);
}

int
bigint_add_int128(struct bigint *a, int128 value, unsigned shift)
{
	uint64_t above = value < 0 ? UINT64_MAX : 0;
	uint64_t parts[4] = {
	    (uint64_t)value, (uint64_t)(value >> LIMB_BITS), above, above};
	size_t skip = shift / LIMB_BITS, bits = width(a);
	unsigned by = shift % LIMB_BITS;
	uint64_t carry = 0;

	if (bits < 2 * LIMB_BITS + shift)
		bits = 2 * LIMB_BITS + shift;
	if (reserve(a, bits + 2))
		return -1;
	if (by) {
		for (size_t i = 3; i > 0; i--)
			parts[i] =
			    parts[i] << by | parts[i - 1] >> (LIMB_BITS - by);
		parts[0] <<= by;
	}
	for (size_t i = skip; i < a->count; i++) {
		uint64_t part = i - skip < 4 ? parts[i - skip] : above;
		uint128 sum = (uint128)a->limbs[i] + part + carry;

		a->limbs[i] = (uint64_t)sum;
		carry = (uint64_t)(sum >> LIMB_BITS);
	}
	return 0;
}

uint64_t *
bigint_magnitude(const struct bigint *a, size_t *count)
{
	uint64_t *limbs = xcalloc(a->count + 1, sizeof(*limbs));
	uint64_t flip = extension(a), carry = flip & 1;

	for (size_t i = 0; i < a->count; i++) {
		limbs[i] = (a->limbs[i] ^ flip) + carry;
		carry = carry && !limbs[i];
	}
	*count = a->count;
	while (*count && !limbs[*count - 1])
		--*count;
	return limbs;
}

int
bigint_mul(struct bigint *a, const struct bigint *b, const struct bigint *c)
{
	size_t nb, nc;
	uint64_t *x = bigint_magnitude(b, &nb), *y = bigint_magnitude(c, &nc);
	struct bigint product = {0};
	bool negative = bigint_sign(b) * bigint_sign(c) < 0;
	int result = reserve(&product, bits_of(x, nb) + bits_of(y, nc) + 1);

	for (size_t i = 0; i < nb && !result; i++) {
		uint64_t carry = 0;

		for (size_t j = 0; j < nc || carry; j++) {
			uint128 t = (uint128)x[i] * (j < nc ? y[j] : 0) +
				    product.limbs[i + j] + carry;

			product.limbs[i + j] = (uint64_t)t;
			carry = (uint64_t)(t >> LIMB_BITS);
		}
	}
	free(x);
	free(y);
	if (result)
		return -1;
	if (negative)
		bigint_negate(&product);
	bigint_release(a);
	*a = product;
	return 0;
}

/* a = a * factor + more, for a >= 0 with room for it. */
static void
mul_add(struct bigint *a, uint64_t factor, uint64_t more)
{
	for (size_t i = 0; i < a->count; i++) {
		uint128 t = (uint128)a->limbs[i] * factor + more;

		a->limbs[i] = (uint64_t)t;
		more = (uint64_t)(t >> LIMB_BITS);
	}
}

static uint64_t
power_of_ten(size_t n)
{
	uint64_t power = 1;

	while (n-- > 0)
		power *= 10;
	return power;
}

int
bigint_scale(struct bigint *a, size_t n)
{
	bool negative = extension(a);

	/* log2(10) < 3.322 */
	if (n > BIGINT_BITS || reserve(a, bigint_bits(a) + n * 3322 / 1000 + 1))
		return -1;
	if (negative)
		bigint_negate(a);
	for (; n > 0; n -= n < GROUP ? n : GROUP)
		mul_add(a, power_of_ten(n < GROUP ? n : GROUP), 0);
	if (negative)
		bigint_negate(a);
	return 0;
}

/* a = digits, and perhaps a point among them */
static void
set_digits(struct bigint *a, const char *digits, size_t len)
{
	bigint_set_int64(a, 0);
	if (reserve(a, len * 3322 / 1000 + 1))
		abort(); /* the limit is more than a decimal's digits */
	for (size_t i = 0; i < len;) {
		uint64_t group = 0;
		size_t n = 0;

		for (; n < GROUP && i < len; i++) {
			if (digits[i] == '.')
				continue;
			group = group * 10 + (uint64_t)(digits[i] - '0');
			n++;
		}
		mul_add(a, power_of_ten(n), group);
	}
}

int
bigint_set_decimal(struct bigint *a, struct slice text, size_t *scale)
{
	struct buf canon = {0};
	const char *digits, *point;
	bool negative;

	if (!decimal_valid(text) || decimal_canon(text, &canon)) {
		buf_release(&canon);
		return -1;
	}
	negative = canon.data[0] == '-';
	digits = canon.data + negative;
	point = strchr(digits, '.');
	*scale = point ? strlen(point + 1) : 0;
	set_digits(a, digits, strlen(digits));
	if (negative)
		bigint_negate(a);
	buf_release(&canon);
	return 0;
}

/* Divides limbs in place; returns the remainder. */
static uint64_t
divide(uint64_t *limbs, size_t count, uint64_t d)
{
	uint64_t rest = 0;

	for (size_t i = count; i-- > 0;) {
		uint128 t = (uint128)rest << LIMB_BITS | limbs[i];

		limbs[i] = (uint64_t)(t / d);
		rest = (uint64_t)(t % d);
	}
	return rest;
}

uint64_t
bigint_div_small(struct bigint *a, uint64_t d)
{
	bool negative = extension(a);
	uint64_t rest;

	if (negative)
		bigint_negate(a);
	rest = divide(a->limbs, a->count, d);
	if (negative)
		bigint_negate(a);
	return rest;
}

uint64_t
bigint_mod(const struct bigint *a, uint64_t p)
{
	size_t count;
	uint64_t *limbs = bigint_magnitude(a, &count), rest;

	rest = divide(limbs, count, p);
	free(limbs);
	return rest && extension(a) ? p - rest : rest;
}

/* The digits of |a|, the least first, and zeros up to room; how many. */
static size_t
spell(const struct bigint *a, char *digits, size_t room)
{
	size_t count, len = 0;
	uint64_t *limbs = bigint_magnitude(a, &count);

	memset(digits, '0', room);
	while (count) {
		uint64_t group = divide(limbs, count, TEN_TO_GROUP);

		for (int i = 0; i < GROUP; i++, group /= 10)
			digits[len++] = (char)('0' + group % 10);
		while (count && !limbs[count - 1])
			count--;
	}
	while (len && digits[len - 1] == '0')
		len--;
	free(limbs);
	return len;
}

void
bigint_text(const struct bigint *a, size_t scale, struct buf *out)
{
	/* a limb has less than 20 digits */
	size_t room = a->count * 20 + scale + 2 * GROUP, first = 0, len;
	char *digits = xmalloc(room);

	len = spell(a, digits, room);
	if (len <= scale)
		len = scale + 1;
	while (first < scale && digits[first] == '0')
		first++;
	if (bigint_sign(a) < 0)
		buf_putc(out, '-');
	for (size_t i = len; i > first; i--) {
		if (i == scale)
			buf_putc(out, '.');
		buf_putc(out, digits[i - 1]);
	}
	free(digits);
}
