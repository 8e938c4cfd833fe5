/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "model_write.h"

static int
compare_names(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The levels of a category that the state has, in order; the reference. */
static void
put_levels(struct writing *w, const char *category)
{
	const struct cols *terms = &w->source->state->terms;
	struct cols levels = {0};
	const char *reference = NULL;

	for (size_t i = 0; i < terms->count; i++) {
		struct slice name = slice_of(terms->names[i]);
		struct term term;

		term_parse(
		    &term, name, w->source->numbers, w->source->categories);
		if (term.count == 1 && term.factors[0].level &&
		    !strcmp(term.factors[0].column, category)) {
			cols_add(&levels, slice_of(term.factors[0].level));
			if (cols_find(w->source->references, name) >= 0)
				reference =
				    terms->names[i] + strlen(category) + 1;
		}
		term_release(&term);
	}
	qsort(levels.names, levels.count, sizeof(*levels.names), compare_names);
	json_key(&w->json, "levels");
	json_open(&w->json, '[');
	for (size_t i = 0; i < levels.count; i++)
		json_put_string(&w->json, slice_of(levels.names[i]));
	json_close(&w->json, ']');
	json_pair_text(&w->json, "reference", reference);
	cols_release(&levels);
}

/* The range of values, if it is that of the column. */
static void
put_range(struct json_out *json, const struct range *range, const char *column)
{
	static const char *const keys[] = {"min", "max"};

	for (size_t i = 0; i < 2 && !strcmp(range->column, column); i++) {
		struct buf text = {0};

		ranges_text(&range->ends[i], &text);
		json_pair_text(json, keys[i], buf_text(&text));
		buf_release(&text);
	}
}

static void
put_column(struct writing *w, const struct term_factor *factor)
{
	struct json_out *json = &w->json;

	json_open(json, '{');
	json_pair_text(json, "name", factor->column);
	json_pair_text(json, "type", factor->level ? "category" : "number");
	if (factor->level)
		put_levels(w, factor->column);
	for (size_t i = 0; !factor->level && i < w->source->ranges->count; i++)
		put_range(json, &w->source->ranges->columns[i], factor->column);
	json_close(json, '}');
}

void
model_put_columns(struct writing *w)
{
	struct cols seen = {0};

	json_key(&w->json, "columns");
	json_open(&w->json, '[');
	for (size_t i = w->fit->intercept; i < w->fit->rank.count; i++) {
		struct term term;

		term_parse(&term, slice_of(model_term_name(w->fit, i)),
		    w->source->numbers, w->source->categories);
		for (size_t k = 0; k < term.count; k++) {
			struct slice name = slice_of(term.factors[k].column);

			if (cols_find(&seen, name) >= 0)
				continue;
			cols_add(&seen, name);
			put_column(w, &term.factors[k]);
		}
		term_release(&term);
	}
	json_close(&w->json, ']');
	cols_release(&seen);
}
