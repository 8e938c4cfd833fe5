/* SPDX-License-Identifier: ISC */
#include "ldl.h"
#include "check.h"

#include <math.h>
#include <stdlib.h>

enum { LIMBS = 4, N = 6, PACKED = (N + 1) * (N + 2) / 2 };

/* The Hilbert matrix times 27720, and behind it its product with 1, 2, ... */
static struct bigfloat *
hilbert(void)
{
	struct bigfloat *a = bigfloat_new(PACKED, LIMBS);

	for (int64_t i = 0; i < N; i++) {
		int64_t sum = 0;

		for (int64_t j = 0; j < N; j++)
			sum += (j + 1) * (27720 / (i + j + 1));
		for (int64_t j = 0; j <= i; j++)
			bigfloat_set_int(&a[ldl_at((size_t)i, (size_t)j)],
			    27720 / (i + j + 1));
		bigfloat_set_int(&a[ldl_at(N, (size_t)i)], sum);
	}
	return a;
}

static bool
is(const struct bigfloat *value, double want)
{
	return fabs(bigfloat_double(value) - want) <= 1e-15 * fabs(want);
}

static bool
solves(void)
{
	struct bigfloat *a = hilbert(), *b = bigfloat_new(N, LIMBS);
	struct ldl ldl;
	bool good = ldl_factor(&ldl, a, N + 1);

	ldl_solve(&ldl, b);
	for (int i = 0; i < N; i++)
		good &= is(&b[i], i + 1);
	ldl_release(&ldl);
	free(a);
	free(b);
	return good;
}

/* The inverse of the Hilbert matrix of order 6, from tables, over 27720. */
static bool
inverts(void)
{
	static const double first[N] = {36, -630, 3360, -7560, 7560, -2772};
	struct bigfloat *a = hilbert(), *r = bigfloat_new(1, LIMBS);
	struct ldl ldl;
	bool good = ldl_factor(&ldl, a, N + 1);

	ldl_invert(&ldl);
	for (size_t i = 0; i < N; i++) {
		ldl_inverse(&ldl, i, 0, r);
		good &= is(r, first[i] / 27720);
	}
	ldl_inverse(&ldl, N - 1, N - 1, r);
	good &= is(r, 698544.0 / 27720);
	ldl_release(&ldl);
	free(a);
	free(r);
	return good;
}

/* A matrix that is not positive definite is refused. */
static bool
refuses(void)
{
	struct bigfloat *a = bigfloat_new(6, LIMBS);
	struct ldl ldl;
	bool good;

	bigfloat_set_int(&a[0], 1);
	bigfloat_set_int(&a[1], 2);
	bigfloat_set_int(&a[2], 4);
	good = !ldl_factor(&ldl, a, 3);
	ldl_release(&ldl);
	free(a);
	return good;
}

int
main(void)
{
	CHECK(ldl_at(0, 0) == 0 && ldl_at(2, 1) == 4);
	CHECK(solves());
	CHECK(inverts());
	CHECK(refuses());
	return check_done();
}
