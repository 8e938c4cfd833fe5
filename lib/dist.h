/* SPDX-License-Identifier: ISC */
/*
 * dist - tails and quantiles of Student's t and of F
 *
 * By the incomplete beta function in long double: about 16 right digits, and
 * at least 13 while the degrees of freedom are below two million; far tails
 * included, since no tail is computed as 1 minus another. What is undefined
 * is NaN.
 */
#ifndef DIST_H
#define DIST_H

/*
 * The regularised incomplete beta function I_x(a, b) for a, b > 0 and
 * y = 1 - x, given so that neither loses digits (NIST Digital Library of
 * Mathematical Functions, 8.17.22: the continued fraction, evaluated as
 * Lentz 1976 does).
 */
long double dist_beta(
    long double a, long double b, long double x, long double y);

/* P(|T| > |t|) for Student's t with df > 0 degrees of freedom. */
long double dist_student(long double t, long double df);

/* P(F > f) for F with d1, d2 > 0 degrees of freedom. */
long double dist_f(long double f, long double d1, long double d2);

/* The t > 0 with P(|T| > t) = p, for 0 < p < 1. */
long double dist_student_quantile(long double p, long double df);

#endif
