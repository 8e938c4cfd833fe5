/* SPDX-License-Identifier: ISC */
/*
 * choice - which terms of a state a model is of
 *
 * The target is a term; the predictors are those that the options name, or
 * all others. Of the levels of a category the first in the order of bytes is
 * the reference and left out, unless there is no intercept and the category
 * is the first one taken; the same goes for products of levels with a number
 * that is itself among the predictors.
 */
#ifndef CHOICE_H
#define CHOICE_H

#include "design.h"
#include "state.h"

/* {0} can be released. */
struct choice {
	size_t *x; /* terms of the state, in the order of the design */
	size_t nx;
	size_t y;
	struct cols numbers;    /* columns of the state that are numbers */
	struct cols categories; /* and those that have levels */
	struct cols references; /* names of the levels left out */
};

/*
 * Makes the choice; the options' design was made by design_make() or is not
 * yet, as where the state was read. Returns 0, or -1 with a reason: a term
 * that the state does not have.
 */
int choice_make(struct choice *choice, const struct state *state,
    struct design *design, bool intercept, struct buf *error);
void choice_release(struct choice *choice);

#endif
