/* SPDX-License-Identifier: ISC */
/*
 * bigfloat - floating point of as many limbs as one likes
 *
 * A number is sign * 0.m * 2^exponent, where m is a fraction of size limbs of
 * 64 bits, the least significant first, whose top bit is set; sign 0 is zero.
 * Results are truncated, so an operation is off by less than one unit in the
 * last limb or two: who needs certain digits computes again with more limbs
 * and compares (Knuth, The Art of Computer Programming 2, 4.2 and 4.3).
 *
 * All operands of a call have the same size, except for those of
 * bigfloat_set() and bigfloat_digits(). They may be the same number. Exponents
 * are far from overflow for any data that bigint holds.
 */
#ifndef BIGFLOAT_H
#define BIGFLOAT_H

#include "bigint.h"

enum { BIGFLOAT_MAX_LIMBS = 64 };

struct bigfloat {
	int sign;
	int64_t exponent;
	size_t size;
	uint64_t *limbs;
};

/*
 * An array of zeros of so many limbs each, which free() frees whole. With
 * count 1, a single number.
 */
struct bigfloat *bigfloat_new(size_t count, size_t size);

/* r = a, cut or extended to r's size. */
void bigfloat_set(struct bigfloat *r, const struct bigfloat *a);
void bigfloat_set_int(struct bigfloat *r, int64_t value);
void bigfloat_set_long_double(struct bigfloat *r, long double value);
void bigfloat_set_bigint(struct bigfloat *r, const struct bigint *value);

/* r = a decimal, or -1 as bigint_set_decimal() */
int bigfloat_set_text(struct bigfloat *r, struct slice text);

/* r = a + b, a - b, a * b, a / b with b not zero */
void bigfloat_add(
    struct bigfloat *r, const struct bigfloat *a, const struct bigfloat *b);
void bigfloat_sub(
    struct bigfloat *r, const struct bigfloat *a, const struct bigfloat *b);
void bigfloat_mul(
    struct bigfloat *r, const struct bigfloat *a, const struct bigfloat *b);
void bigfloat_div(
    struct bigfloat *r, const struct bigfloat *a, const struct bigfloat *b);

/* r = 1 / a, a not zero: Newton's x (2 - a x), which doubles the digits. */
void bigfloat_inverse(struct bigfloat *r, const struct bigfloat *a);

/* r = the root of a, a not negative: Newton for 1 / sqrt, y (3 - a y^2) / 2. */
void bigfloat_sqrt(struct bigfloat *r, const struct bigfloat *a);

/* r = a * 10^n */
void bigfloat_scale(struct bigfloat *r, const struct bigfloat *a, int64_t n);

void bigfloat_negate(struct bigfloat *a);

/* The sign of a - b. */
int bigfloat_compare(const struct bigfloat *a, const struct bigfloat *b);

/* How many decimal digits two numbers share: -log10(|a - b| / |a|), at most
 * those of the smaller size. */
int bigfloat_digits(const struct bigfloat *a, const struct bigfloat *b);

/* value = |a| without its fraction; a is within bigint.h's limit. */
void bigfloat_whole(const struct bigfloat *a, struct bigint *value);

/*
 * Appends the number, rounded to so many significant digits, as "%.*g" prints
 * a double: needless zeros are left out, and an exponent is used below 1e-5
 * and from 10^digits on. size * 19 should be 19 more than digits.
 */
void bigfloat_text(const struct bigfloat *a, int digits, struct buf *out);

/* The nearest below in magnitude; infinite or 0 out of a double's range. */
double bigfloat_double(const struct bigfloat *a);
long double bigfloat_long_double(const struct bigfloat *a);

#endif
