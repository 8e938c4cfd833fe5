/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "model_write.h"

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
	model_pair_digits(json, "rmse", source->tries[source->best].rmse, true);
	json_key(json, "tries");
	json_open(json, '[');
	for (size_t i = 0; i < source->ntries && source->lambda; i++) {
		json_open(json, '{');
		json_pair_text(json, "lambda", source->tries[i].lambda);
		model_pair_digits(json, "rmse", source->tries[i].rmse, true);
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

void
model_put_ways(struct writing *w)
{
	put_weights(w);
	put_ridge(w);
	put_cv(w);
	put_select(w);
}
