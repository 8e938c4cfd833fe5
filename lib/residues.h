/* SPDX-License-Identifier: ISC */
/*
 * residues - Gauss-Jordan elimination modulo a prime
 */
#ifndef RESIDUES_H
#define RESIDUES_H

#include "bigint.h"

struct residues {
	uint64_t prime; /* below 2^61 */
	size_t n;
	uint64_t *a;    /* n x n, by rows */
	size_t *pivots; /* row i has the pivot of column pivots[i]; rising */
	size_t count;   /* of pivots: the rank */
};

/* a b and 1 / a modulo a prime p */
uint64_t residues_mul(uint64_t a, uint64_t b, uint64_t p);
uint64_t residues_inverse(uint64_t a, uint64_t p);

/*
 * Eliminates a packed symmetric matrix (rank.h) by the columns 0 to n - 2, in
 * all rows, with pivots from the rows 0 to n - 2. Then a[i][c] is what the
 * independent column pivots[i] contributes to column c, and the last element
 * of all what the columns leave of the last one.
 */
void residues_reduce(
    struct residues *r, const struct bigint *matrix, size_t n, uint64_t prime);
void residues_release(struct residues *r);

/* Below 0 if a's pivots are the better ones: earlier, or more of them. */
int residues_compare(const struct residues *a, const struct residues *b);

#endif
