/* SPDX-License-Identifier: ISC */
/*
 * design - which terms a row makes: the columns of a regression
 *
 * The options of every tool that reads rows for a regression, and what they
 * come to. There are terms that every row has, which are numbers: "1", the
 * constant; the columns; and products of these, as powers x^2 or interactions
 * a*b. And there are terms of categories, which are 0 in most rows: the level
 * v of a column c is c=v, worth 1 in its rows; a*c=v is worth a in them, and
 * c=v*d=w is worth 1 where both hold.
 */
#ifndef DESIGN_H
#define DESIGN_H

#include "cols.h"

/* A term that is the product of two others, by their indexes. */
struct design_product {
	size_t left, right;
};

/* Levels: the values of a column, or the pairs of values of two of them. */
struct design_category {
	char *name;         /* c, or NULL for a pair */
	size_t left, right; /* of a pair: the categories */
};

/* A term for each level of a category, worth what a number is in its rows. */
struct design_kind {
	size_t number; /* the index of a term; 0 is the constant */
	size_t category;
};

/* {0} asks for nothing and can be released. */
struct design {
	/* as the options say */
	struct cols x;      /* -x */
	bool all;           /* -x all */
	const char *target; /* -y, or NULL; borrowed, as the next */
	const char *weight; /* -w, or NULL */
	struct cols cats, polys, crosses;

	/* as design_make() makes it */
	struct cols terms; /* "1", the columns, then the products */
	size_t columns;    /* how many of the terms are columns, "1" included */
	struct design_product *products; /* of the terms behind these */
	size_t nproducts, products_cap;
	struct design_category *categories; /* cats, then pairs of them */
	size_t ncategories, categories_cap;
	struct design_kind *kinds;
	size_t nkinds, kinds_cap;
};

enum { DESIGN_DEGREE = 32 }; /* the highest power */

/* Rows of an option table (opt.h), but for their braces. */
#define DESIGN_CAT 'C', "cat", "COL", "a column of categories, not numbers"
#define DESIGN_CROSS 'c', "cross", "A*B", "add the product of two columns"
#define DESIGN_POLY 'p', "poly", "COL:DEG", "add powers of a column"
#define DESIGN_WEIGHT 'w', "weight", "COL", "the column of weights"
#define DESIGN_X 'x', "features", "COL[,COL]|all", "the columns to take"
#define DESIGN_TARGET 'y', "target", "COL", "the column to predict"

/*
 * Takes one of the options -x -y -C -c -p -w; false if the letter is another.
 * Dies if the argument is malformed.
 */
bool design_option(struct design *design, int letter, char *arg);

/*
 * Makes the terms; header is what "-x all" chooses from, NULL if there is
 * none; skip is a column for it to leave out, or NULL. Returns 0, or -1 with
 * a reason: nothing asked for, or options that contradict each other.
 */
int design_make(struct design *design, const struct cols *header,
    const char *skip, struct buf *error);

/* The name of a kind's term, without the level: "c=" or "a*c=". Appends. */
void design_prefix(const struct design *design, const struct design_kind *kind,
    struct buf *name);

void design_release(struct design *design);

#endif
