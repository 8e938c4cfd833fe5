/* SPDX-License-Identifier: ISC */
#include "qr.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

/*
 * A batch of rows is reduced to a triangle, and triangles of equal weight are
 * merged two by two: triangle[k] stands for 2^k batches. So each row takes
 * part in log2(rows) reductions, and rounding grows no faster than that.
 */
enum { BATCH = 256, LEVELS = 64 };

struct qr {
	size_t columns;
	size_t height; /* of a batch, and no less than two triangles */
	size_t filled; /* rows of the batch in use */
	double *batch;
	double *triangle[LEVELS];
};

struct qr *
qr_new(size_t columns)
{
	struct qr *qr = xcalloc(1, sizeof(*qr));

	qr->columns = columns;
	qr->height = columns > BATCH / 2 ? 2 * columns : BATCH;
	qr->batch = xcalloc(columns * qr->height, sizeof(double));
	return qr;
}

void
qr_free(struct qr *qr)
{
	if (!qr)
		return;
	for (size_t k = 0; k < LEVELS; k++)
		free(qr->triangle[k]);
	free(qr->batch);
	free(qr);
}

double
qr_length(const double *v, size_t n)
{
	double largest = 0, sum = 0;

	/* written so that a NaN is not passed over */
	for (size_t i = 0; i < n; i++) {
		if (!(fabs(v[i]) <= largest))
			largest = fabs(v[i]);
	}
	if (largest == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		sum += (v[i] / largest) * (v[i] / largest);
	return largest * sqrt(sum);
}

/*
 * Turns the n values of v into (beta, 0, ..., 0) by the reflection
 * I - tau w w', w_0 = 1, and applies it to the columns that follow.
 */
static void
reflect(double *v, size_t n, size_t height, size_t following)
{
	double beta = -copysign(qr_length(v, n), v[0]);
	double tau, pivot = v[0] - beta;

	if (pivot == 0)
		return;
	tau = -pivot / beta;
	for (size_t i = 1; i < n; i++)
		v[i] /= pivot;
	for (size_t j = 1; j <= following; j++) {
		double *column = v + j * height;
		double sum = column[0];

		for (size_t i = 1; i < n; i++)
			sum += v[i] * column[i];
		sum *= tau;
		column[0] -= sum;
		for (size_t i = 1; i < n; i++)
			column[i] -= sum * v[i];
	}
	v[0] = beta;
	memset(v + 1, 0, (n - 1) * sizeof(*v));
}

void
qr_triangularise(double *matrix, size_t height, size_t rows, size_t columns)
{
	for (size_t k = 0; k < columns && k + 1 < rows; k++)
		reflect(
		    matrix + k + k * height, rows - k, height, columns - k - 1);
}

/* Merges the triangle of a level into the one on top of the batch. */
static void
merge(struct qr *qr, size_t level)
{
	size_t n = qr->columns;

	for (size_t j = 0; j < n; j++)
		memcpy(qr->batch + n + j * qr->height,
		    qr->triangle[level] + j * n, n * sizeof(double));
	free(qr->triangle[level]);
	qr->triangle[level] = NULL;
	qr_triangularise(qr->batch, qr->height, 2 * n, n);
}

/* Copies the triangle on top of the batch. */
static void
copy_top(const struct qr *qr, double *r)
{
	size_t n = qr->columns;

	for (size_t j = 0; j < n; j++)
		memcpy(
		    r + j * n, qr->batch + j * qr->height, n * sizeof(double));
}

/* Empties a full batch into the first free level. */
static void
carry(struct qr *qr)
{
	size_t n = qr->columns, level = 0;

	qr_triangularise(qr->batch, qr->height, qr->filled, n);
	for (; qr->triangle[level]; level++)
		merge(qr, level);
	qr->triangle[level] = xcalloc(n * n, sizeof(double));
	copy_top(qr, qr->triangle[level]);
	memset(qr->batch, 0, n * qr->height * sizeof(double));
	qr->filled = 0;
}

void
qr_add(struct qr *qr, const double *row)
{
	if (qr->filled == qr->height)
		carry(qr);
	for (size_t j = 0; j < qr->columns; j++)
		qr->batch[qr->filled + j * qr->height] = row[j];
	qr->filled++;
}

void
qr_factor(struct qr *qr, double *r)
{
	size_t n = qr->columns;

	qr_triangularise(qr->batch, qr->height, qr->filled, n);
	for (size_t k = 0; k < LEVELS; k++) {
		if (qr->triangle[k])
			merge(qr, k);
	}
	copy_top(qr, r);
}
