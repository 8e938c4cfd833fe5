/* SPDX-License-Identifier: ISC */
#include "levels.h"

#include <stdlib.h>
#include <string.h>

#include "keyset.h"

/* A category: its levels in the order they came, and those of the block. */
struct category {
	struct keyset *index;
	struct cols names;
	uint16_t at[GRAM_ROWS];
};

struct levels {
	const struct design *design;
	struct category *categories;
};

/* Two terms of different kinds that met. */
struct meeting {
	uint16_t kinds[2], levels[2];
};

struct level_sums {
	const struct levels *levels;
	/*
	 * Of each kind, by levels: the sums with all terms of the design, and
	 * behind them the one with itself.
	 */
	struct decimals_sum **own;
	size_t *nown; /* levels there is room for */
	struct keyset *index;
	struct meeting *meetings;
	size_t nmeetings, meetings_cap;
	struct decimals_sum *met; /* by meetings */
	size_t met_cap;
};

struct levels *
levels_new(const struct design *design)
{
	struct levels *levels = xcalloc(1, sizeof(*levels));

	levels->design = design;
	levels->categories =
	    xcalloc(design->ncategories, sizeof(*levels->categories));
	for (size_t c = 0; c < design->ncategories; c++)
		levels->categories[c].index = keyset_xnew(true);
	return levels;
}

void
levels_free(struct levels *levels)
{
	if (!levels)
		return;
	for (size_t c = 0; c < levels->design->ncategories; c++) {
		keyset_free(levels->categories[c].index);
		cols_release(&levels->categories[c].names);
	}
	free(levels->categories);
	free(levels);
}

/* Adds a level that was not there. */
static int
add_level(struct category *category, struct slice name, struct buf *error)
{
	if (category->names.count == LEVELS_MAX)
		buf_printf(error, "more than %d levels", LEVELS_MAX);
	else if (memchr(name.data, '\0', name.len))
		buf_puts(error, "a level holds a byte 0");
	else
		cols_add(&category->names, name);
	return error->len ? -1 : 0;
}

/* Takes the level of a row of a column. */
static int
take_value(struct category *category, const struct slice *values, size_t row,
    struct buf *error)
{
	uint64_t level = category->names.count;

	/* neighbours are often equal */
	if (row && slice_equal(values[row], values[row - 1])) {
		category->at[row] = category->at[row - 1];
		return 0;
	}
	if (keyset_add(category->index, values[row], &level) &&
	    add_level(category, values[row], error))
		return -1;
	category->at[row] = (uint16_t)level;
	return 0;
}

/* The name of a pair of levels behind "c=": "v*d=w". */
static int
name_pair(const struct levels *levels, const struct design_category *pair,
    const uint16_t at[2], struct buf *name, struct buf *error)
{
	const char *left = levels->categories[pair->left].names.names[at[0]];
	const char *right = levels->categories[pair->right].names.names[at[1]];

	if (strpbrk(left, "*=") || strpbrk(right, "*=")) {
		buf_printf(error,
		    "level '%s' or '%s': none of two categories that are "
		    "crossed holds '*' or '='",
		    left, right);
		return -1;
	}
	buf_printf(name, "%s*%s=%s", left,
	    levels->design->categories[pair->right].name, right);
	return 0;
}

/* Takes the level of a row of a pair of categories. */
static int
take_pair(struct levels *levels, size_t c, size_t row, struct buf *error)
{
	const struct design_category *pair = &levels->design->categories[c];
	struct category *category = &levels->categories[c];
	const uint16_t at[2] = {levels->categories[pair->left].at[row],
	    levels->categories[pair->right].at[row]};
	struct slice key = {(const char *)at, sizeof(at)};
	uint64_t level = category->names.count;
	struct buf name = {0};
	int result = 0;

	if (keyset_add(category->index, key, &level)) {
		result = name_pair(levels, pair, at, &name, error);
		if (!result)
			result = add_level(category, buf_slice(&name), error);
		buf_release(&name);
	}
	category->at[row] = (uint16_t)level;
	return result;
}

static const char *
name_left(const struct levels *levels, size_t c)
{
	const struct design *design = levels->design;

	return design->categories[design->categories[c].left].name;
}

int
levels_take(struct levels *levels, const struct slice *const *values,
    size_t rows, size_t *row, struct buf *error)
{
	const struct design *design = levels->design;
	struct buf why = {0};

	for (size_t r = 0; r < rows; r++) {
		for (size_t c = 0; c < design->ncategories; c++) {
			const char *name = design->categories[c].name;
			int result = name ? take_value(&levels->categories[c],
						values[c], r, &why)
					  : take_pair(levels, c, r, &why);

			if (!result)
				continue;
			*row = r;
			buf_printf(error, "%s '%s': %s",
			    name ? "column" : "pairs of column",
			    name ? name : name_left(levels, c), buf_text(&why));
			buf_release(&why);
			return -1;
		}
	}
	return 0;
}

struct level_sums *
level_sums_new(const struct levels *levels)
{
	struct level_sums *sums = xcalloc(1, sizeof(*sums));
	size_t nkinds = levels->design->nkinds;

	sums->levels = levels;
	sums->own = xcalloc(nkinds, sizeof(*sums->own));
	sums->nown = xcalloc(nkinds, sizeof(*sums->nown));
	sums->index = keyset_xnew(true);
	return sums;
}

