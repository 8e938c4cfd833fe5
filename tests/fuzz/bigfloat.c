/* SPDX-License-Identifier: ISC */
/* Decimals on two lines: what is done to one and undone leaves the one. */
#include "bigfloat.h"
#include "fuzz.h"

enum { LIMBS = 6, BITS = 64 * (LIMBS - 2), DIGITS = 19 * (LIMBS - 1) };

/* x, which changes, is want but for the last limbs of such a number. */
static bool
near(struct bigfloat *x, struct bigfloat *want, const struct bigfloat *of)
{
	bigfloat_sub(x, x, want);
	return !x->sign || x->exponent <= of->exponent - BITS;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice b = {(const char *)data, size}, a = fuzz_cut(&b, '\n');
	struct bigfloat *n = bigfloat_new(3, LIMBS), *m = n + 1, *x = n + 2;
	struct buf t = {0};

	if (!bigfloat_set_text(n, a) && !bigfloat_set_text(m, b) && m->sign) {
		bigfloat_add(x, n, m);
		bigfloat_sub(x, x, m);
		PROPERTY(near(x, n, n->exponent > m->exponent ? n : m));
		bigfloat_mul(x, n, m);
		bigfloat_div(x, x, m);
		PROPERTY(near(x, n, n));
		bigfloat_mul(x, m, m);
		bigfloat_sqrt(x, x);
		x->sign *= m->sign;
		PROPERTY(near(x, m, m));
		bigfloat_text(n, DIGITS, &t);
		PROPERTY(!bigfloat_set_text(x, buf_slice(&t)) && near(x, n, n));
	}
	buf_release(&t);
	free(n);
	return 0;
}
