/* SPDX-License-Identifier: ISC */
#include "predict.h"

#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "dist.h"

/* Behind x: scratch, and 10^-k for small k. */
enum { SCRATCH = 3, POWERS = 40 };

static int
init_interval(struct predict *predict, double level, struct buf *error)
{
	const struct model *model = predict->model;
	size_t p = model->count;
	struct bigfloat *power;

	if (!model->white || !model->rsd || model->df <= 0) {
		buf_puts(error, "the model has nothing for intervals");
		return -1;
	}
	predict->x = bigfloat_new(p + SCRATCH + POWERS, MODEL_LIMBS);
	power = predict->x + p + SCRATCH;
	for (int64_t k = 0; k < POWERS; k++) {
		bigfloat_set_int(&power[k], 1);
		bigfloat_scale(&power[k], &power[k], -k);
	}
	predict->width = bigfloat_new(2, MODEL_LIMBS);
	bigfloat_set_long_double(
	    &predict->width[0], dist_student_quantile(1 - (long double)level,
				    (long double)model->df));
	if (bigfloat_set_text(&predict->width[1], slice_of(model->rsd))) {
		buf_puts(error, "the model's rsd is out of range");
		return -1;
	}
	bigfloat_mul(
	    &predict->width[0], &predict->width[0], &predict->width[1]);
	return 0;
}

int
predict_init(struct predict *predict, const struct model *model,
    enum predict_interval interval, double level, struct buf *error)
{
	size_t n = model->ncolumns + 1;

	*predict = (struct predict){.model = model, .interval = interval};
	predict->outside_of = xcalloc(n, sizeof(*predict->outside_of));
	predict->numbers = xcalloc(n, sizeof(*predict->numbers));
	predict->scales = xcalloc(n, sizeof(*predict->scales));
	predict->levels = xcalloc(n, sizeof(*predict->levels));
	predict->plain = xcalloc(n, sizeof(*predict->plain));
	/* intervals need all terms one by one */
	if (!interval)
		predict->fast = predict_fast_new(model);
	return interval ? init_interval(predict, level, error) : 0;
}

void
predict_release(struct predict *predict)
{
	for (size_t i = 0; predict->numbers && i < predict->model->ncolumns;
	     i++)
		bigint_release(&predict->numbers[i]);
	free(predict->numbers);
	free(predict->scales);
	free(predict->levels);
	free(predict->plain);
	predict_fast_free(predict->fast);
	free(predict->outside_of);
	free(predict->x);
	free(predict->width);
	bigint_release(&predict->sum);
	bigint_release(&predict->product);
	buf_release(&predict->value);
	buf_release(&predict->low);
	buf_release(&predict->high);
	*predict = (struct predict){0};
}

static enum predict_result
take_value(struct predict *predict, size_t i, struct slice value)
{
	const struct model_column *column = &predict->model->columns[i];

	predict->column = i;
	if (!value.len)
		return PREDICT_MISSING;
	if (!column->category)
		return bigint_set_decimal(
			   &predict->numbers[i], value, &predict->scales[i])
			   ? PREDICT_BAD_VALUE
			   : PREDICT_DONE;
	predict->levels[i] = value;
	return cols_find(&column->levels, value) < 0 ? PREDICT_UNSEEN
						     : PREDICT_DONE;
}

/* Counts the row and its columns if they are out of the trained range. */
static void
check_ranges(struct predict *predict, const struct slice *values)
{
	bool outside = false;

	for (size_t i = 0; i < predict->model->ncolumns; i++) {
		const struct model_column *column = &predict->model->columns[i];

		if (!column->min || !column->max ||
		    (decimal_compare(values[i], slice_of(column->min)) >= 0 &&
			decimal_compare(values[i], slice_of(column->max)) <= 0))
			continue;
		predict->outside_of[i]++;
		outside = true;
	}
	predict->outside += outside;
}

/*
 * product = the term's value at the row, but for its scale; false if a level
 * makes it 0. -1 beyond the limit.
 */
static int
term_value(struct predict *predict, const struct term *term, size_t *scale)
{
	bigint_set_int64(&predict->product, 1);
	*scale = 0;
	for (size_t i = 0; i < term->count; i++) {
		const struct term_factor *factor = &term->factors[i];
		size_t at = model_column(predict->model, factor->column);

		if (factor->level) {
			if (!slice_equal(
				predict->levels[at], slice_of(factor->level))) {
				bigint_set_int64(&predict->product, 0);
				return 0;
			}
			continue;
		}
		for (int k = 0; k < factor->power; k++) {
			if (bigint_mul(&predict->product, &predict->product,
				&predict->numbers[at]))
				return -1;
			*scale += predict->scales[at];
		}
	}
	return 0;
}

