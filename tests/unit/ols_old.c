/* SPDX-License-Identifier: ISC */
#include "ols_old.h"
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
near(double have, double want, double tolerance)
{
	bool good = fabs(have - want) <= tolerance * fmax(1, fabs(want));

	if (!good)
		printf("# have %.17g, want %.17g\n", have, want);
	return good;
}

/* Fits rows of k predictors and a target; releases nothing but the sum. */
static int
fit_rows(const double *rows, size_t count, size_t k, bool intercept,
    struct oldols_fit *fit, struct buf *error)
{
	struct oldols *ols = oldols_new(k, intercept);
	int result;

	for (size_t i = 0; i < count; i++)
		oldols_add(ols, rows + i * (k + 1), rows[i * (k + 1) + k]);
	result = oldols_solve(ols, fit, error);
	oldols_free(ols);
	return result;
}

static bool
fails(const double *rows, size_t count, size_t k, bool intercept,
    const char *reason)
{
	struct oldols_fit fit;
	struct buf error = {0};
	bool good = fit_rows(rows, count, k, intercept, &fit, &error) == -1 &&
		    !strcmp(buf_text(&error), reason);

	if (!good)
		printf("# reason: %s\n", buf_text(&error));
	oldols_fit_release(&fit);
	buf_release(&error);
	return good;
}

static void
check_statistics(void)
{
	static const double rows[] = {1, 2, 2, 4, 3, 5, 4, 4, 5, 5};
	struct oldols_fit fit;
	struct buf error = {0};

	CHECK(fit_rows(rows, 5, 1, true, &fit, &error) == 0);
	CHECK(fit.rows == 5 && fit.rank == 2 && fit.df == 3);
	CHECK(near(fit.coef[0], 2.2, 1e-14));
	CHECK(near(fit.coef[1], 0.6, 1e-14));
	CHECK(near(fit.sse, 2.4, 1e-14));
	CHECK(near(fit.sst, 6, 1e-14));
	CHECK(near(fit.rsd, sqrt(0.8), 1e-14));
	CHECK(near(fit.se[0], sqrt(0.8 * (1.0 / 5 + 9.0 / 10)), 1e-14));
	CHECK(near(fit.se[1], sqrt(0.8 / 10), 1e-14));
	CHECK(near(fit.t[1], 0.6 / sqrt(0.08), 1e-14));
	CHECK(near(fit.r2, 0.6, 1e-14));
	CHECK(near(fit.adj_r2, 1 - 0.4 * 4 / 3, 1e-14));
	CHECK(near(fit.f, 4.5, 1e-14));
	oldols_fit_release(&fit);

	/* without an intercept everything is about zero */
	CHECK(fit_rows(rows, 5, 1, false, &fit, &error) == 0);
	CHECK(near(fit.coef[0], 66.0 / 55, 1e-14));
	CHECK(near(fit.sst, 86, 1e-14));
	CHECK(near(fit.sse, 86 - 66.0 * 66 / 55, 1e-13));
	CHECK(near(fit.r2, 66.0 * 66 / 55 / 86, 1e-14));
	CHECK(near(fit.adj_r2, 1 - (1 - fit.r2) * 5 / 4, 1e-14));
	CHECK(near(fit.f, (fit.sst - fit.sse) / (fit.sse / 4), 1e-13));
	oldols_fit_release(&fit);
	buf_release(&error);
}

/*
 * The line through i, i^2 for i = 1..n is known; no count of rows, and so no
 * place where batches end, may lose one.
 */
static void
check_every_count(void)
{
	bool good = true;

	for (size_t n = 2; n < 1400; n++) {
		struct oldols *ols = oldols_new(1, true);
		struct oldols_fit fit;
		struct buf error = {0};
		double m = (double)n;

		for (size_t i = 1; i <= n; i++) {
			double x = (double)i;

			oldols_add(ols, &x, x * x);
		}
		good =
		    good && oldols_solve(ols, &fit, &error) == 0 &&
		    near(fit.coef[1], m + 1, 1e-12) &&
		    near(fit.coef[0], -(m + 1) * (m + 2) / 6, 1e-12) &&
		    near(fit.sse, m * (m * m - 1) * (m * m - 4) / 180, 1e-12);
		oldols_fit_release(&fit);
		oldols_free(ols);
	}
	CHECK(good);
}

/* More columns than rows in a batch of the usual height. */
static void
check_wide(void)
{
	enum { WIDE = 300 };
	static double rows[3 * WIDE][WIDE + 1];
	struct oldols_fit fit;
	struct buf error = {0};
	bool good = true;

	for (size_t i = 0; i < 3 * WIDE; i++) {
		for (size_t j = 0; j < WIDE; j++) {
			rows[i][j] = (i % WIDE == j) + (double)(i * j % 7) / 99;
			rows[i][WIDE] += (double)j * rows[i][j];
		}
	}
	CHECK(fit_rows(rows[0], 3 * WIDE, WIDE, false, &fit, &error) == 0);
	for (size_t j = 0; j < WIDE; j++)
		good = good && near(fit.coef[j], (double)j, 1e-10);
	CHECK(good);
	oldols_fit_release(&fit);
	buf_release(&error);
}

