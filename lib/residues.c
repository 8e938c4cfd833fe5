/* SPDX-License-Identifier: ISC */
#include "residues.h"

#include <stdlib.h>

uint64_t
residues_mul(uint64_t a, uint64_t b, uint64_t p)
{
	return (uint64_t)((uint128)a * b % p);
}

uint64_t
residues_inverse(uint64_t a, uint64_t p)
{
	uint64_t result = 1;

	/* a^(p - 2), by Fermat */
	for (uint64_t e = p - 2; e; e >>= 1, a = residues_mul(a, a, p)) {
		if (e & 1)
			result = residues_mul(result, a, p);
	}
	return result;
}

/* row += factor * other, from column from on */
static void
add_row(
    struct residues *r, size_t row, size_t other, uint64_t factor, size_t from)
{
	uint64_t *to = r->a + row * r->n, *of = r->a + other * r->n;

	for (size_t j = from; j < r->n; j++)
		to[j] =
		    (uint64_t)(((uint128)factor * of[j] + to[j]) % r->prime);
}

/* Makes column c a pivot, if a row that is free has a non-zero there. */
static void
eliminate(struct residues *r, size_t c)
{
	size_t row = r->count, at = row;
	uint64_t scale;

	while (at < r->n - 1 && !r->a[at * r->n + c])
		at++;
	if (at == r->n - 1)
		return;
	for (size_t j = 0; j < r->n; j++) {
		uint64_t swap = r->a[row * r->n + j];

		r->a[row * r->n + j] = r->a[at * r->n + j];
		r->a[at * r->n + j] = swap;
	}
	scale = residues_inverse(r->a[row * r->n + c], r->prime);
	for (size_t j = c; j < r->n; j++)
		r->a[row * r->n + j] =
		    residues_mul(r->a[row * r->n + j], scale, r->prime);
	for (size_t i = 0; i < r->n; i++) {
		uint64_t value = r->a[i * r->n + c];

		if (i != row && value)
			add_row(r, i, row, r->prime - value, c);
	}
	r->pivots[r->count++] = c;
}

void
residues_reduce(
    struct residues *r, const struct bigint *matrix, size_t n, uint64_t prime)
{
	*r = (struct residues){.prime = prime, .n = n};
	r->a = xcalloc(n * n, sizeof(*r->a));
	r->pivots = xcalloc(n, sizeof(*r->pivots));
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j <= i; j++)
			r->a[i * n + j] = r->a[j * n + i] =
			    bigint_mod(&matrix[i * (i + 1) / 2 + j], prime);
	}
	for (size_t c = 0; c + 1 < n; c++)
		eliminate(r, c);
}

void
residues_release(struct residues *r)
{
	free(r->a);
	free(r->pivots);
}

int
residues_compare(const struct residues *a, const struct residues *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		if (a->pivots[i] != b->pivots[i])
			return a->pivots[i] < b->pivots[i] ? -1 : 1;
	}
	return (a->count < b->count) - (a->count > b->count);
}
