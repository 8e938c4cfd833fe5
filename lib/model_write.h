/* SPDX-License-Identifier: ISC */
/*
 * model_write - the parts of a model file being written
 */
#ifndef MODEL_WRITE_H
#define MODEL_WRITE_H

#include "json_out.h"
#include "model.h"

struct writing {
	struct json_out json;
	const struct ols_fit *fit;
	const struct model_source *source;
};

/*
 * Puts a number whose digits count: a string, so that no reader rounds it, or
 * null.
 */
void model_put_digits(struct json_out *json, const struct bigfloat *value,
    int digits, bool exists);
void model_pair_digits(struct json_out *json, const char *key,
    const struct bigfloat *value, bool exists);

/* The name of the term of coefficient i. */
const char *model_term_name(const struct ols_fit *fit, size_t i);

/* Puts the member "columns". */
void model_put_columns(struct writing *w);

/* Puts "weights", "ridge", "cv" and "select": what is not plain. */
void model_put_ways(struct writing *w);

#endif