static void
check_no_freedom(void)
{
	static const double rows[] = {1, 5, 2, 7};
	struct oldols_fit fit;
	struct buf error = {0};

	CHECK(fit_rows(rows, 2, 1, true, &fit, &error) == 0);
	CHECK(near(fit.coef[0], 3, 1e-14) && near(fit.coef[1], 2, 1e-14));
	CHECK(fit.df == 0 && fit.sse == 0 && fit.r2 == 1);
	CHECK(isnan(fit.se[1]) && isnan(fit.t[1]) && isnan(fit.rsd));
	CHECK(isnan(fit.adj_r2) && isnan(fit.f));
	oldols_fit_release(&fit);
	buf_release(&error);
}

static void
check_refusals(void)
{
	static const double rows[] = {1, 5, 2, 5, 3, 5};
	static const double zero[] = {1, 0, 2, 0, 3, 0};
	static const double huge[] = {1, 1e200, 2, -1e200, 3, 1e200};
	struct oldols_fit fit;
	struct buf error = {0};

	CHECK(fails(rows, 0, 1, true, "no complete row"));
	CHECK(fails(
	    rows, 1, 1, true, "fewer complete rows (1) than coefficients (2)"));
	CHECK(fails(rows, 3, 1, true, "the target is constant"));
	CHECK(fails(zero, 3, 1, false, "the target is zero"));
	CHECK(fails(huge, 3, 1, true, "values too large for double precision"));
	CHECK(fit_rows(rows, 3, 1, false, &fit, &error) == 0);
	CHECK(near(fit.coef[0], 30.0 / 14, 1e-14));
	oldols_fit_release(&fit);
	buf_release(&error);
}

/* Decimals whose differences are exact in the text, not in doubles. */
static void
add_dependent(struct oldols *ols, long i, double factor)
{
	long low = 4300000 + i * 7919 % 100000, range = i * 104729 % 1000;
	double day = (double)(i % 3 == 0);
	double x[8] = {
	    (double)(low + range) / 100,      /* high */
	    (double)low / 100,                /* low */
	    (double)range / 100,              /* depends on these two */
	    7,                                /* on the intercept */
	    0,                                /* nothing */
	    day, 1 - day,                     /* on the intercept and day */
	    1.7e12 + 60000 * (double)(i * i), /* large, yet nothing's sum */
	};

	for (size_t j = 0; j < 8; j++)
		x[j] *= factor;
	oldols_add(ols, x, factor * (x[0] / factor + (double)(i % 17)));
}

/* Whether the fit drops just those columns, the constant being column 0. */
static void
check_dropping(long rows, double factor)
{
	static const bool want[9] = {
	    false, false, false, true, true, true, false, true, false};
	struct oldols *ols = oldols_new(8, true);
	struct oldols_fit fit;
	struct buf error = {0};

	for (long i = 0; i < rows; i++)
		add_dependent(ols, i, factor);
	CHECK(oldols_solve(ols, &fit, &error) == 0);
	CHECK(!memcmp(fit.dropped, want, sizeof(want)));
	CHECK(fit.rank == 5 && fit.columns == 9);
	CHECK(fit.coef[3] == 0 && near(fit.coef[1], 1, 1e-2));
	oldols_fit_release(&fit);
	oldols_free(ols);
	buf_release(&error);
}

/* The same rows in two orders. */
static void
check_order(void)
{
	enum { ROWS = 5000 };
	struct oldols *up = oldols_new(8, true), *mixed = oldols_new(8, true);
	struct oldols_fit one, two;
	struct buf error = {0};
	bool good = true;

	for (long i = 0; i < ROWS; i++) {
		add_dependent(up, i, 1);
		add_dependent(mixed, i * 1999 % ROWS, 1);
	}
	CHECK(oldols_solve(up, &one, &error) == 0);
	CHECK(oldols_solve(mixed, &two, &error) == 0);
	for (size_t j = 0; j < one.columns; j++)
		good = good && one.dropped[j] == two.dropped[j] &&
		       (one.dropped[j] ||
			   near(two.coef[j] / one.coef[j], 1, 1e-9));
	CHECK(good);
	CHECK(near(one.sse / two.sse, 1, 1e-9));
	oldols_fit_release(&one);
	oldols_fit_release(&two);
	oldols_free(up);
	oldols_free(mixed);
	buf_release(&error);
}

int
main(void)
{
	check_statistics();
	check_every_count();
	check_wide();
	check_no_freedom();
	check_refusals();
	check_dropping(100, 1);
	check_dropping(100000, 1);
	check_dropping(1000, 1e140);
	check_dropping(1000, 1e-140);
	check_order();
	return check_done();
}
