/* SPDX-License-Identifier: ISC */
#include "fraction.h"

#include <stdlib.h>

#include "bigfloat.h"
#include "residues.h"

void
fraction_divide(struct bigint *quotient, struct bigint *rest,
    const struct bigint *a, const struct bigint *b)
{
	size_t size = bigint_bits(a) / 64 + 2;
	struct bigfloat *w = bigfloat_new(2, size);
	struct bigint product = {0}, one = {0};

	bigint_set_int64(&one, 1);
	bigfloat_set_bigint(&w[0], a);
	bigfloat_set_bigint(&w[1], b);
	bigfloat_div(&w[0], &w[0], &w[1]);
	bigint_set(rest, a); /* quotient may be a */
	bigfloat_whole(&w[0], quotient);
	/* numbers of these sizes are far below bigint's limit */
	bigint_mul(&product, quotient, b);
	bigint_sub(rest, &product);
	while (bigint_sign(rest) < 0) {
		bigint_sub(quotient, &one);
		bigint_add(rest, b);
	}
	while (bigint_compare(rest, b) >= 0) {
		bigint_add(quotient, &one);
		bigint_sub(rest, b);
	}
	bigint_release(&product);
	bigint_release(&one);
	free(w);
}

void
fraction_reduce(struct bigint *a, const struct bigint *b)
{
	struct bigint quotient = {0}, rest = {0}, other = {0};

	bigint_set(&other, b);
	while (bigint_sign(&other)) {
		fraction_divide(&quotient, &rest, a, &other);
		bigint_set(a, &other);
		bigint_set(&other, &rest);
	}
	bigint_release(&quotient);
	bigint_release(&rest);
	bigint_release(&other);
}

void
fraction_combine(
    struct bigint *u, const struct bigint *m, uint64_t r, uint64_t p)
{
	uint64_t known = bigint_mod(u, p), step;
	struct bigint t = {0};

	step = residues_mul(r >= known ? r - known : r + p - known,
	    residues_inverse(bigint_mod(m, p), p), p);
	bigint_set_int64(&t, (int64_t)step);
	bigint_mul(&t, &t, m);
	bigint_add(u, &t);
	bigint_release(&t);
}

bool
fraction_find(const struct bigint *u, const struct bigint *m,
    struct bigint *top, struct bigint *bottom)
{
	struct bigint a = {0}, rest = {0}, quotient = {0}, b = {0}, t = {0};
	size_t half = (bigint_bits(m) - 2) / 2;

	bigint_set(&a, m);
	bigint_set(top, u);
	bigint_set_int64(bottom, 1);
	while (bigint_bits(top) > half) {
		fraction_divide(&quotient, &rest, &a, top);
		bigint_set(&a, top);
		bigint_set(top, &rest);
		bigint_mul(&t, &quotient, bottom);
		bigint_sub(&b, &t);
		/* b, bottom = bottom, b */
		bigint_set(&t, bottom);
		bigint_set(bottom, &b);
		bigint_set(&b, &t);
	}
	if (bigint_sign(bottom) < 0) {
		bigint_negate(bottom);
		bigint_negate(top);
	}
	bigint_release(&a);
	bigint_release(&rest);
	bigint_release(&quotient);
	bigint_release(&b);
	bigint_release(&t);
	return bigint_bits(bottom) <= half && bigint_sign(bottom) > 0;
}

void
fraction_text(const struct bigint *factor, const struct bigint *denominator,
    struct buf *out)
{
	struct bigint common = {0}, top = {0}, bottom = {0}, rest = {0};

	bigint_set(&top, factor);
	if (bigint_sign(&top) < 0)
		bigint_negate(&top);
	bigint_set(&common, &top);
	fraction_reduce(&common, denominator);
	fraction_divide(&top, &rest, &top, &common);
	fraction_divide(&bottom, &rest, denominator, &common);
	bigint_text(&top, 0, out);
	if (bigint_bits(&bottom) > 1) {
		buf_putc(out, '/');
		bigint_text(&bottom, 0, out);
	}
	bigint_release(&common);
	bigint_release(&top);
	bigint_release(&bottom);
	bigint_release(&rest);
}
