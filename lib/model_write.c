/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "json_out.h"
#include "model.h"
#include "num.h"

/* Intervals are as certain as the quantile in them, a long double. */
enum { INTERVAL_DIGITS = 15, CONDITION_DIGITS = 6 };

struct writing {
	struct json_out json;
	const struct ols_fit *fit;
	const struct model_source *source;
};

/* A number whose digits count: a string, so that no reader rounds it. */
static void
put_digits(struct json_out *json, const struct bigfloat *value, int digits,
    bool exists)
{
	struct buf text = {0};

	if (exists) {
		bigfloat_text(value, digits, &text);
		json_put_string(json, buf_slice(&text));
	} else {
		json_put_null(json);
	}
	buf_release(&text);
}

static void
pair_digits(struct json_out *json, const char *key,
    const struct bigfloat *value, bool exists)
{
	json_key(json, key);
	put_digits(json, value, OLS_DIGITS, exists);
}

static void
pair_interval(struct json_out *json, const char *key,
    const struct bigfloat *value, bool exists)
{
	json_key(json, key);
	put_digits(json, value, INTERVAL_DIGITS, exists);
}

static void
pair_number(struct json_out *json, const char *key, double value, bool exists)
{
	json_pair_number(json, key, exists ? value : NAN);
}

static const char *
name_of(const struct ols_fit *fit, size_t i)
{
	return fit->names[fit->rank.pivots[i]];
}

static void
put_term(struct writing *w, size_t i)
{
	const struct ols_fit *fit = w->fit;
	struct json_out *json = &w->json;
	bool constant = !strcmp(name_of(fit, i), "1");

	json_open(json, '{');
	json_pair_text(json, "name", name_of(fit, i));
	pair_digits(json, "coef", &fit->coef[i], true);
	pair_digits(json, "se", &fit->se[i], fit->has_se);
	pair_digits(json, "t", &fit->t[i], fit->has_t);
	pair_number(json, "p", (double)fit->p_value[i], fit->has_t);
	pair_interval(json, "ci_low", &fit->low[i], fit->has_se);
	pair_interval(json, "ci_high", &fit->high[i], fit->has_se);
	pair_digits(json, "beta_std", &fit->beta[i], !constant);
	/* by way of more bits than a double has: rounded, not cut */
	pair_number(
	    json, "vif", (double)bigfloat_long_double(&fit->vif[i]), !constant);
	json_close(json, '}');
}

static void
put_terms(struct writing *w)
{
	json_key(&w->json, "terms");
	json_open(&w->json, '[');
	for (size_t i = 0; i < w->fit->rank.count; i++)
		put_term(w, i);
	json_close(&w->json, ']');
}

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

