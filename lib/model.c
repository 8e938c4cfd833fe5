/* SPDX-License-Identifier: ISC */
#include "model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "io.h"
#include "json.h"
#include "json_out.h"
#include "num.h"

static const char format[] = "sluice-lr";
enum { VERSION = 1 };
static const char constant_name[] = "1";

void
model_xname(const char *name)
{
	struct buf text = {0};
	struct json_out out = {.buf = &text};
	struct json *back;

	if (slice_equal(slice_of(name), slice_of(constant_name)))
		die(STATUS_TROUBLE, "column '%s': the intercept has this name",
		    name);
	json_put_string(&out, slice_of(name));
	back = json_parse(buf_slice(&text), &text);
	if (!slice_equal(json_string(back), slice_of(name)))
		die(STATUS_TROUBLE, "column '%s': not UTF-8", name);
	json_free(back);
	buf_release(&text);
}

/* A value whose digits count: a string, so that no reader rounds it. */
static void
put_digits(struct json_out *json, const char *key, double value)
{
	char text[NUM_SIZE];

	snprintf(text, sizeof(text), "%.17g", value);
	json_pair_text(json, key, isfinite(value) ? text : NULL);
}

static const char *
term_name(const struct oldols_fit *fit, const struct model_origin *from, size_t i)
{
	if (fit->intercept && i == 0)
		return constant_name;
	return from->columns->names[i - fit->intercept];
}

static void
put_terms(struct json_out *json, const struct oldols_fit *fit,
    const struct model_origin *from)
{
	json_key(json, "terms");
	json_open(json, '[');
	for (size_t i = 0; i < fit->columns; i++) {
		if (fit->dropped[i])
			continue;
		json_open(json, '{');
		json_pair_text(json, "name", term_name(fit, from, i));
		put_digits(json, "coef", fit->coef[i]);
		put_digits(json, "se", fit->se[i]);
		put_digits(json, "t", fit->t[i]);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
put_rows(struct json_out *json, const struct oldols_fit *fit,
    const struct model_origin *from)
{
	json_key(json, "rows");
	json_open(json, '{');
	json_pair_int(json, "read", (int64_t)(fit->rows + from->missing));
	json_pair_int(json, "used", (int64_t)fit->rows);
	json_pair_int(json, "missing", (int64_t)from->missing);
	json_close(json, '}');
}

static void
put_summary(struct json_out *json, const struct oldols_fit *fit)
{
	json_pair_int(json, "n", (int64_t)fit->rows);
	json_pair_int(json, "rank", (int64_t)fit->rank);
	json_pair_int(json, "df", (int64_t)fit->df);
	put_digits(json, "sse", fit->sse);
	put_digits(json, "sst", fit->sst);
	json_pair_text(
	    json, "sst_kind", fit->intercept ? "centred" : "uncentred");
	put_digits(json, "rsd", fit->rsd);
	put_digits(json, "r2", fit->r2);
	put_digits(json, "adj_r2", fit->adj_r2);
	put_digits(json, "f", fit->f);
}

static void
put_dropped(struct json_out *json, const struct oldols_fit *fit,
    const struct model_origin *from)
{
	json_key(json, "dropped");
	json_open(json, '[');
	for (size_t i = 0; i < fit->columns; i++) {
		if (!fit->dropped[i])
			continue;
		json_open(json, '{');
		json_pair_text(json, "name", term_name(fit, from, i));
		json_close(json, '}');
	}
	json_close(json, ']');
}

void
model_write(
    struct buf *out, const struct oldols_fit *fit, const struct model_origin *from)
{
	struct json_out json = {.buf = out, .lines = 2};

	json_open(&json, '{');
	json_pair_text(&json, "format", format);
	json_pair_int(&json, "version", VERSION);
	json_pair_text(&json, "tool", from->tool);
	json_pair_text(&json, "target", from->target);
	json_pair_bool(&json, "intercept", fit->intercept);
	put_terms(&json, fit, from);
	put_rows(&json, fit, from);
	put_summary(&json, fit);
	put_dropped(&json, fit, from);
	json_close(&json, '}');
}

/* Takes one term into the model; NULL, or the reason why not. */
static const char *
take_term(struct model *model, struct json *term, bool intercept)
{
	struct json *name = json_get(term, "name");
	struct slice text = json_string(name);
	double coef;

	if (json_type(name) != JSON_STRING)
		return "a term has no name";
	if (num_double(json_string(json_get(term, "coef")), &coef))
		return "a term's coef is not a decimal in a string";
	if (intercept && slice_equal(text, slice_of(constant_name))) {
		model->constant = coef;
		return NULL;
	}
	if (cols_find(&model->columns, text) >= 0)
		return "a term stands twice";
	model->coef[model->columns.count] = coef;
	cols_add(&model->columns, text);
	return NULL;
}

/* Takes a parsed file into the model; NULL, or the reason why not. */
static const char *
take_model(struct model *model, struct json *root)
{
	struct json *target = json_get(root, "target");
	struct json *terms = json_get(root, "terms");
	bool intercept = json_bool(json_get(root, "intercept"));
	const char *reason = NULL;

	if (!slice_equal(
		json_string(json_get(root, "format")), slice_of(format)))
		return "not a model of lr-train";
	if (json_number(json_get(root, "version")) != VERSION)
		return "a model of another version";
	if (json_type(target) != JSON_STRING || json_type(terms) != JSON_ARRAY)
		return "a model without target or terms";
	model->target = xslicedup(json_string(target));
	model->coef = xcalloc(json_count(terms) + 1, sizeof(*model->coef));
	for (size_t i = 0; i < json_count(terms) && !reason; i++)
		reason = take_term(model, json_at(terms, i), intercept);
	return reason;
}

int
model_read(struct model *model, const char *path, struct buf *error)
{
	struct json *root = json_read(path, error);
	const char *reason;

	*model = (struct model){0};
	if (!root)
		return -1;
	reason = take_model(model, root);
	json_free(root);
	if (reason)
		buf_printf(error, "%s: %s", io_name(path), reason);
	return reason ? -1 : 0;
}

void
model_release(struct model *model)
{
	free(model->target);
	free(model->coef);
	cols_release(&model->columns);
	*model = (struct model){0};
}

double
model_predict(const struct model *model, const double *x)
{
	double sum = model->constant;

	for (size_t i = 0; i < model->columns.count; i++)
		sum += model->coef[i] * x[i];
	return sum;
}
