/* SPDX-License-Identifier: ISC */
/*
 * bigint - integers of any size up to a limit, for exact sums
 *
 * Two's complement in 64-bit limbs, the least significant first. A number
 * grows by itself and starts small: a sum of squares of prices needs two
 * limbs. What would pass BIGINT_BITS is refused, and the number is left as it
 * was, so that data cannot ask for unlimited memory.
 *
 * Functions that return int give 0, or -1 where the result passes the limit.
 * Operands may be the same number.
 */
#ifndef BIGINT_H
#define BIGINT_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"

/* No standard names them; gcc and clang have them on every 64-bit machine. */
__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

/* More than DECIMAL_MAX_DIGITS need. */
enum { BIGINT_BITS = 16384 };

/* {0} is 0. */
struct bigint {
	uint64_t *limbs;
	size_t count;
};

void bigint_release(struct bigint *a);

/* a = b */
void bigint_set(struct bigint *a, const struct bigint *b);
void bigint_set_int64(struct bigint *a, int64_t value);

/*
 * a * 10^-scale = a decimal (decimal.h), with the least scale. Returns -1 also
 * if the text is no decimal or needs more than DECIMAL_MAX_DIGITS places.
 */
int bigint_set_decimal(struct bigint *a, struct slice text, size_t *scale);

/* -1, 0 or 1 */
int bigint_sign(const struct bigint *a);
int bigint_compare(const struct bigint *a, const struct bigint *b);

/* The bits of |a|: 0 for 0, 1 for 1, 2 for 2 and 3. */
size_t bigint_bits(const struct bigint *a);

void bigint_negate(struct bigint *a);

/* a += b, a -= b */
int bigint_add(struct bigint *a, const struct bigint *b);
int bigint_sub(struct bigint *a, const struct bigint *b);

/* a += value * 2^shift */
int bigint_add_int128(struct bigint *a, int128 value, unsigned shift);

/* a = b * c */
int bigint_mul(
    struct bigint *a, const struct bigint *b, const struct bigint *c);

/* a *= 10^n */
int bigint_scale(struct bigint *a, size_t n);

/* a /= d, towards zero, for d > 0; returns the remainder of |a|. */
uint64_t bigint_div_small(struct bigint *a, uint64_t d);

/* a mod p, 0 to p - 1, for 0 < p < 2^63; the sign is a's own. */
uint64_t bigint_mod(const struct bigint *a, uint64_t p);

/* The limbs of |a|, the least first; the caller frees. *count may be 0. */
uint64_t *bigint_magnitude(const struct bigint *a, size_t *count);

/*
 * Appends a * 10^-scale in the canonical spelling of decimals: no exponent,
 * no needless zero, no "-0".
 */
void bigint_text(const struct bigint *a, size_t scale, struct buf *out);

#endif
