/* SPDX-License-Identifier: ISC */
#include "metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The metrics in the order of the report. */
static const struct metric blank[METRICS_COUNT] = {
    {"rows", METRIC_MORE, NAN},
    {"missing", METRIC_LESS, NAN},
    {"mean_absolute_error", METRIC_LESS, NAN},
    {"mean_squared_error", METRIC_LESS, NAN},
    {"root_mean_squared_error", METRIC_LESS, NAN},
    {"mean_squared_log_error", METRIC_LESS, NAN},
    {"median_absolute_error", METRIC_LESS, NAN},
    {"r2_score", METRIC_MORE, NAN},
    {"explained_variance", METRIC_MORE, NAN},
    {"mean_absolute_percentage_error", METRIC_LESS, NAN},
    {"percentage_rows", METRIC_MORE, NAN},
    {"baseline_rows", METRIC_MORE, NAN},
    {"baseline_mean_absolute_error", METRIC_LESS, NAN},
    {"baseline_mean_squared_error", METRIC_LESS, NAN},
    {"baseline_root_mean_squared_error", METRIC_LESS, NAN},
    {"baseline_mean_squared_log_error", METRIC_LESS, NAN},
    {"baseline_median_absolute_error", METRIC_LESS, NAN},
    {"baseline_r2_score", METRIC_MORE, NAN},
    {"baseline_explained_variance", METRIC_MORE, NAN},
    {"baseline_mean_absolute_percentage_error", METRIC_LESS, NAN},
    {"baseline_percentage_rows", METRIC_MORE, NAN},
    {"mean_absolute_error_skill", METRIC_MORE, NAN},
    {"mean_squared_error_skill", METRIC_MORE, NAN},
    {"residual_p05", METRIC_ZERO, NAN},
    {"residual_q1", METRIC_ZERO, NAN},
    {"residual_median", METRIC_ZERO, NAN},
    {"residual_q3", METRIC_ZERO, NAN},
    {"residual_p95", METRIC_ZERO, NAN},
};

static void
sum_add(struct sum *sum, double value)
{
	double total = sum->total + value;

	if (fabs(sum->total) >= fabs(value))
		sum->lost += sum->total - total + value;
	else
		sum->lost += value - total + sum->total;
	sum->total = total;
}

static double
sum_value(const struct sum *sum)
{
	return sum->total + sum->lost;
}

/* Adds a value that makes it count values. */
static void
spread_add(struct spread *spread, double value, uint64_t count)
{
	double off = value - spread->mean;

	spread->mean += off / (double)count;
	spread->squares += off * (value - spread->mean);
}

static void
score_add(struct score *score, double actual, double predicted)
{
	double error = actual - predicted;

	score->count++;
	percentile_add(&score->errors, fabs(error));
	sum_add(&score->absolute, fabs(error));
	sum_add(&score->squared, error * error);
	spread_add(&score->actual, actual, score->count);
	spread_add(&score->error, error, score->count);
	if (actual > -1 && predicted > -1) {
		double log_error = log1p(actual) - log1p(predicted);

		sum_add(&score->squared_log, log_error * log_error);
	} else {
		score->no_log = true;
	}
	if (actual != 0) {
		score->nonzero++;
		sum_add(&score->percentage, fabs(error / actual));
	}
}

void
metrics_add(struct metrics *metrics, double actual, double predicted)
{
	double error = actual - predicted;

	if (isnan(error)) {
		metrics->missing++;
	} else {
		score_add(&metrics->model, actual, predicted);
		percentile_add(&metrics->residuals, error);
		if (metrics->has_previous) {
			score_add(
			    &metrics->baseline, actual, metrics->previous);
			sum_add(&metrics->paired_absolute, fabs(error));
			sum_add(&metrics->paired_squared, error * error);
		}
	}
	if (!isnan(actual)) {
		metrics->previous = actual;
		metrics->has_previous = true;
	}
}

void
metrics_limit(struct metrics *metrics, size_t rows)
{
	metrics->model.errors.limit = rows;
	metrics->baseline.errors.limit = rows;
	metrics->residuals.limit = rows;
}

void
metrics_release(struct metrics *metrics)
{
	percentile_release(&metrics->model.errors);
	percentile_release(&metrics->baseline.errors);
	percentile_release(&metrics->residuals);
	*metrics = (struct metrics){0};
}

static double
ratio(double a, double b)
{
	return b == 0 ? NAN : a / b;
}

/* Writes the nine metrics of a score. */
static void
score_report(struct score *score, struct metric *list)
{
	double count = (double)score->count;
	double squared = sum_value(&score->squared);
	double mean_squared = ratio(squared, count);
	double log = sum_value(&score->squared_log);
	double actual = score->actual.squares;
	static const unsigned middle = 50;

	list[0].value = ratio(sum_value(&score->absolute), count);
	list[1].value = mean_squared;
	list[2].value = sqrt(mean_squared);
	list[3].value = score->no_log ? NAN : ratio(log, count);
	percentile_get(&score->errors, &middle, 1, &list[4].value);
	list[5].value = 1 - ratio(squared, actual);
	list[6].value = 1 - ratio(score->error.squares, actual);
	list[7].value =
	    ratio(sum_value(&score->percentage), (double)score->nonzero);
	list[8].value = (double)score->nonzero;
}

void
metrics_report(struct metrics *metrics, struct metric list[METRICS_COUNT])
{
	static const unsigned percents[] = {5, 25, 50, 75, 95};
	double residuals[5];
	struct score *model = &metrics->model, *baseline = &metrics->baseline;

	memcpy(list, blank, sizeof(blank));
	list[0].value = (double)model->count;
	list[1].value = (double)metrics->missing;
	score_report(model, list + 2);
	list[11].value = (double)baseline->count;
	score_report(baseline, list + 12);
	list[21].value = 1 - ratio(sum_value(&metrics->paired_absolute),
				 sum_value(&baseline->absolute));
	list[22].value = 1 - ratio(sum_value(&metrics->paired_squared),
				 sum_value(&baseline->squared));
	percentile_get(&metrics->residuals, percents, 5, residuals);
	for (size_t i = 0; i < 5; i++)
		list[23 + i].value = residuals[i];
}
