/* SPDX-License-Identifier: ISC */
/*
 * qr - the triangular factor of a matrix that comes row by row
 *
 * Rows are collected into batches, and a batch is reduced to its triangular
 * factor R by Householder reflections (Golub and Van Loan, Matrix
 * Computations, 4th edition, 5.1 and 5.2); factors of equally many rows are
 * merged two by two in the same way (Demmel, Grigori, Hoemmen, Langou:
 * Communication-optimal parallel and sequential QR and LU factorizations,
 * SIAM J. Sci. Comput. 34, 2012). No row is kept: memory is one matrix of
 * columns x columns for each doubling of the number of rows.
 *
 * Matrices are stored by column: element (i, j) is at [i + j * height].
 */
#ifndef QR_H
#define QR_H

#include <stddef.h>

struct qr;

/* A factor of no rows yet; qr_free() frees. */
struct qr *qr_new(size_t columns);
void qr_free(struct qr *qr);

/* Adds a row of finite values, as many as there are columns. */
void qr_add(struct qr *qr, const double *row);

/*
 * Writes R, columns x columns and zero below the diagonal, so that R'R is the
 * sum over the rows of row' row. No row may be added after that.
 */
void qr_factor(struct qr *qr, double *r);

/*
 * Makes the leading rows of a matrix upper triangular by reflections, which
 * keep the lengths and products of its columns.
 */
void qr_triangularise(
    double *matrix, size_t height, size_t rows, size_t columns);

/* The Euclidean length of a vector; its squares need not fit a double. */
double qr_length(const double *v, size_t n);

#endif
