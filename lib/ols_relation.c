/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "ols_solve.h"

enum { LIMBS = 8, DIGITS = 12 };

/*
 * The coefficients of a dependent column in the count pivots before it, to
 * some digits; the caller frees. NULL if numbers of the size are too short.
 */
static struct bigfloat *
approximate(const struct ols_fit *fit, const struct ols_matrix *matrix,
    size_t of, size_t count, size_t size)
{
	struct bigfloat *a = bigfloat_new(ldl_at(count + 1, 0), size);
	struct bigfloat *coef = bigfloat_new(count + 1, size);
	struct ldl ldl;
	bool good;

	for (size_t i = 0; i <= count; i++) {
		size_t row = i < count ? fit->rank.pivots[i] : of;

		for (size_t j = 0; j <= i; j++) {
			size_t column = j < count ? fit->rank.pivots[j] : of;

			bigfloat_set_bigint(&a[ldl_at(i, j)],
			    ols_element(matrix, matrix->first + row,
				matrix->first + column));
		}
	}
	good = ldl_factor(&ldl, a, count + 1);
	if (good)
		ldl_solve(&ldl, coef);
	ldl_release(&ldl);
	free(a);
	if (!good) {
		free(coef);
		return NULL;
	}
	return coef;
}

/* Appends "0.25 a", with the sign that goes before it. */
static void
put_term(const char *name, struct bigfloat *coef, bool first, struct buf *out)
{
	bool minus = coef->sign < 0;

	if (first)
		buf_puts(out, minus ? "-" : "");
	else
		buf_puts(out, minus ? " - " : " + ");
	if (minus)
		bigfloat_negate(coef);
	bigfloat_text(coef, DIGITS, out);
	if (name)
		buf_printf(out, " %s", name);
}

/* Appends "c ~ 0.25 a - 3 b". */
static void
put_approximate(const struct ols_fit *fit, size_t of, struct bigfloat *coef,
    const struct bigfloat *again, size_t count, struct buf *out)
{
	bool first = true;

	buf_printf(out, "%s ~ ", fit->names[of]);
	for (size_t i = 0; i < count; i++) {
		size_t column = fit->rank.pivots[i];
		bool constant = fit->intercept && column == 0;

		/* zero, but for what rounding leaves */
		if (!coef[i].sign ||
		    bigfloat_digits(&coef[i], &again[i]) < DIGITS)
			continue;
		put_term(
		    constant ? NULL : fit->names[column], &coef[i], first, out);
		first = false;
	}
	buf_puts(out, first ? "0" : "");
}

void
ols_relation(const struct ols_fit *fit, const struct ols_matrix *matrix,
    const struct relation *relation, struct buf *out)
{
	struct bigfloat *coef = NULL, *again = NULL;
	size_t count = 0, size = LIMBS;

	if (relation->exact) {
		relation_text(relation, fit->names, out);
		return;
	}
	while (
	    count < fit->rank.count && fit->rank.pivots[count] < relation->of)
		count++;
	for (; !coef && size < BIGFLOAT_MAX_LIMBS; size *= 2)
		coef = approximate(fit, matrix, relation->of, count, size);
	if (coef)
		again = approximate(fit, matrix, relation->of, count, size);
	if (again)
		put_approximate(fit, relation->of, coef, again, count, out);
	else
		buf_printf(out, "%s ~ ?", fit->names[relation->of]);
	free(coef);
	free(again);
}
