/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdlib.h>

#include "ols_solve.h"

/* The largest eigenvalue of a symmetric matrix, to a few digits. */
static long double
largest_eigenvalue(const long double *a, size_t n)
{
	long double *v = xcalloc(2 * n, sizeof(*v)), *next = v + n;
	long double value = 0, before;

	for (size_t i = 0; i < n; i++)
		v[i] = 1 + 0.01L * (long double)i;
	for (int step = 0; step < 1000; step++) {
		long double length = 0;

		before = value;
		for (size_t i = 0; i < n; i++) {
			next[i] = 0;
			for (size_t j = 0; j < n; j++)
				next[i] += a[i * n + j] * v[j];
			length += next[i] * next[i];
		}
		value = sqrtl(length);
		for (size_t i = 0; i < n; i++)
			v[i] = next[i] / value;
		if (fabsl(value - before) <= 1e-9L * value)
			break;
	}
	free(v);
	return value;
}

/* Of X with columns of unit length: S = X'X scaled, and its inverse. */
void
ols_condition(struct solution *s)
{
	size_t p = s->p;
	long double *forth = xcalloc(p * p, sizeof(*forth));
	long double *back = xcalloc(p * p, sizeof(*back));
	struct bigfloat *w = s->w;

	for (size_t i = 0; i < p * p; i++) {
		size_t a = ols_index(s, i / p), b = ols_index(s, i % p);
		size_t high = i / p > i % p ? i / p : i % p;
		size_t low = i / p + i % p - high;

		bigfloat_set_bigint(&w[0], ols_element(s->matrix, a, a));
		bigfloat_set_bigint(&w[1], ols_element(s->matrix, b, b));
		bigfloat_mul(&w[0], &w[0], &w[1]);
		bigfloat_sqrt(&w[0], &w[0]);
		bigfloat_set_bigint(&w[1], ols_element(s->matrix, a, b));
		bigfloat_div(&w[1], &w[1], &w[0]);
		forth[i] = bigfloat_long_double(&w[1]);
		bigfloat_mul(&w[1], &s->inverse[ldl_at(high, low)], &w[0]);
		back[i] = bigfloat_long_double(&w[1]);
	}
	s->fit->condition = (double)sqrtl(
	    largest_eigenvalue(forth, p) * largest_eigenvalue(back, p));
	free(forth);
	free(back);
}
