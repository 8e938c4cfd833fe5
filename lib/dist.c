/* SPDX-License-Identifier: ISC */
#include "dist.h"

#include <float.h>
#include <math.h>

enum {
	CF_STEPS = 100000,
	BISECTIONS = 70,
	/* from here on x is so near to 1 that its rounding would show */
	MANY_DF = 100000,
};

static const long double half_ln_2pi = 0.91893853320467274178032973640561764L;

/* ln(2 pi) and ln of gamma are not alike: what Stirling's series adds. */
static long double
stirling(long double x)
{
	long double y = 1 / (x * x);

	return (1.0L / 12 -
		   y * (1.0L / 360 -
			   y * (1.0L / 1260 -
				   y * (1.0L / 1680 -
					   y * (1.0L / 1188 -
						   y * (691.0L / 360360 -
							   y / 156)))))) /
	       x;
}

/* ln B(a, b) without the difference of two large logarithms of gamma. */
static long double
ln_beta(long double a, long double b)
{
	if (a < b)
		return ln_beta(b, a);
	if (a < 20)
		return lgammal(a) + lgammal(b) - lgammal(a + b);
	if (b < 20)
		return lgammal(b) - (a - 0.5L) * log1pl(b / a) -
		       b * logl(a + b) + b + stirling(a) - stirling(a + b);
	return half_ln_2pi - (a - 0.5L) * log1pl(b / a) - b * log1pl(a / b) -
	       0.5L * logl(b) + stirling(a) + stirling(b) - stirling(a + b);
}

static long double
not_tiny(long double value)
{
	static const long double tiny = LDBL_MIN * 1e10L;

	return fabsl(value) < tiny ? tiny : value;
}

/* The continued fraction 1 / (1 + d1 / (1 + d2 / (1 + ...))), by Lentz. */
static long double
fraction(long double a, long double b, long double x)
{
	long double c = 1, d = 0, h = 1; /* h = 1 + d1 / (1 + ...) */

	for (int i = 1; i <= CF_STEPS; i++) {
		long double m = i / 2, step;
		long double k =
		    i % 2 ? -(a + m) * (a + b + m) * x /
				((a + 2 * m) * (a + 2 * m + 1))
			  : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));

		d = 1 / not_tiny(1 + k * d);
		c = not_tiny(1 + k / c);
		step = c * d;
		h *= step;
		if (fabsl(step - 1) < 2e-19L)
			break;
	}
	return 1 / h;
}

long double
dist_beta(long double a, long double b, long double x, long double y)
{
	long double ln_x, ln_y, front;

	if (isnan(x) || isnan(y) || !(a > 0) || !(b > 0))
		return NAN;
	if (x <= 0)
		return 0;
	if (y <= 0)
		return 1;
	ln_x = x < 0.5L ? logl(x) : log1pl(-y);
	ln_y = y < 0.5L ? logl(y) : log1pl(-x);
	front = expl(a * ln_x + b * ln_y - ln_beta(a, b));
	if (x < (a + 1) / (a + b + 2))
		return front * fraction(a, b, x) / a;
	return 1 - front * fraction(b, a, y) / b;
}

/*
 * Student's tail through the normal one, for many degrees of freedom (Hill:
 * Algorithm 395, Communications of the ACM 13, 1970).
 */
static long double
student_by_normal(long double t, long double df)
{
	long double g = df - 0.5L, b = 48 * g * g;
	long double u = sqrtl(g * log1pl(t * t / df)), w = u * u;
	long double z = u + (w + 3) * u / b -
			(((4 * w + 33) * w + 240) * w + 855) * u /
			    (10 * b * (b + 0.8L * w * w + 100));

	return erfcl(z * sqrtl(0.5L));
}

long double
dist_student(long double t, long double df)
{
	if (isnan(t) || !(df > 0))
		return NAN;
	if (isinf(t))
		return 0;
	if (df >= MANY_DF)
		return student_by_normal(t, df);
	return dist_beta(df / 2, 0.5L, df / (df + t * t), t * t / (df + t * t));
}

long double
dist_f(long double f, long double d1, long double d2)
{
	if (isnan(f) || !(d1 > 0) || !(d2 > 0))
		return NAN;
	if (f <= 0)
		return 1;
	if (isinf(f))
		return 0;
	return dist_beta(
	    d2 / 2, d1 / 2, d2 / (d2 + d1 * f), d1 * f / (d2 + d1 * f));
}

/* Minus the derivative of dist_student(). */
static long double
student_density(long double t, long double df)
{
	return 2 * expl(-ln_beta(df / 2, 0.5L) - 0.5L * logl(df) -
			(df + 1) / 2 * log1pl(t * t / df));
}

long double
dist_student_quantile(long double p, long double df)
{
	long double low = logl(1e-20L), high = logl(1e300L), t;

	if (!(p > 0) || !(p < 1) || !(df > 0))
		return NAN;
	for (int i = 0; i < BISECTIONS; i++) {
		long double middle = (low + high) / 2;

		if (dist_student(expl(middle), df) > p)
			low = middle;
		else
			high = middle;
	}
	t = expl((low + high) / 2);
	/* what is left is below the resolution of ln t */
	for (int i = 0; i < 2; i++)
		t += (dist_student(t, df) - p) / student_density(t, df);
	return t;
}
