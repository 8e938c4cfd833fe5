/* SPDX-License-Identifier: ISC */
/*
 * state - what least squares needs of the data: exact sums of products
 *
 * A state is a symmetric table of sums over rows, one for each pair of terms:
 * the sum of a*b. The term "1" is the constant, so (1,1) counts rows (or adds
 * up weights) and (1,x) is the sum of x. Any term can be the target, any of
 * the others predictors.
 *
 * As text it is CSV, "a,b,sum" with plain decimals in the data's own units and
 * one record a pair; records of the same pair are added, in any order, so
 * putting states one behind the other merges them. Equal sums are equal bytes.
 * Records whose a begins with ':' tell about the rows, and add up too:
 *	:state,1,N	the format's version; N states were merged
 *	:rows,read,N	and used, missing, bad, weightless: N is their sum
 *	:count,x,N	rows in which the numeric column x took part
 *	:weight,w,N	rows weighted by column w
 *	:w2,,S		sum of squared weights
 */
#ifndef STATE_H
#define STATE_H

#include "bigint.h"
#include "cols.h"
#include "io.h"

/* value * 10^-scale */
struct state_sum {
	struct bigint value;
	size_t scale;
	bool present;
};

/* A record with ':' */
struct state_note {
	char *a, *b;
	struct state_sum sum;
};

/* {0} is empty and can be released. */
struct state {
	struct cols terms;      /* in the order they first came */
	struct state_sum *sums; /* pair (i, j), j <= i, at i (i + 1) / 2 + j */
	size_t cap;
	struct state_note *notes; /* by a, then b */
	size_t nnotes, notes_cap;
	size_t last_a, last_b; /* private */
};

void state_release(struct state *state);

/*
 * Adds a record, or takes it off. The sum may be any decimal, exponent
 * included. Returns 0, or -1 with a reason appended to error: no decimal, a
 * format of another version, or sums beyond bigint.h's limit.
 */
int state_add(struct state *state, struct slice a, struct slice b,
    struct slice sum, bool subtract, struct buf *error);

/* state_add() of value * 10^-scale; -1 beyond the limit. */
int state_add_sum(struct state *state, struct slice a, struct slice b,
    const struct bigint *value, size_t scale, bool subtract);

/* The sum of a pair of terms, by their indexes; not present: never added. */
const struct state_sum *state_pair(
    const struct state *state, size_t i, size_t j);

/* The sum of a record with ':', or NULL if there was none. */
const struct state_sum *state_told(
    const struct state *state, const char *a, const char *b);

/* A sum as a count; 0 if there is none or it is no count. */
int64_t state_sum_count(const struct state_sum *sum);

/* state_sum_count() of state_told(). */
int64_t state_count(const struct state *state, const char *a, const char *b);

/*
 * Checks what holds for every state of rows: at least one row; no square is
 * negative, and none less than its mean allows; read = used + missing + bad;
 * a column that took part in other rows than the rest was mixed in from
 * another state. Returns 0, or -1 with a reason.
 */
int state_check(const struct state *state, struct buf *error);

/*
 * Brings the terms into the order to write: "1", numbers in the order they
 * came, levels of categories (names with '=') in that of their bytes. A sum
 * with a level that is 0 is as one that was never added, so both are left out,
 * and a level without sums too: the same rows are the same state, whatever
 * was added and taken off to come to them.
 */
void state_settle(struct state *state);

/*
 * Writes the records of a settled state, notes first. Each begins with the
 * fold's number if that is not negative. Not the header.
 */
void state_write(const struct state *state, long fold, struct out *out);

#endif
