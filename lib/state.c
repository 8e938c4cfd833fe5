/* SPDX-License-Identifier: ISC */
#include "state.h"

#include <stdlib.h>
#include <string.h>

#include "csvout.h"
#include "num.h"

static size_t
pairs(size_t terms)
{
	return terms * (terms + 1) / 2;
}

void
state_release(struct state *state)
{
	for (size_t i = 0; i < pairs(state->terms.count); i++)
		bigint_release(&state->sums[i].value);
	for (size_t i = 0; i < state->nnotes; i++) {
		free(state->notes[i].a);
		free(state->notes[i].b);
		bigint_release(&state->notes[i].sum.value);
	}
	free(state->sums);
	free(state->notes);
	cols_release(&state->terms);
	*state = (struct state){0};
}

/* The index of a term, which is most often the hint or the one behind it. */
static size_t
term(struct state *state, struct slice name, size_t hint)
{
	size_t count = state->terms.count;
	long found;

	for (size_t i = hint; i < count && i < hint + 2; i++) {
		if (slice_equal(slice_of(state->terms.names[i]), name))
			return i;
	}
	found = cols_find(&state->terms, name);
	if (found >= 0)
		return (size_t)found;
	cols_add(&state->terms, name);
	while (state->cap < pairs(count + 1)) {
		size_t cap = state->cap ? 2 * state->cap : 16;

		state->sums = xrealloc(state->sums, cap * sizeof(*state->sums));
		memset(state->sums + state->cap, 0,
		    (cap - state->cap) * sizeof(*state->sums));
		state->cap = cap;
	}
	return count;
}

static int
compare_notes(const struct state_note *a, const struct state_note *b)
{
	int diff = strcmp(a->a, b->a);

	return diff ? diff : strcmp(a->b, b->b);
}

static struct state_sum *
note(struct state *state, struct slice a, struct slice b)
{
	struct state_note *new;

	for (size_t i = 0; i < state->nnotes; i++) {
		if (slice_equal(slice_of(state->notes[i].a), a) &&
		    slice_equal(slice_of(state->notes[i].b), b))
			return &state->notes[i].sum;
	}
	state->notes = xgrow(state->notes, state->nnotes, &state->notes_cap,
	    sizeof(*state->notes));
	new = &state->notes[state->nnotes++];
	*new = (struct state_note){xslicedup(a), xslicedup(b), {{0}, 0, false}};
	/* they stay in order, as they are to be written */
	for (; new > state->notes &&compare_notes(new - 1, new) > 0; new --) {
		struct state_note swap = *new;

		*new = new[-1];
		new[-1] = swap;
	}
	return &new->sum;
}

static struct state_sum *
place_of(const struct state *state, size_t i, size_t j)
{
	return &state->sums[i > j ? pairs(i) + j : pairs(j) + i];
}

static struct state_sum *
place(struct state *state, struct slice a, struct slice b)
{
	size_t i, j;

	if (a.len && a.data[0] == ':')
		return note(state, a, b);
	i = state->last_a = term(state, a, state->last_a);
	j = state->last_b = term(state, b, state->last_b);
	return place_of(state, i, j);
}

/* sum += value * 10^-scale */
static int
add(struct state_sum *sum, const struct bigint *value, size_t scale,
    bool subtract)
{
	struct bigint aligned = {0};
	int result = 0;

	sum->present = true;
	if (scale > sum->scale) {
		result = bigint_scale(&sum->value, scale - sum->scale);
		if (!result)
			sum->scale = scale;
	} else if (scale < sum->scale) {
		bigint_set(&aligned, value);
		result = bigint_scale(&aligned, sum->scale - scale);
		value = &aligned;
	}
	if (!result)
		result = subtract ? bigint_sub(&sum->value, value)
				  : bigint_add(&sum->value, value);
	bigint_release(&aligned);
	return result;
}

int
state_add_sum(struct state *state, struct slice a, struct slice b,
    const struct bigint *value, size_t scale, bool subtract)
{
	return add(place(state, a, b), value, scale, subtract);
}

int
state_add(struct state *state, struct slice a, struct slice b, struct slice sum,
    bool subtract, struct buf *error)
{
	struct bigint value = {0};
	size_t scale;
	int result = -1;

	if (slice_equal(a, slice_of(":state")) &&
	    !slice_equal(b, slice_of("1")))
		buf_printf(error, "a state of version '%.*s', not 1",
		    (int)b.len, b.data);
	else if (bigint_set_decimal(&value, sum, &scale))
		buf_printf(error, "sum: '%.*s' is not a decimal within limits",
		    (int)sum.len, sum.data);
	else if (state_add_sum(state, a, b, &value, scale, subtract))
		buf_printf(error, "the sum of '%.*s' and '%.*s' is too large",
		    (int)a.len, a.data, (int)b.len, b.data);
	else
		result = 0;
	bigint_release(&value);
	return result;
}

