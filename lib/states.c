/* SPDX-License-Identifier: ISC */
#include "states.h"

#include <stdlib.h>
#include <string.h>

#include "num.h"

static const char *const header_names[] = {"fold", "a", "b", "sum"};

/* The note that makes a state one. */
static const char version_note[] = ":state";

void
states_release(struct states *states)
{
	for (size_t i = 0; i < states->count; i++)
		state_release(&states->folds[i].state);
	free(states->folds);
	*states = (struct states){0};
}

struct state *
states_at(struct states *states, long fold)
{
	size_t i = 0;

	while (i < states->count && states->folds[i].fold < fold)
		i++;
	if (i < states->count && states->folds[i].fold == fold)
		return &states->folds[i].state;
	states->folds = xgrow(
	    states->folds, states->count, &states->cap, sizeof(*states->folds));
	memmove(&states->folds[i + 1], &states->folds[i],
	    (states->count++ - i) * sizeof(*states->folds));
	states->folds[i] = (struct states_fold){.fold = fold};
	return &states->folds[i].state;
}

/* True if the record is a header of states, with folds or without. */
static bool
is_header(struct csvin *in, const struct csvin_record *record)
{
	size_t skip = record->nfields == 3;

	for (size_t i = 0; i < record->nfields; i++) {
		struct slice name = csvin_value(in, csvin_field(record, i));

		if (!slice_equal(name, slice_of(header_names[i + skip])))
			return false;
	}
	return true;
}

static void
take_header(
    struct states *states, struct csvin *in, const struct csvin_record *header)
{
	bool folded = header->nfields == 4;

	if ((!folded && header->nfields != 3) || !is_header(in, header))
		csvin_die(in, header,
		    "no state: the header is not a,b,sum or fold,a,b,sum");
	if (states->count && states->folded != folded)
		csvin_die(in, header,
		    "states with folds and without cannot be mixed");
	states->folded = folded;
}

static long
take_fold(struct csvin *in, const struct csvin_record *record)
{
	struct slice text = csvin_value(in, csvin_field(record, 0));
	int64_t fold;

	if (num_int64(text, &fold) || fold < 0 || fold > INT32_MAX)
		csvin_die(in, record, "fold: '%.*s' is no number of a fold",
		    (int)text.len, text.data);
	return (long)fold;
}

/* One state is left, however many were added. */
static void
count_one(struct state *state)
{
	const struct state_sum *versions = state_told(state, version_note, "1");
	struct bigint more = {0};

	bigint_set_int64(&more, 1);
	bigint_sub(&more, &versions->value);
	state_add_sum(
	    state, slice_of(version_note), slice_of("1"), &more, 0, false);
	bigint_release(&more);
}

static void
take_record(struct states *states, struct csvin *in,
    const struct csvin_record *record, bool subtract)
{
	size_t skip = states->folded;
	long fold = skip ? take_fold(in, record) : -1;
	struct state *state = states_at(states, fold);
	struct slice a = csvin_value(in, csvin_field(record, skip));
	struct slice b = csvin_value(in, csvin_field(record, skip + 1));
	struct slice sum = csvin_value(in, csvin_field(record, skip + 2));
	struct buf error = {0};

	if (state_add(state, a, b, sum, subtract, &error))
		csvin_die(in, record, "%s", buf_text(&error));
}

void
states_xread(struct states *states, struct csvin *in, bool subtract)
{
	struct csvin_record record;

	if (!csvin_xnext(in, &record))
		return;
	take_header(states, in, &record);
	while (csvin_xnext(in, &record)) {
		if (!is_header(in, &record))
			take_record(states, in, &record, subtract);
	}
	for (size_t i = 0; i < states->count; i++) {
		if (!state_told(&states->folds[i].state, version_note, "1"))
			die(STATUS_TROUBLE,
			    "%s: no state: there is no record :state",
			    csvin_name(in));
		count_one(&states->folds[i].state);
		state_settle(&states->folds[i].state);
	}
}

/* True if no rows are left of a state, or there were none. */
static bool
is_empty(const struct state *state)
{
	long one = cols_find(&state->terms, slice_of("1"));

	return one >= 0 &&
	       !bigint_sign(
		   &state_pair(state, (size_t)one, (size_t)one)->value);
}

int
states_check(const struct states *states, struct buf *error)
{
	for (size_t i = 0; i < states->count; i++) {
		const struct states_fold *fold = &states->folds[i];

		if (is_empty(&fold->state) || !state_check(&fold->state, error))
			continue;
		if (fold->fold >= 0)
			buf_printf(error, " (fold %ld)", fold->fold);
		return -1;
	}
	return 0;
}

void
states_xcheck(const struct states *states)
{
	struct buf error = {0};

	if (states_check(states, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
}

static int
add_state(struct state *total, const struct state *state)
{
	int result = 0;

	for (size_t i = 0; i < state->nnotes && !result; i++) {
		const struct state_note *note = &state->notes[i];

		result =
		    state_add_sum(total, slice_of(note->a), slice_of(note->b),
			&note->sum.value, note->sum.scale, false);
	}
	for (size_t i = 0; i < state->terms.count; i++) {
		for (size_t j = i; j < state->terms.count && !result; j++) {
			const struct state_sum *sum = state_pair(state, i, j);

			if (sum->present)
				result = state_add_sum(total,
				    slice_of(state->terms.names[i]),
				    slice_of(state->terms.names[j]),
				    &sum->value, sum->scale, false);
		}
	}
	return result;
}

int
states_total(
    const struct states *states, struct state *total, struct buf *error)
{
	for (size_t i = 0; i < states->count; i++) {
		if (!add_state(total, &states->folds[i].state))
			continue;
		buf_puts(error, "sums too large");
		return -1;
	}
	if (states->count)
		count_one(total);
	state_settle(total);
	return 0;
}

void
states_write(const struct states *states, struct out *out)
{
	out_puts(out, states->folded ? "fold,a,b,sum\n" : "a,b,sum\n");
	for (size_t i = 0; i < states->count; i++)
		state_write(
		    &states->folds[i].state, states->folds[i].fold, out);
}
