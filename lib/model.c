/* SPDX-License-Identifier: ISC */
#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "io.h"
#include "json.h"

/* What reads a model: the categories and numbers among its columns. */
struct reading {
	struct model *model;
	struct json *root;
	struct cols numbers, categories;
};

/* A copy of a member that is a decimal in a string, or NULL. */
static char *
take_decimal(struct json *object, const char *key)
{
	struct slice text = json_string(json_get(object, key));

	return decimal_valid(text) ? xslicedup(text) : NULL;
}

static const char *
take_column(struct reading *r, struct json *from)
{
	struct json *name = json_get(from, "name");
	struct json *levels = json_get(from, "levels");
	struct model_column *column = &r->model->columns[r->model->ncolumns];

	if (json_type(name) != JSON_STRING)
		return "a column has no name";
	if (cols_find(&r->model->names, json_string(name)) >= 0)
		return "a column stands twice";
	r->model->ncolumns++;
	column->name = xslicedup(json_string(name));
	column->category = slice_equal(
	    json_string(json_get(from, "type")), slice_of("category"));
	column->min = take_decimal(from, "min");
	column->max = take_decimal(from, "max");
	for (size_t i = 0; i < json_count(levels); i++)
		cols_add(&column->levels, json_string(json_at(levels, i)));
	cols_add(&r->model->names, json_string(name));
	cols_add(
	    column->category ? &r->categories : &r->numbers, json_string(name));
	return NULL;
}

/* True if the columns of a term are among those of the model. */
static bool
knows(const struct model *model, const struct term *term)
{
	for (size_t i = 0; i < term->count; i++) {
		const struct term_factor *factor = &term->factors[i];
		long at = cols_find(&model->names, slice_of(factor->column));

		if (at < 0 ||
		    model->columns[at].category != (factor->level != NULL))
			return false;
	}
	return true;
}

/* Takes one term into the model; NULL, or the reason why not. */
static const char *
take_term(struct reading *r, struct json *from)
{
	struct model *model = r->model;
	struct json *name = json_get(from, "name");
	struct model_term *term = &model->terms[model->count];

	if (json_type(name) != JSON_STRING)
		return "a term has no name";
	for (size_t i = 0; i < model->count; i++) {
		if (slice_equal(
			slice_of(model->terms[i].name), json_string(name)))
			return "a term stands twice";
	}
	model->count++;
	term->name = xslicedup(json_string(name));
	term->text = take_decimal(from, "coef");
	if (!term->text ||
	    bigint_set_decimal(&term->coef, slice_of(term->text), &term->scale))
		return "a term's coef is not a decimal in a string";
	if (strcmp(term->name, "1"))
		term_parse(&term->term, json_string(name), &r->numbers,
		    &r->categories);
	return knows(model, &term->term) ? NULL
					 : "a term is of unknown columns";
}

/* The whitening factor, if the model has it; NULL, or what is wrong. */
static const char *
take_white(struct reading *r)
{
	struct json *rows = json_get(r->root, "white");
	size_t p = r->model->count, k = 0;

	if (json_type(rows) != JSON_ARRAY)
		return NULL;
	if (json_count(rows) != p)
		return "white is not of the terms";
	r->model->white = bigfloat_new(p * (p + 1) / 2 + 1, MODEL_LIMBS);
	for (size_t i = 0; i < p; i++) {
		struct json *row = json_at(rows, i);

		if (json_count(row) != i + 1)
			return "white is not of the terms";
		for (size_t j = 0; j <= i; j++) {
			struct slice text = json_string(json_at(row, j));

			if (bigfloat_set_text(&r->model->white[k++], text))
				return "white is not of decimals in strings";
		}
	}
	return NULL;
}

static const char *
check_head(struct json *root)
{
	if (!slice_equal(
		json_string(json_get(root, "format")), slice_of("sluice-lr")))
		return "not a model of lr-train";
	if (json_number(json_get(root, "version")) != MODEL_VERSION)
		return "a model of another version";
	if (json_type(json_get(root, "target")) != JSON_STRING ||
	    json_type(json_get(root, "terms")) != JSON_ARRAY ||
	    json_type(json_get(root, "columns")) != JSON_ARRAY)
		return "a model without target, columns or terms";
	return NULL;
}

/* Takes a parsed file into the model; NULL, or the reason why not. */
static const char *
take_model(struct reading *r)
{
	struct model *model = r->model;
	struct json *columns = json_get(r->root, "columns");
	struct json *terms = json_get(r->root, "terms");
	const char *reason = check_head(r->root);

	if (reason)
		return reason;
	model->target = xslicedup(json_string(json_get(r->root, "target")));
	model->df = (int64_t)json_number(json_get(r->root, "df"));
	model->rsd = take_decimal(r->root, "rsd");
	model->columns =
	    xcalloc(json_count(columns) + 1, sizeof(*model->columns));
	model->terms = xcalloc(json_count(terms) + 1, sizeof(*model->terms));
	for (size_t i = 0; i < json_count(columns) && !reason; i++)
		reason = take_column(r, json_at(columns, i));
	for (size_t i = 0; i < json_count(terms) && !reason; i++)
		reason = take_term(r, json_at(terms, i));
	return reason ? reason : take_white(r);
}

int
model_read(struct model *model, const char *path, struct buf *error)
{
	struct reading r = {.model = model, .root = json_read(path, error)};
	const char *reason;

	*model = (struct model){0};
	if (!r.root)
		return -1;
	reason = take_model(&r);
	json_free(r.root);
	cols_release(&r.numbers);
	cols_release(&r.categories);
	if (reason)
		buf_printf(error, "%s: %s", io_name(path), reason);
	return reason ? -1 : 0;
}

void
model_release(struct model *model)
{
	for (size_t i = 0; i < model->count; i++) {
		free(model->terms[i].name);
		free(model->terms[i].text);
		term_release(&model->terms[i].term);
		bigint_release(&model->terms[i].coef);
	}
	for (size_t i = 0; i < model->ncolumns; i++) {
		free(model->columns[i].name);
		free(model->columns[i].min);
		free(model->columns[i].max);
		cols_release(&model->columns[i].levels);
	}
	free(model->target);
	free(model->terms);
	free(model->columns);
	free(model->rsd);
	free(model->white);
	cols_release(&model->names);
	*model = (struct model){0};
}

size_t
model_column(const struct model *model, const char *name)
{
	return (size_t)cols_find(&model->names, slice_of(name));
}
