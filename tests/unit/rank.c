/* SPDX-License-Identifier: ISC */
#include "rank.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 8, MOST = 6 };

/* The columns of a design, whole numbers; the last one is the target. */
struct design {
	size_t n;
	int64_t columns[MOST][ROWS];
};

static char *names[] = {"1", "a", "b", "c", "d", "y"};

static const int64_t one[ROWS] = {1, 1, 1, 1, 1, 1, 1, 1};
static const int64_t a[ROWS] = {3, 1, 4, 1, 5, 9, 2, 6};
static const int64_t b[ROWS] = {2, 7, 1, 8, 2, 8, 1, 8};
static const int64_t y[ROWS] = {1, 4, 1, 4, 2, 1, 3, 5};

static void
add(struct design *design, const int64_t column[ROWS])
{
	memcpy(design->columns[design->n++], column, ROWS * sizeof(*column));
}

/* Adds p times a column plus q times another plus r, all over s. */
static void
add_mixed(struct design *design, int64_t p, int64_t q, int64_t r, int64_t s)
{
	int64_t column[ROWS];

	for (size_t i = 0; i < ROWS; i++)
		column[i] = (p * a[i] + q * b[i] + r) / s;
	add(design, column);
}

static void
find(const struct design *design, struct rank *rank)
{
	size_t n = design->n;
	struct bigint *matrix = xcalloc(n * (n + 1) / 2, sizeof(*matrix));

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j <= i; j++) {
			int64_t sum = 0;

			for (size_t r = 0; r < ROWS; r++)
				sum += design->columns[i][r] *
				       design->columns[j][r];
			bigint_set_int64(&matrix[i * (i + 1) / 2 + j], sum);
		}
	}
	rank_find(rank, matrix, n);
	for (size_t i = 0; i < n * (n + 1) / 2; i++)
		bigint_release(&matrix[i]);
	free(matrix);
}

/* True if relation i says this, and is proved. */
static bool
says(const struct rank *rank, size_t i, const char *want)
{
	struct buf text = {0};
	bool same;

	if (i >= rank->ndependent || !rank->dependent[i].exact)
		return false;
	relation_text(&rank->dependent[i], names, &text);
	same = !strcmp(buf_text(&text), want);
	if (!same)
		printf("# %s, not %s\n", buf_text(&text), want);
	buf_release(&text);
	return same;
}

static bool
full_rank(void)
{
	struct design design = {0};
	struct rank rank;
	bool good;

	add(&design, one);
	add(&design, a);
	add(&design, b);
	add(&design, y);
	find(&design, &rank);
	good = rank.count == 3 && !rank.ndependent && !rank.fit.exact &&
	       rank.pivots[0] == 0 && rank.pivots[2] == 2 && !rank.zero[1];
	rank_release(&rank);
	return good;
}

static bool
combinations(void)
{
	struct design design = {0};
	struct rank rank;
	bool good;

	add(&design, one);
	add(&design, a);
	add(&design, b);
	add_mixed(&design, 1, -2, 60000, 1);
	add_mixed(&design, 0, 0, 0, 1);
	add(&design, y);
	find(&design, &rank);
	good = rank.count == 3 && rank.ndependent == 2 &&
	       says(&rank, 0, "c = 60000 + a - 2 b") && says(&rank, 1, "d = 0");
	rank_release(&rank);
	return good;
}

/* Columns three times too large give thirds; a constant is of the first. */
static bool
fractions(void)
{
	struct design design = {0};
	struct rank rank;
	bool good;

	add(&design, one);
	add_mixed(&design, 3, 0, 0, 1);
	add_mixed(&design, 0, 0, -5, 1);
	add_mixed(&design, 1, 0, 7, 1);
	add(&design, b);
	add(&design, y);
	find(&design, &rank);
	good = rank.count == 3 && says(&rank, 0, "b = -5") &&
	       says(&rank, 1, "c = 7 + 1/3 a");
	rank_release(&rank);
	return good;
}

/* The first of equal columns stays. */
static bool
duplicates(void)
{
	struct design design = {0};
	struct rank rank;
	bool good;

	add(&design, one);
	add(&design, a);
	add(&design, a);
	add(&design, y);
	find(&design, &rank);
	good =
	    rank.count == 2 && rank.pivots[1] == 1 && says(&rank, 0, "b = a");
	rank_release(&rank);
	return good;
}

/* A target in the span, where one coefficient is zero. */
static bool
perfect(void)
{
	struct design design = {0};
	struct rank rank;
	bool good;

	add(&design, one);
	add(&design, a);
	add(&design, b);
	add_mixed(&design, 0, 4, -1, 1);
	find(&design, &rank);
	good = rank.fit.exact && rank.fit.count == 2 && rank.zero[1] &&
	       !rank.zero[0] && !rank.zero[2];
	rank_release(&rank);
	return good;
}

int
main(void)
{
	CHECK(full_rank());
	CHECK(combinations());
	CHECK(fractions());
	CHECK(duplicates());
	CHECK(perfect());
	return check_done();
}
