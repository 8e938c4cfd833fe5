/* SPDX-License-Identifier: ISC */
/*
 * term - what the name of a term says: columns, powers, levels
 *
 * A term is a column x; a power x^3; a product a*b; a level c=v of a category,
 * worth 1 where the column c is v and else 0; or a product with levels, a*c=v
 * or c=v*d=w. A name says which, once it is known which columns are numbers,
 * since these may have any name, and which are categories.
 */
#ifndef TERM_H
#define TERM_H

#include "cols.h"

struct term_factor {
	char *column;
	char *level; /* of a category, or NULL: a number */
	int power;   /* of a number */
};

/* {0} is the constant, which has no factors, and can be released. */
struct term {
	struct term_factor factors[2];
	size_t count;
};

/*
 * Takes a name apart; categories are the columns that have levels. A name
 * among the numbers is that column. Where v holds "*d=" and d is a category,
 * c=v counts as a product of two levels.
 */
void term_parse(struct term *term, struct slice name,
    const struct cols *numbers, const struct cols *categories);
void term_release(struct term *term);

/*
 * The category of a name c=v or a*c=v: the column before the first '=', or the
 * empty slice.
 */
struct slice term_category(struct slice name);

#endif