/* The sums of a level with terms of the design and with itself. */
static size_t
sums_of_level(const struct level_sums *sums)
{
	return sums->levels->design->terms.count + 1;
}

void
level_sums_free(struct level_sums *sums)
{
	if (!sums)
		return;
	for (size_t k = 0; k < sums->levels->design->nkinds; k++) {
		size_t count = sums->nown[k] * sums_of_level(sums);

		for (size_t i = 0; i < count; i++)
			decimals_sum_release(&sums->own[k][i]);
		free(sums->own[k]);
	}
	for (size_t i = 0; i < sums->nmeetings; i++)
		decimals_sum_release(&sums->met[i]);
	free(sums->own);
	free(sums->nown);
	free(sums->meetings);
	free(sums->met);
	keyset_free(sums->index);
	free(sums);
}

/* The sums of a level of a kind; makes room for it. */
static struct decimals_sum *
own_sums(struct level_sums *sums, size_t kind, size_t level)
{
	size_t size = sums_of_level(sums);
	size_t old = sums->nown[kind];

	if (level >= old) {
		size_t count = 2 * level + 1;
		struct decimals_sum *own =
		    xrealloc(sums->own[kind], count * size * sizeof(*own));

		memset(
		    own + old * size, 0, (count - old) * size * sizeof(*own));
		sums->own[kind] = own;
		sums->nown[kind] = count;
	}
	return sums->own[kind] + level * size;
}

/* The sum of a pair of terms that met. */
static struct decimals_sum *
met_sum(struct level_sums *sums, struct meeting meeting)
{
	struct slice key = {(const char *)&meeting, sizeof(meeting)};
	uint64_t known = sums->nmeetings;

	if (!keyset_add(sums->index, key, &known))
		return &sums->met[known];
	sums->meetings = xgrow(sums->meetings, sums->nmeetings,
	    &sums->meetings_cap, sizeof(*sums->meetings));
	sums->met = xgrow(
	    sums->met, sums->nmeetings, &sums->met_cap, sizeof(*sums->met));
	sums->meetings[sums->nmeetings] = meeting;
	sums->met[sums->nmeetings] = (struct decimals_sum){0};
	return &sums->met[sums->nmeetings++];
}

int
level_sums_add(struct level_sums *sums, const struct decimals *terms,
    const struct decimals *const *weighted, size_t row)
{
	const struct design *design = sums->levels->design;
	const struct design_kind *kinds = design->kinds;
	const struct category *categories = sums->levels->categories;
	size_t count = design->terms.count;
	int result = 0;

	for (size_t k = 0; k < design->nkinds && !result; k++) {
		uint16_t level = categories[kinds[k].category].at[row];
		struct decimals_sum *own = own_sums(sums, k, level);

		for (size_t i = 0; i < count && !result; i++)
			result =
			    decimals_add(&own[i], weighted[k], &terms[i], row);
		if (!result)
			result = decimals_add(&own[count], weighted[k],
			    &terms[kinds[k].number], row);
		for (size_t l = 0; l < k && !result; l++) {
			struct meeting meeting = {{(uint16_t)k, (uint16_t)l},
			    {level, categories[kinds[l].category].at[row]}};

			result = decimals_add(met_sum(sums, meeting),
			    weighted[k], &terms[kinds[l].number], row);
		}
	}
	return result;
}

/* The name of a level's term; appends. */
static void
name_term(
    const struct level_sums *sums, size_t kind, size_t level, struct buf *name)
{
	const struct design *design = sums->levels->design;
	size_t category = design->kinds[kind].category;

	buf_clear(name);
	design_prefix(design, &design->kinds[kind], name);
	buf_puts(name, sums->levels->categories[category].names.names[level]);
}

static int
write_sum(
    struct state *state, const char *a, const char *b, struct decimals_sum *sum)
{
	const struct bigint *total = decimals_total(sum);

	if (!total)
		return -1;
	return state_add_sum(
	    state, slice_of(a), slice_of(b), total, sum->scale, false);
}

static int
write_own(struct level_sums *sums, struct state *state, size_t kind,
    size_t level, const char *name)
{
	const struct cols *terms = &sums->levels->design->terms;
	struct decimals_sum *own = own_sums(sums, kind, level);
	int result = 0;

	for (size_t i = 0; i < terms->count && !result; i++)
		result = write_sum(state, terms->names[i], name, &own[i]);
	if (!result)
		result = write_sum(state, name, name, &own[terms->count]);
	return result;
}

int
level_sums_write(struct level_sums *sums, struct state *state)
{
	const struct design *design = sums->levels->design;
	struct buf a = {0}, b = {0};
	int result = 0;

	for (size_t k = 0; k < design->nkinds; k++) {
		size_t category = design->kinds[k].category;
		size_t count = sums->levels->categories[category].names.count;

		for (size_t l = 0; l < count && !result; l++) {
			name_term(sums, k, l, &a);
			result = write_own(sums, state, k, l, buf_text(&a));
		}
	}
	for (size_t i = 0; i < sums->nmeetings && !result; i++) {
		const struct meeting *met = &sums->meetings[i];

		name_term(sums, met->kinds[0], met->levels[0], &a);
		name_term(sums, met->kinds[1], met->levels[1], &b);
		result =
		    write_sum(state, buf_text(&a), buf_text(&b), &sums->met[i]);
	}
	buf_release(&a);
	buf_release(&b);
	return result;
}
