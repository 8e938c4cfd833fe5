/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <string.h>

#include "state.h"

/* The notes that count rows must agree with each other. */
static int
check_notes(const struct state *state, struct buf *error)
{
	int64_t used = state_count(state, ":rows", "used");
	int64_t read = state_count(state, ":rows", "read");
	int64_t left_out = state_count(state, ":rows", "missing") +
			   state_count(state, ":rows", "bad") +
			   state_count(state, ":rows", "weightless");

	if (!state_told(state, ":rows", "used"))
		return 0;
	if (read != used + left_out) {
		buf_printf(error,
		    "%" PRId64 " rows read are not %" PRId64
		    " used and %" PRId64 " left out",
		    read, used, left_out);
		return -1;
	}
	for (size_t i = 0; i < state->nnotes; i++) {
		const struct state_note *note = &state->notes[i];

		if (strcmp(note->a, ":count") && strcmp(note->a, ":weight"))
			continue;
		if (state_sum_count(&note->sum) == used)
			continue;
		buf_printf(error,
		    "'%s' took part in %" PRId64 " of %" PRId64
		    " rows: states of different columns were mixed",
		    note->b, state_sum_count(&note->sum), used);
		return -1;
	}
	return 0;
}

/* The sign of n * sum x^2 - (sum x)^2, which is not negative for rows. */
static int
variation(const struct state *state, size_t one, size_t i)
{
	const struct state_sum *n = state_pair(state, one, one);
	const struct state_sum *x = state_pair(state, one, i);
	const struct state_sum *xx = state_pair(state, i, i);
	struct bigint left = {0}, right = {0};
	size_t scale = n->scale + xx->scale;
	int sign = 0;

	if (!bigint_mul(&left, &n->value, &xx->value) &&
	    !bigint_mul(&right, &x->value, &x->value) &&
	    !bigint_scale(
		&left, 2 * x->scale > scale ? 2 * x->scale - scale : 0) &&
	    !bigint_scale(
		&right, scale > 2 * x->scale ? scale - 2 * x->scale : 0))
		sign = bigint_compare(&left, &right);
	bigint_release(&left);
	bigint_release(&right);
	return sign;
}

int
state_check(const struct state *state, struct buf *error)
{
	long one = cols_find(&state->terms, slice_of("1"));

	if (one < 0 ||
	    bigint_sign(&state_pair(state, (size_t)one, (size_t)one)->value) <=
		0) {
		buf_puts(error, "no rows");
		return -1;
	}
	for (size_t i = 0; i < state->terms.count; i++) {
		if (bigint_sign(&state_pair(state, i, i)->value) >= 0 &&
		    variation(state, (size_t)one, i) >= 0)
			continue;
		buf_printf(error, "the sums of '%s' are not of any rows",
		    state->terms.names[i]);
		return -1;
	}
	return check_notes(state, error);
}
