/* SPDX-License-Identifier: ISC */
/*
 * rank - which columns of a Gram matrix others determine, without tolerance
 *
 * Column c of X depends on earlier ones exactly when column c of X'X does, with
 * the same coefficients. So Gauss-Jordan elimination of the integer matrix
 * modulo a prime finds the columns and the residues of the coefficients; these
 * are turned into fractions (Wang, Guy, Davenport: P-adic reconstruction of
 * rational numbers, SIGSAM Bulletin 16, 1982), over as many primes as it
 * takes, and the relation is checked in integers. What is checked is proved.
 * Modulo a prime the rank can only be too low, so a column that is found
 * independent is.
 */
#ifndef RANK_H
#define RANK_H

#include <stdbool.h>

#include "bigint.h"

/*
 * A column as a combination of independent ones: the sum over i of factor[i] *
 * column[i], which is divided by the denominator. Zero factors are left out.
 */
struct relation {
	size_t of;  /* the column that it explains */
	bool exact; /* if not, no fractions were found: there are no terms */
	size_t *column; /* the independent ones */
	struct bigint *factor;
	size_t count;
	struct bigint denominator;
};

/* {0} can be released. */
struct rank {
	size_t count;   /* of independent columns: the rank */
	size_t *pivots; /* their indexes, rising */
	struct relation *dependent;
	size_t ndependent;   /* in the order of the columns */
	struct relation fit; /* of the target, if it is in the span: exact */
	bool *zero; /* for each pivot: the target's coefficient is zero */
};

/*
 * Finds the rank of columns 0 to n - 2 of a symmetric matrix, in that order of
 * preference, and whether the last column, the target, depends on them.
 * Element (i, j), j <= i, is at i (i + 1) / 2 + j.
 */
void rank_find(struct rank *rank, const struct bigint *matrix, size_t n);
void rank_release(struct rank *rank);

/*
 * Appends an exact relation, as in "d3 = 1 - d1 - d2"; names are those of the
 * matrix's columns, "1" the constant's.
 */
void relation_text(
    const struct relation *relation, char *const *names, struct buf *out);

#endif