/* x[i] = product * 10^-scale */
static void
keep_x(struct predict *predict, size_t i, size_t scale)
{
	struct bigfloat *x = &predict->x[i];
	const struct bigfloat *powers =
	    predict->x + predict->model->count + SCRATCH;

	bigfloat_set_bigint(x, &predict->product);
	if (scale && scale < POWERS)
		bigfloat_mul(x, x, &powers[scale]);
	else if (scale)
		bigfloat_scale(x, x, -(int64_t)scale);
}

/* sum += product * coef, of which sum_scale is the scale. */
static int
add_product(struct predict *predict, const struct model_term *term,
    size_t scale, size_t *sum_scale)
{
	struct bigint *product = &predict->product, *sum = &predict->sum;

	if (bigint_mul(product, product, &term->coef))
		return -1;
	scale += term->scale;
	if (scale > *sum_scale) {
		if (bigint_scale(sum, scale - *sum_scale))
			return -1;
		*sum_scale = scale;
	} else if (bigint_scale(product, *sum_scale - scale)) {
		return -1;
	}
	return bigint_add(sum, product);
}

/* low and high, where sum is the prediction and x the terms. */
static void
find_interval(struct predict *predict, size_t scale)
{
	const struct model *model = predict->model;
	struct bigfloat *h = predict->x + model->count, *dot = h + 1;
	struct bigfloat *work = h + 2;
	const struct bigfloat *w = model->white;

	bigfloat_set_int(h, predict->interval == PREDICT_PREDICTION);
	for (size_t k = 0; k < model->count; k++) {
		bigfloat_set_int(dot, 0);
		for (size_t j = 0; j <= k; j++) {
			bigfloat_mul(work, w++, &predict->x[j]);
			bigfloat_add(dot, dot, work);
		}
		bigfloat_mul(dot, dot, dot);
		bigfloat_add(h, h, dot);
	}
	if (h->sign)
		bigfloat_sqrt(h, h);
	bigfloat_mul(h, h, &predict->width[0]);
	bigfloat_set_bigint(dot, &predict->sum);
	bigfloat_scale(dot, dot, -(int64_t)scale);
	bigfloat_sub(work, dot, h);
	bigfloat_text(work, PREDICT_INTERVAL_DIGITS, &predict->low);
	bigfloat_add(work, dot, h);
	bigfloat_text(work, PREDICT_INTERVAL_DIGITS, &predict->high);
}

static int
sum_terms(struct predict *predict, size_t *sum_scale)
{
	const struct model *model = predict->model;

	bigint_set_int64(&predict->sum, 0);
	*sum_scale = 0;
	for (size_t i = 0; i < model->count; i++) {
		size_t scale;

		if (term_value(predict, &model->terms[i].term, &scale))
			return -1;
		if (predict->interval)
			keep_x(predict, i, scale);
		if (add_product(predict, &model->terms[i], scale, sum_scale))
			return -1;
	}
	return 0;
}

/* Predicts by the fast way; false if a value is not for it. */
static bool
predict_fast_row(struct predict *predict, const struct slice *values)
{
	const struct model *model = predict->model;
	bool outside = false;
	size_t scale;

	for (size_t i = 0; i < model->ncolumns; i++) {
		if (model->columns[i].category) {
			if (take_value(predict, i, values[i]) != PREDICT_DONE)
				return false;
		} else if (!predict_fast_value(
			       predict->fast, values[i], &predict->plain[i])) {
			return false;
		}
	}
	for (size_t i = 0; i < model->ncolumns; i++) {
		bool out =
		    predict_fast_outside(predict->fast, i, &predict->plain[i]);

		predict->outside_of[i] += out;
		outside |= out;
	}
	predict->outside += outside;
	predict->rows++;
	scale = predict_fast_sum(
	    predict->fast, predict->plain, predict->levels, &predict->sum);
	predict_round(&predict->sum, scale, PREDICT_DIGITS, &predict->value);
	return true;
}

enum predict_result
predict_row(struct predict *predict, const struct slice *values)
{
	enum predict_result result = PREDICT_DONE;
	size_t scale;

	buf_clear(&predict->value);
	buf_clear(&predict->low);
	buf_clear(&predict->high);
	if (predict->fast && predict_fast_row(predict, values))
		return PREDICT_DONE;
	for (size_t i = 0; i < predict->model->ncolumns; i++) {
		enum predict_result one = take_value(predict, i, values[i]);

		if (one > result)
			result = one;
		if (result > PREDICT_MISSING)
			return result;
	}
	if (result != PREDICT_DONE)
		return result;
	if (sum_terms(predict, &scale))
		return PREDICT_BAD_VALUE;
	predict->rows++;
	check_ranges(predict, values);
	predict_round(&predict->sum, scale, PREDICT_DIGITS, &predict->value);
	if (predict->interval)
		find_interval(predict, scale);
	return PREDICT_DONE;
}