const struct state_sum *
state_pair(const struct state *state, size_t i, size_t j)
{
	return place_of(state, i, j);
}

const struct state_sum *
state_told(const struct state *state, const char *a, const char *b)
{
	for (size_t i = 0; i < state->nnotes; i++) {
		if (!strcmp(state->notes[i].a, a) &&
		    !strcmp(state->notes[i].b, b))
			return &state->notes[i].sum;
	}
	return NULL;
}

int64_t
state_sum_count(const struct state_sum *sum)
{
	struct buf text = {0};
	int64_t count = 0;

	if (!sum)
		return 0;
	bigint_text(&sum->value, sum->scale, &text);
	if (num_int64(buf_slice(&text), &count))
		count = 0;
	buf_release(&text);
	return count;
}

int64_t
state_count(const struct state *state, const char *a, const char *b)
{
	return state_sum_count(state_told(state, a, b));
}

static void
write_record(const char *a, const char *b, const struct state_sum *sum,
    long fold, struct out *out)
{
	struct buf text = {0};

	if (fold >= 0)
		buf_printf(&text, "%ld,", fold);
	csvout_append(&text, slice_of(a));
	buf_putc(&text, ',');
	csvout_append(&text, slice_of(b));
	buf_putc(&text, ',');
	bigint_text(&sum->value, sum->scale, &text);
	buf_putc(&text, '\n');
	out_slice(out, buf_slice(&text));
	buf_release(&text);
}

/* A level of a category is 0 in the rows of all others. */
static bool
is_level(const char *name)
{
	return strchr(name, '=') != NULL;
}

/* True if a sum with the term is not 0. */
static bool
has_sums(const struct state *state, size_t i)
{
	for (size_t j = 0; j < state->terms.count; j++) {
		if (bigint_sign(&state_pair(state, i, j)->value))
			return true;
	}
	return false;
}

struct place {
	const char *name;
	size_t index;
	int class; /* the constant, numbers, levels */
};

static int
compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->class != b->class)
		return a->class - b->class;
	if (a->class == 2)
		return strcmp(a->name, b->name);
	return a->index < b->index ? -1 : 1;
}

/* The terms to keep, in order; the caller frees. */
static struct place *
order(const struct state *state, size_t *kept)
{
	size_t count = state->terms.count;
	struct place *places = xcalloc(count + 1, sizeof(*places));

	*kept = 0;
	for (size_t i = 0; i < count; i++) {
		const char *name = state->terms.names[i];
		bool level = is_level(name);

		if (!level || has_sums(state, i))
			places[(*kept)++] = (struct place){
			    name, i, level ? 2 : strcmp(name, "1") != 0};
	}
	qsort(places, *kept, sizeof(*places), compare_places);
	return places;
}

void
state_settle(struct state *state)
{
	size_t count;
	struct place *places = order(state, &count);
	struct state settled = {.notes = state->notes,
	    .nnotes = state->nnotes,
	    .notes_cap = state->notes_cap,
	    .sums = xcalloc(pairs(count) + 1, sizeof(*settled.sums)),
	    .cap = pairs(count)};

	for (size_t i = 0; i < count; i++) {
		cols_add(&settled.terms, slice_of(places[i].name));
		for (size_t j = 0; j <= i; j++) {
			struct state_sum *sum =
			    place_of(state, places[i].index, places[j].index);

			if (is_level(places[i].name) &&
			    !bigint_sign(&sum->value))
				continue;
			settled.sums[pairs(i) + j] = *sum;
			*sum = (struct state_sum){0};
		}
	}
	free(places);
	state->notes = NULL;
	state->nnotes = 0;
	state_release(state);
	*state = settled;
}

void
state_write(const struct state *state, long fold, struct out *out)
{
	char **names = state->terms.names;
	size_t count = state->terms.count;

	for (size_t i = 0; i < state->nnotes; i++)
		write_record(state->notes[i].a, state->notes[i].b,
		    &state->notes[i].sum, fold, out);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = i; j < count; j++) {
			const struct state_sum *sum = state_pair(state, i, j);

			if (sum->present)
				write_record(
				    names[i], names[j], sum, fold, out);
		}
	}
}