static void
put_columns(struct writing *w)
{
	struct cols seen = {0};

	json_key(&w->json, "columns");
	json_open(&w->json, '[');
	for (size_t i = w->fit->intercept; i < w->fit->rank.count; i++) {
		struct term term;

		term_parse(&term, slice_of(name_of(w->fit, i)),
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

static void
put_rows(struct writing *w)
{
	static const char *const names[] = {"read", "used", "missing", "bad"};
	const struct state *state = w->source->state;
	bool told = state_told(state, ":rows", "used") != NULL;

	json_key(&w->json, "rows");
	json_open(&w->json, '{');
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_pair_int(&w->json, names[i],
		    told    ? state_count(state, ":rows", names[i])
		    : i < 2 ? w->fit->rows
			    : 0);
	json_close(&w->json, '}');
}

static void
put_summary(struct writing *w)
{
	struct json_out *json = &w->json;
	const struct ols_fit *fit = w->fit;

	json_pair_int(json, "n", fit->rows);
	pair_digits(json, "sum_w", fit->n,
	    state_told(w->source->state, ":w2", "") != NULL);
	json_pair_int(json, "df", fit->df);
	json_pair_int(json, "rank", (int64_t)fit->rank.count);
	pair_digits(json, "sse", fit->sse, true);
	pair_digits(json, "sst", fit->sst, true);
	json_pair_text(
	    json, "sst_kind", fit->intercept ? "centred" : "uncentred");
	pair_digits(json, "rsd", fit->rsd, fit->has_se);
	pair_digits(json, "rmse", fit->rmse, true);
	pair_digits(json, "r2", fit->r2, true);
	pair_digits(json, "adj_r2", fit->adj_r2, fit->has_se);
	pair_digits(json, "f", fit->f, fit->has_f);
	pair_number(json, "f_p", (double)fit->f_p, fit->has_f);
	pair_number(json, "loglik", (double)fit->loglik, fit->has_loglik);
	pair_number(json, "aic", (double)fit->aic, fit->has_loglik);
	pair_number(json, "bic", (double)fit->bic, fit->has_loglik);
	json_pair_number(json, "level", w->source->level);
	pair_number(json, "tq", (double)fit->tq, fit->has_se);
	json_pair_bool(json, "perfect_fit", fit->perfect);
}

static void
put_dropped(struct writing *w)
{
	const struct ols_fit *fit = w->fit;

	json_key(&w->json, "dropped");
	json_open(&w->json, '[');
	for (size_t i = 0; i < fit->rank.ndependent; i++) {
		const struct relation *relation = &fit->rank.dependent[i];

		json_open(&w->json, '{');
		json_pair_text(&w->json, "name", fit->names[relation->of]);
		json_pair_text(&w->json, "relation", fit->relations[i]);
		json_close(&w->json, '}');
	}
	json_close(&w->json, ']');
}

/* A number of few digits, so that the last ones do not differ by machine. */
static double
rounded(double value)
{
	char text[NUM_SIZE];
	double result = NAN;

	snprintf(text, sizeof(text), "%.*g", CONDITION_DIGITS, value);
	num_double(slice_of(text), &result);
	return result;
}

static void
put_moments(struct writing *w, const char *key, const struct bigfloat *values)
{
	json_key(&w->json, key);
	json_open(&w->json, '{');
	for (size_t i = w->fit->intercept; i < w->fit->rank.count; i++)
		pair_digits(&w->json, name_of(w->fit, i), &values[i], true);
	json_close(&w->json, '}');
}

static void
put_weights(struct writing *w)
{
	const struct state *state = w->source->state;

	json_key(&w->json, "weights");
	if (!state_told(state, ":w2", "")) {
		json_put_null(&w->json);
		return;
	}
	json_open(&w->json, '{');
	for (size_t i = 0; i < state->nnotes; i++) {
		if (!strcmp(state->notes[i].a, ":weight"))
			json_pair_text(&w->json, "column", state->notes[i].b);
	}
	json_pair_text(&w->json, "kind", "precision");
	json_close(&w->json, '}');
}

static void
put_ridge(struct writing *w)
{
	struct json_out *json = &w->json;

	json_key(json, "ridge");
	if (!w->source->lambda) {
		json_put_null(json);
		return;
	}
	json_open(json, '{');
	json_pair_text(json, "lambda", w->source->lambda);
	json_pair_text(
	    json, "convention", "(C + lambda diag(C)) b = c, C centred");
	json_close(json, '}');
}

static void
put_cv(struct writing *w)
{
	const struct model_source *source = w->source;
	struct json_out *json = &w->json;

	json_key(json, "cv");
	if (!source->folds) {
		json_put_null(json);
		return;
	}
	json_open(json, '{');
	json_pair_int(json, "folds", (int64_t)source->folds);
	pair_digits(json, "rmse", source->tries[source->best].rmse, true);
	json_key(json, "tries");
	json_open(json, '[');
	for (size_t i = 0; i < source->ntries && source->lambda; i++) {
		json_open(json, '{');
		json_pair_text(json, "lambda", source->tries[i].lambda);
		pair_digits(json, "rmse", source->tries[i].rmse, true);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

static void
put_select(struct writing *w)
{
	struct json_out *json = &w->json;

	json_key(json, "select");
	if (!w->source->select) {
		json_put_null(json);
		return;
	}
	json_open(json, '{');
	json_pair_text(
	    json, "criterion", w->source->select == SELECT_AIC ? "aic" : "bic");
	json_key(json, "removed");
	json_open(json, '[');
	for (size_t i = 0; i < w->source->removed->count; i++)
		json_put_string(json, slice_of(w->source->removed->names[i]));
	json_close(json, ']');
	json_close(json, '}');
}

static void
put_white(struct writing *w)
{
	size_t k = 0;

	json_key(&w->json, "white");
	json_open(&w->json, '[');
	for (size_t i = 0; i < w->fit->rank.count; i++) {
		json_open(&w->json, '[');
		for (size_t j = 0; j <= i; j++)
			put_digits(
			    &w->json, &w->fit->white[k++], OLS_DIGITS, true);
		json_close(&w->json, ']');
	}
	json_close(&w->json, ']');
}

/* True if JSON can hold the name, which must be UTF-8. */
static bool
check_name(const char *name, struct buf *error)
{
	struct buf text = {0}, reason = {0};
	struct json_out out = {.buf = &text};
	struct json *back;
	bool good;

	json_put_string(&out, slice_of(name));
	back = json_parse(buf_slice(&text), &reason);
	good = slice_equal(json_string(back), slice_of(name));
	if (!good)
		buf_printf(error, "column '%s': not UTF-8", name);
	json_free(back);
	buf_release(&text);
	buf_release(&reason);
	return good;
}

static void
put_head(struct writing *w)
{
	struct json_out *json = &w->json;

	json_pair_text(json, "format", "sluice-lr");
	json_pair_int(json, "version", MODEL_VERSION);
	json_pair_text(json, "tool", w->source->tool);
	json_pair_text(json, "target", w->fit->names[w->fit->columns]);
	json_pair_bool(json, "intercept", w->fit->intercept);
}

int
model_write(struct buf *out, const struct ols_fit *fit,
    const struct model_source *source, struct buf *error)
{
	struct writing w = {{.buf = out, .lines = 2}, fit, source};
	double condition = rounded(fit->condition);

	for (size_t i = 0; i <= fit->columns; i++) {
		if (!check_name(fit->names[i], error))
			return -1;
	}
	json_open(&w.json, '{');
	put_head(&w);
	put_columns(&w);
	put_terms(&w);
	put_rows(&w);
	put_summary(&w);
	put_dropped(&w);
	json_pair_number(&w.json, "cond", condition);
	json_pair_number(&w.json, "digits_at_risk", rounded(log10(condition)));
	json_pair_int(&w.json, "certified_digits", fit->digits);
	put_moments(&w, "means", fit->mean);
	put_moments(&w, "sds", fit->sd);
	put_weights(&w);
	put_ridge(&w);
	put_cv(&w);
	put_select(&w);
	if (source->white && !source->lambda)
		put_white(&w);
	json_close(&w.json, '}');
	return 0;
}
