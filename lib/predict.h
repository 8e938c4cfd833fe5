/* SPDX-License-Identifier: ISC */
/*
 * predict - a model's value at a row, exactly
 *
 * Coefficients and values are decimals, so the sum of their products is one
 * too, and it is rounded once: to PREDICT_DIGITS significant digits, to the
 * even one of two that are as near. It is spelled as "%.17g" spells a double,
 * but for the last digits, which are right here.
 *
 * An interval is as wide as
 *	tq rsd sqrt(h)		for the mean at x, "confidence"
 *	tq rsd sqrt(1 + h)	for a new value at x, "prediction"
 * on either side, with h = x' (X'X)^-1 x = sum over k of (w_k x)^2, which sums
 * squares and so loses no digits, and tq Student's quantile of the level.
 */
#ifndef PREDICT_H
#define PREDICT_H

#include "model.h"
#include "predict_fast.h"

enum { PREDICT_DIGITS = 17, PREDICT_INTERVAL_DIGITS = 15 };

enum predict_interval {
	PREDICT_NO_INTERVAL,
	PREDICT_CONFIDENCE,
	PREDICT_PREDICTION,
};

enum predict_result {
	PREDICT_DONE,
	PREDICT_MISSING,   /* a value is empty */
	PREDICT_UNSEEN,    /* a category has a level that training had not */
	PREDICT_BAD_VALUE, /* a value is no decimal, or beyond all limits */
};

/* Prediction by one model, row after row. */
struct predict {
	const struct model *model;
	enum predict_interval interval;

	struct buf value, low, high; /* of the row last done, as text */
	size_t column;        /* of the model, where the last row had trouble */
	uint64_t rows;        /* that were done */
	uint64_t outside;     /* with a value out of the trained range */
	uint64_t *outside_of; /* the same by columns */

	/* private */
	struct predict_fast *fast;   /* or NULL */
	struct predict_value *plain; /* values of the columns, for it */
	struct bigint *numbers;      /* values of the columns */
	size_t *scales;
	struct slice *levels;
	struct bigint sum, product;
	struct bigfloat *x; /* of the terms, then scratch and powers of ten */
	struct bigfloat *width;
};

/*
 * Begins. Returns 0, or -1 with a reason appended to error: the model has no
 * intervals. predict_release() is due in either case.
 */
int predict_init(struct predict *predict, const struct model *model,
    enum predict_interval interval, double level, struct buf *error);
void predict_release(struct predict *predict);

/*
 * Predicts from the values of the model's columns, one for each.
 */
enum predict_result predict_row(
    struct predict *predict, const struct slice *values);

/* Appends value * 10^-scale rounded to so many significant digits. */
void predict_round(
    const struct bigint *value, size_t scale, size_t digits, struct buf *out);

#endif
