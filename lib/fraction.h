/* SPDX-License-Identifier: ISC */
/*
 * fraction - whole numbers divided, and fractions found by their residues
 */
#ifndef FRACTION_H
#define FRACTION_H

#include <stdbool.h>

#include "bigint.h"

/* quotient = a / b, rest = a % b, for a >= 0 and b > 0 */
void fraction_divide(struct bigint *quotient, struct bigint *rest,
    const struct bigint *a, const struct bigint *b);

/* a = the greatest common divisor of a and b, both positive */
void fraction_reduce(struct bigint *a, const struct bigint *b);

/* u, which is known mod m, becomes r mod p too: Chinese remainders. */
void fraction_combine(
    struct bigint *u, const struct bigint *m, uint64_t r, uint64_t p);

/*
 * The fraction top / bottom = u mod m with |top|, bottom < sqrt(m / 2), by
 * Euclid's algorithm; false if there is none. (Wang, Guy, Davenport: P-adic
 * reconstruction of rational numbers, SIGSAM Bulletin 16, 1982.)
 */
bool fraction_find(const struct bigint *u, const struct bigint *m,
    struct bigint *top, struct bigint *bottom);

/* Appends a / b, reduced and without sign, as in "60000" or "1/3"; b > 0. */
void fraction_text(
    const struct bigint *a, const struct bigint *b, struct buf *out);

#endif
