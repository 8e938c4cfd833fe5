/* SPDX-License-Identifier: ISC */
/* Decimals on three lines, as text and as integers: a ring up to the limit. */
#include "exact.h"
#include "fuzz.h"

static void
ring(const struct exact *n, struct bigint *x, struct bigint *y)
{
	const struct bigint *a = &n[0].value, *b = &n[1].value;
	const struct bigint *c = &n[2].value;
	uint64_t p = bigint_mod(a, 65537), q = bigint_mod(b, 65537), rest;

	bigint_set(x, a);
	PROPERTY(
	    (bigint_add(x, b) || !bigint_sub(x, b)) && !bigint_compare(x, a));
	if (!bigint_mul(x, a, b))
		PROPERTY(bigint_mod(x, 65537) == p * q % 65537);
	bigint_set(y, b);
	if (!bigint_add(y, c) && !bigint_mul(y, y, a) && !bigint_sub(y, x))
		PROPERTY(!bigint_mul(x, c, a) && !bigint_compare(x, y));
	bigint_set(x, a);
	rest = bigint_div_small(x, q + 1);
	bigint_set_int64(y, (int64_t)q + 1);
	PROPERTY(rest <= q && !bigint_mul(x, x, y));
	bigint_set_int64(y, bigint_sign(a) * (int64_t)rest);
	PROPERTY(!bigint_add(x, y) && !bigint_compare(x, a));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct exact n[5] = {0};

	if (exact_lines((struct slice){(const char *)data, size}, n, 3))
		ring(n, &n[3].value, &n[4].value);
	exact_free(n, 5);
	return 0;
}
