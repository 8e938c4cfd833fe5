/* SPDX-License-Identifier: ISC */
/*
 * states - a file of states: one, or one for each fold of the rows
 *
 * The header is "a,b,sum", or "fold,a,b,sum" where the rows were divided for
 * cross-validation. A record that equals the header is skipped, so that files
 * can be put one behind the other; records of one fold and pair are added.
 */
#ifndef STATES_H
#define STATES_H

#include "csvin.h"
#include "state.h"

struct states_fold {
	long fold; /* -1 if there are no folds */
	struct state state;
};

/* {0} is empty and can be released. */
struct states {
	bool folded;
	struct states_fold *folds; /* in order */
	size_t count, cap;
};

void states_release(struct states *states);

/* The state of a fold, -1 for that of all; made if it is not there. Borrowed
 * until the next call. */
struct state *states_at(struct states *states, long fold);

/*
 * Adds all states of the input, or takes them off. Dies with the file and line
 * at a record that belongs to no state, or one with a sum that is none; also
 * if states have folds of which the others have none.
 */
void states_xread(struct states *states, struct csvin *in, bool subtract);

/*
 * Checks each state that has rows by state_check(). Returns 0, or -1 with a
 * reason.
 */
int states_check(const struct states *states, struct buf *error);

/* states_check() that dies with the reason. */
void states_xcheck(const struct states *states);

/* Adds up the folds. Returns 0, or -1 with a reason. */
int states_total(
    const struct states *states, struct state *total, struct buf *error);

/* Writes the header and the states. */
void states_write(const struct states *states, struct out *out);

#endif
