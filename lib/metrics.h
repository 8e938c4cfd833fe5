/* SPDX-License-Identifier: ISC */
/*
 * metrics - how good predictions are, beside a naive baseline
 *
 * The baseline predicts each value by the actual one before it, in the order
 * of the rows. Names and meanings are those of BigQuery ML's ML.EVALUATE and
 * of scikit-learn. Sums are compensated (Neumaier 1974) or updated means
 * (Welford 1962), so that neither many rows nor large values spoil them.
 *
 * Medians and other percentiles are exact up to a limit of rows, and near
 * beyond it (percentile.h): memory is 24 bytes a row up to there.
 */
#ifndef METRICS_H
#define METRICS_H

#include <stdint.h>

#include "percentile.h"

/* A running sum with what its rounding lost; {0} is 0. */
struct sum {
	double total, lost;
};

/* Mean and sum of squared deviations from it, over count values. */
struct spread {
	double mean, squares;
};

/* Sums over pairs of an actual and a predicted value; {0} is empty. */
struct score {
	uint64_t count;
	uint64_t nonzero; /* of them with an actual value that is not 0 */
	struct sum absolute, squared, squared_log, percentage;
	struct spread actual, error;
	bool no_log;              /* a value is -1 or less */
	struct percentile errors; /* absolute ones */
};

/* {0} is valid and empty. */
struct metrics {
	uint64_t missing;
	struct score model, baseline;
	struct percentile residuals;                /* of the model */
	struct sum paired_absolute, paired_squared; /* of the model */
	double previous;                            /* actual value */
	bool has_previous;
};

/*
 * Adds a row. NaN is a missing value: a row without either one is counted as
 * missing and has no part in the sums; its actual value, if it is there, is
 * still the next row's baseline.
 */
void metrics_add(struct metrics *metrics, double actual, double predicted);

/* Before the first row: how many rows to be exact for (percentile.h). */
void metrics_limit(struct metrics *metrics, size_t rows);

void metrics_release(struct metrics *metrics);

/* Which way a metric gets better. */
enum metric_aim {
	METRIC_MORE,
	METRIC_LESS,
	METRIC_ZERO, /* the nearer to 0 */
};

/* A metric by name; NaN where it is undefined. */
struct metric {
	const char *name;
	enum metric_aim aim;
	double value;
};

enum { METRICS_COUNT = 28 };

/*
 * Computes the metrics over the rows added. With e = actual - predicted, and
 * means over the rows counted:
 *	rows, missing
 *	mean_absolute_error	mean of |e|
 *	mean_squared_error	mean of e^2
 *	root_mean_squared_error	its root
 *	mean_squared_log_error	mean of (ln(1 + actual) - ln(1 + predicted))^2;
 *				undefined if a value is -1 or less
 *	median_absolute_error	median of |e|; of two in the middle, their mean
 *	r2_score		1 - sum e^2 / sum (actual - mean actual)^2
 *	explained_variance	1 - sum (e - mean e)^2 / the same
 *	mean_absolute_percentage_error
 *				mean of |e / actual| over the rows whose actual
 *				value is not 0: a share, not times 100
 *	percentage_rows		how many those are
 *	baseline_...		rows and the nine of the baseline, over rows
 *				that have a previous value: all but the first
 *	mean_absolute_error_skill, mean_squared_error_skill
 *				1 - model / baseline, both over baseline_rows
 *	residual_p05, _q1, _median, _q3, _p95
 *				the percentiles 5, 25, 50, 75, 95 of e
 * Undefined is what divides by zero.
 */
void metrics_report(struct metrics *metrics, struct metric list[METRICS_COUNT]);

#endif
