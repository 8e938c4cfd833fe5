/* SPDX-License-Identifier: ISC */
#include "ols.h"
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 7 };

/* A second predictor that 16 digits of sums could not tell from a constant. */
static const char *const rows[ROWS][3] = {
    {"1", "1000000001", "1.3"},
    {"2", "1000000004", "-0.2"},
    {"3", "1000000009", "4.7"},
    {"4", "1000000016", "5.8"},
    {"5", "1000000026", "1.1"},
    {"6", "1000000036", "9.0"},
    {"7", "1000000049", "7.5"},
};

static void
add_product(struct state *state, const char *a, const char *b, const char *x,
    const char *y)
{
	struct bigint left = {0}, right = {0};
	size_t scale, more;

	bigint_set_decimal(&left, slice_of(x), &scale);
	bigint_set_decimal(&right, slice_of(y), &more);
	bigint_mul(&left, &left, &right);
	state_add_sum(
	    state, slice_of(a), slice_of(b), &left, scale + more, false);
	bigint_release(&left);
	bigint_release(&right);
}

/* The sums of the first rows. */
static void
make_state(struct state *state, size_t count)
{
	static const char *const names[] = {"1", "x", "z", "y"};

	for (size_t r = 0; r < count; r++) {
		const char *values[] = {
		    "1", rows[r][0], rows[r][1], rows[r][2]};

		for (size_t i = 0; i < 4; i++) {
			for (size_t j = i; j < 4; j++)
				add_product(state, names[i], names[j],
				    values[i], values[j]);
		}
	}
}

static bool
is(const struct bigfloat *value, const char *want)
{
	struct buf text = {0};
	bool same;

	bigfloat_text(value, OLS_DIGITS, &text);
	same = !strcmp(buf_text(&text), want);
	if (!same)
		printf("# %s, not %s\n", buf_text(&text), want);
	buf_release(&text);
	return same;
}

static bool
near(long double value, long double want, long double error)
{
	return fabsl(value - want) <= error * fabsl(want);
}

static const size_t x_and_z[] = {1, 2};

/* The figures were made with mpmath at 60 digits. */
static void
check_fit(const struct ols_fit *fit)
{
	CHECK(fit->digits >= OLS_DIGITS && fit->rank.count == 3);
	CHECK(is(&fit->coef[0], "10965110.27884005437245129"));
	CHECK(is(&fit->coef[1], "1.280969642048028998640689"));
	CHECK(is(&fit->coef[2], "-0.01096511101042138649750793"));
	CHECK(is(&fit->se[0], "329657492.2873400686292374"));
	CHECK(is(&fit->se[1], "2.706159874557284180847015"));
	CHECK(is(&fit->se[2], "0.3296574962432300142679707"));
	CHECK(is(&fit->t[1], "0.4733532760172160863117518"));
	CHECK(is(fit->sse, "34.26338015405527865881287"));
	CHECK(is(fit->rsd, "2.926746493721965606739344"));
	CHECK(is(fit->r2, "0.5376953333107421923444679"));
	CHECK(is(fit->adj_r2, "0.3065429999661132885167018"));
	CHECK(is(fit->f, "2.326151441045949430583614"));
	CHECK(is(&fit->sd[2], "17.73347654793584111645089"));
	CHECK(near(fit->loglik, -15.491154235221798L, 1e-15L));
	CHECK(near(fit->aic, 38.982308470443596L, 1e-15L));
	CHECK(near(fit->bic, 38.765949066664849L, 1e-15L));
	CHECK(near(fit->condition, 712748070.4L, 1e-6L));
	CHECK(near(
	    bigfloat_long_double(&fit->vif[1]), 23.938377888536475L, 1e-15L));
}

static void
check_result(void)
{
	struct state state = {0};
	struct ols_fit fit;
	struct ols_task task = {&state, x_and_z, 2, 3, true, false, 0.95};
	struct buf text = {0};

	make_state(&state, ROWS);
	CHECK(!ols_fit(&fit, &task, &text));
	check_fit(&fit);
	CHECK(ols_collinear(&fit, &text));
	CHECK(!strcmp(buf_text(&text), "condition number 7.13e+08"));
	ols_release(&fit);
	buf_release(&text);
	state_release(&state);
}

/* True if a fit to so many rows is refused for this reason. */
static bool
refuses(size_t count, size_t y, const char *reason)
{
	struct state state = {0};
	struct ols_fit fit;
	struct ols_task task = {&state, x_and_z, 2, y, true, false, 0.95};
	struct buf error = {0};
	bool good;

	make_state(&state, count);
	if (y > 3)
		task.y = 0;
	good =
	    ols_fit(&fit, &task, &error) && !strcmp(buf_text(&error), reason);
	if (!good)
		printf("# %s\n", buf_text(&error));
	ols_release(&fit);
	buf_release(&error);
	state_release(&state);
	return good;
}

/* As many rows as coefficients: a perfect fit, without errors to tell. */
static bool
saturates(void)
{
	struct state state = {0};
	struct ols_fit fit;
	struct ols_task task = {&state, x_and_z, 2, 3, true, false, 0.95};
	struct buf error = {0};
	bool good;

	make_state(&state, 3);
	good = !ols_fit(&fit, &task, &error) && fit.perfect && !fit.has_se &&
	       !fit.has_loglik && is(fit.sse, "0") && is(fit.r2, "1");
	ols_release(&fit);
	buf_release(&error);
	state_release(&state);
	return good;
}

int
main(void)
{
	check_result();
	CHECK(refuses(2, 3, "2 rows for 3 columns"));
	CHECK(refuses(ROWS, 4, "the target is constant"));
	CHECK(saturates());
	return check_done();
}
