/* SPDX-License-Identifier: ISC */
/*
 * predict_fast - the sum of a prediction in 256 bits, where it fits
 *
 * Most models are sums of coefficients times plain decimals of a few digits.
 * Then each coefficient is kept, at one common scale, for each number of
 * decimals that a value may have, and a row takes no memory and no division.
 */
#ifndef PREDICT_FAST_H
#define PREDICT_FAST_H

#include "model.h"

/* A plain decimal, mantissa * 10^-scale. */
struct predict_value {
	int64_t mantissa;
	uint8_t scale;
};

struct predict_fast;

/* NULL if the model has powers, products of numbers, or a wide coefficient. */
struct predict_fast *predict_fast_new(const struct model *model);
void predict_fast_free(struct predict_fast *fast);

/* Takes a value; false if it is no plain decimal of few enough decimals. */
bool predict_fast_value(const struct predict_fast *fast, struct slice text,
    struct predict_value *value);

/*
 * sum * 10^-scale = the prediction from the values and levels of the model's
 * columns; returns the scale.
 */
size_t predict_fast_sum(const struct predict_fast *fast,
    const struct predict_value *values, const struct slice *levels,
    struct bigint *sum);

/* True if a value is outside the range of its column. */
bool predict_fast_outside(const struct predict_fast *fast, size_t column,
    const struct predict_value *value);

#endif
