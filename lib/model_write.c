/* SPDX-License-Identifier: ISC */
#include "model_write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "num.h"

/* Intervals are as certain as the quantile in them, a long double. */
enum { INTERVAL_DIGITS = 15, CONDITION_DIGITS = 6 };

/* A number whose digits count: a string, so that no reader rounds it. */
void
model_put_digits(struct json_out *json, const struct bigfloat *value,
    int digits, bool exists)
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

void
model_pair_digits(struct json_out *json, const char *key,
    const struct bigfloat *value, bool exists)
{
	json_key(json, key);
	model_put_digits(json, value, OLS_DIGITS, exists);
}

const char *
model_term_name(const struct ols_fit *fit, size_t i)
{
	return fit->names[fit->rank.pivots[i]];
}

static void
pair_interval(struct json_out *json, const char *key,
    const struct bigfloat *value, bool exists)
{
	json_key(json, key);
	model_put_digits(json, value, INTERVAL_DIGITS, exists);
}

static void
pair_number(struct json_out *json, const char *key, double value, bool exists)
{
	json_pair_number(json, key, exists ? value : NAN);
}

static void
put_term(struct writing *w, size_t i)
{
	const struct ols_fit *fit = w->fit;
	struct json_out *json = &w->json;
	bool constant = !strcmp(model_term_name(fit, i), "1");

	json_open(json, '{');
	json_pair_text(json, "name", model_term_name(fit, i));
	model_pair_digits(json, "coef", &fit->coef[i], true);
	model_pair_digits(json, "se", &fit->se[i], fit->has_se);
	model_pair_digits(json, "t", &fit->t[i], fit->has_t);
	pair_number(json, "p", (double)fit->p_value[i], fit->has_t);
	pair_interval(json, "ci_low", &fit->low[i], fit->has_se);
	pair_interval(json, "ci_high", &fit->high[i], fit->has_se);
	model_pair_digits(json, "beta_std", &fit->beta[i], !constant);
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
	model_pair_digits(json, "sum_w", fit->n,
	    state_told(w->source->state, ":w2", "") != NULL);
	json_pair_int(json, "df", fit->df);
	json_pair_int(json, "rank", (int64_t)fit->rank.count);
	model_pair_digits(json, "sse", fit->sse, true);
	model_pair_digits(json, "sst", fit->sst, true);
	json_pair_text(
	    json, "sst_kind", fit->intercept ? "centred" : "uncentred");
	model_pair_digits(json, "rsd", fit->rsd, fit->has_se);
	model_pair_digits(json, "rmse", fit->rmse, true);
	model_pair_digits(json, "r2", fit->r2, true);
	model_pair_digits(json, "adj_r2", fit->adj_r2, fit->has_se);
	model_pair_digits(json, "f", fit->f, fit->has_f);
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
		model_pair_digits(
		    &w->json, model_term_name(w->fit, i), &values[i], true);
	json_close(&w->json, '}');
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
			model_put_digits(
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
	model_put_columns(&w);
	put_terms(&w);
	put_rows(&w);
	put_summary(&w);
	put_dropped(&w);
	json_pair_number(&w.json, "cond", condition);
	json_pair_number(&w.json, "digits_at_risk", rounded(log10(condition)));
	json_pair_int(&w.json, "certified_digits", fit->digits);
	put_moments(&w, "means", fit->mean);
	put_moments(&w, "sds", fit->sd);
	model_put_ways(&w);
	if (source->white && !source->lambda)
		put_white(&w);
	json_close(&w.json, '}');
	return 0;
}
