/* SPDX-License-Identifier: ISC */
#include "choice.h"

#include <stdlib.h>
#include <string.h>

#include "term.h"

struct choosing {
	struct choice *choice;
	const struct state *state;
	bool constant; /* the constant is among the terms, or adds up of them */
};

static void
add_once(struct cols *cols, struct slice name)
{
	if (name.len && cols_find(cols, name) < 0)
		cols_add(cols, name);
}

/* A column is a number if the state counts it, or its name is no product. */
static void
find_columns(struct choice *choice, const struct state *state)
{
	for (size_t i = 0; i < state->terms.count; i++) {
		const char *name = state->terms.names[i];

		if (!strcmp(name, "1"))
			continue;
		if (state_told(state, ":count", name) || !strpbrk(name, "=*^"))
			cols_add(&choice->numbers, slice_of(name));
		else
			add_once(
			    &choice->categories, term_category(slice_of(name)));
	}
}

static void
add_term(struct choice *choice, size_t term)
{
	for (size_t i = 0; i < choice->nx; i++) {
		if (choice->x[i] == term)
			return;
	}
	choice->x[choice->nx++] = term;
}

static int
compare_names(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* A kind of terms with levels: of which categories, times which number. */
struct kind {
	const char *number; /* or NULL */
	const char *first;
	const char *second; /* or NULL */
};

static bool
same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* True if the term is of the kind. */
static bool
is_of(const struct choice *choice, const char *name, const struct kind *kind)
{
	struct term term = {0};
	const struct term_factor *f = term.factors;
	size_t i;
	bool good;

	term_parse(
	    &term, slice_of(name), &choice->numbers, &choice->categories);
	i = term.count > 1 && !f[0].level;
	good = f[i].level && same(f[i].column, kind->first) &&
	       same(i ? f[0].column : NULL, kind->number) &&
	       same(!i && term.count > 1 ? f[1].column : NULL, kind->second);
	term_release(&term);
	return good;
}

/* True if the first level of a kind says nothing that others do not. */
static bool
has_reference(const struct choosing *choosing, const struct kind *kind)
{
	const struct choice *choice = choosing->choice;
	const struct state *state = choosing->state;

	if (kind->second)
		return false;
	for (size_t i = 0; kind->number && i < choice->nx; i++) {
		if (!strcmp(state->terms.names[choice->x[i]], kind->number))
			return true;
	}
	return !kind->number && choosing->constant;
}

/* Adds the levels of a kind, in the order of their bytes; false if none. */
static bool
add_kind(struct choosing *choosing, const struct kind *kind)
{
	struct choice *choice = choosing->choice;
	const struct cols *terms = &choosing->state->terms;
	const char **names = xcalloc(terms->count + 1, sizeof(*names));
	size_t count = 0, from = 0;

	for (size_t i = 0; i < terms->count; i++) {
		if (is_of(choice, terms->names[i], kind))
			names[count++] = terms->names[i];
	}
	qsort(names, count, sizeof(*names), compare_names);
	if (count && has_reference(choosing, kind))
		cols_add(&choice->references, slice_of(names[from++]));
	/* all levels of a category add up to the constant */
	if (count && !kind->number && !kind->second)
		choosing->constant = true;
	for (size_t i = from; i < count; i++)
		add_term(choice, (size_t)cols_find(terms, slice_of(names[i])));
	free(names);
	return count > 0;
}

/* The kinds of the options. */
static int
add_kinds(
    struct choosing *choosing, const struct design *design, struct buf *error)
{
	for (size_t i = 0; i < design->nkinds; i++) {
		const struct design_kind *k = &design->kinds[i];
		const struct design_category *c =
		    &design->categories[k->category];
		struct kind kind = {
		    k->number ? design->terms.names[k->number] : NULL, c->name,
		    NULL};

		if (!c->name) {
			kind.first = design->categories[c->left].name;
			kind.second = design->categories[c->right].name;
		}
		if (add_kind(choosing, &kind))
			continue;
		buf_printf(error, "no levels of '%s' in the state", kind.first);
		return -1;
	}
	return 0;
}

/* All terms of the state but the target. */
static void
add_all(struct choosing *choosing)
{
	struct choice *choice = choosing->choice;
	const struct cols *terms = &choosing->state->terms;

	for (size_t i = 0; i < terms->count; i++) {
		const char *name = terms->names[i];
		struct term term = {0};
		const struct term_factor *f = term.factors;
		struct kind kind;
		size_t at;

		if (!strcmp(name, "1") || i == choice->y ||
		    cols_find(&choice->references, slice_of(name)) >= 0)
			continue;
		term_parse(&term, slice_of(name), &choice->numbers,
		    &choice->categories);
		at = term.count > 1 && !f[0].level;
		kind = (struct kind){at ? f[0].column : NULL, f[at].column,
		    !at && term.count > 1 ? f[1].column : NULL};
		if (f[at].level)
			add_kind(choosing, &kind);
		else
			add_term(choice, i);
		term_release(&term);
	}
}

static int
find_term(const struct state *state, const char *name, size_t *term,
    struct buf *error)
{
	long found = cols_find(&state->terms, slice_of(name));

	if (found < 0) {
		buf_printf(error, "no term '%s' in the state; it has ", name);
		for (size_t i = 0; i < state->terms.count && i < 20; i++)
			buf_printf(error, "%s%s", i ? ", " : "",
			    state->terms.names[i]);
		buf_puts(error, state->terms.count > 20 ? ", ..." : "");
		return -1;
	}
	*term = (size_t)found;
	return 0;
}

/* The terms that are numbers, then those with levels. */
static int
add_design(
    struct choosing *choosing, const struct design *design, struct buf *error)
{
	for (size_t i = 1; i < design->terms.count; i++) {
		size_t term = 0;

		if (find_term(
			choosing->state, design->terms.names[i], &term, error))
			return -1;
		if (term != choosing->choice->y)
			add_term(choosing->choice, term);
	}
	return add_kinds(choosing, design, error);
}

int
choice_make(struct choice *choice, const struct state *state,
    struct design *design, bool intercept, struct buf *error)
{
	struct choosing choosing = {choice, state, intercept};

	*choice = (struct choice){
	    .x = xcalloc(state->terms.count + 1, sizeof(size_t))};
	find_columns(choice, state);
	if (find_term(state, design->target, &choice->y, error))
		return -1;
	if (design->all) {
		add_all(&choosing);
		return 0;
	}
	if (!design->terms.count && design_make(design, NULL, NULL, error))
		return -1;
	return add_design(&choosing, design, error);
}

void
choice_release(struct choice *choice)
{
	free(choice->x);
	cols_release(&choice->numbers);
	cols_release(&choice->categories);
	cols_release(&choice->references);
	*choice = (struct choice){0};
}
