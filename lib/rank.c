/* SPDX-License-Identifier: ISC */
#include "rank.h"

#include <stdlib.h>
#include <string.h>

#include "fraction.h"
#include "residues.h"

/* 2^61 less these is a prime. Fixed ones: equal input, equal output. */
static const uint64_t below[] = {1, 31, 45, 229, 259, 283, 339, 391};
enum { NPRIMES = sizeof(below) / sizeof(below[0]) };

/* What is known of the matrix by several primes. */
struct search {
	const struct bigint *matrix;
	size_t n;
	struct residues by[NPRIMES];
	size_t primes;
};

static const struct bigint *
element(const struct search *search, size_t i, size_t j)
{
	return &search
		    ->matrix[i > j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i];
}

/* Proves sum factor column = denominator of, row by row of the matrix. */
static bool
holds(const struct search *search, const struct relation *relation)
{
	struct bigint sum = {0}, term = {0};
	bool good = true;

	for (size_t i = 0; i < search->n && good; i++) {
		good = !bigint_mul(&sum, &relation->denominator,
		    element(search, i, relation->of));
		for (size_t k = 0; k < relation->count && good; k++)
			good = !bigint_mul(&term, &relation->factor[k],
				   element(search, i, relation->column[k])) &&
			       !bigint_sub(&sum, &term);
		/* the target's row tells nothing of the columns */
		if (i + 1 < search->n || relation->of == i)
			good = good && !bigint_sign(&sum);
	}
	bigint_release(&sum);
	bigint_release(&term);
	return good;
}

static void
relation_release(struct relation *relation)
{
	for (size_t i = 0; i < relation->count; i++)
		bigint_release(&relation->factor[i]);
	free(relation->factor);
	free(relation->column);
	bigint_release(&relation->denominator);
}

/* Takes in one more fraction: everything over the least denominator. */
static bool
add_fraction(struct relation *relation, size_t column, struct bigint *top,
    const struct bigint *bottom)
{
	struct bigint common = {0}, more = {0}, less = {0}, rest = {0};
	bool good = true;

	bigint_set(&common, &relation->denominator);
	fraction_reduce(&common, bottom);
	fraction_divide(&more, &rest, bottom, &common);
	fraction_divide(&less, &rest, &relation->denominator, &common);
	for (size_t i = 0; i < relation->count && good; i++)
		good = !bigint_mul(
		    &relation->factor[i], &relation->factor[i], &more);
	good = good && !bigint_mul(&relation->denominator,
			   &relation->denominator, &more);
	relation->column[relation->count] = column;
	good =
	    good && !bigint_mul(&relation->factor[relation->count], top, &less);
	relation->count++;
	bigint_release(&common);
	bigint_release(&more);
	bigint_release(&less);
	bigint_release(&rest);
	return good;
}

/* The coefficient of pivot i in column c, modulo the first primes' product. */
static void
residue_of(const struct search *search, size_t primes, size_t i, size_t c,
    struct bigint *u, struct bigint *m)
{
	struct bigint p = {0};

	bigint_set_int64(u, 0);
	bigint_set_int64(m, 1);
	for (size_t k = 0; k < primes; k++) {
		const struct residues *r = &search->by[k];

		fraction_combine(u, m, r->a[i * r->n + c], r->prime);
		bigint_set_int64(&p, (int64_t)r->prime);
		bigint_mul(m, m, &p);
	}
	bigint_release(&p);
}

/* Tries to explain column c by fractions modulo the first primes. */
static bool
explain(const struct search *search, size_t primes, size_t c,
    struct relation *relation)
{
	const struct residues *first = &search->by[0];
	struct bigint u = {0}, m = {0}, top = {0}, bottom = {0};
	bool good = true;

	*relation = (struct relation){.of = c};
	relation->column = xcalloc(first->count + 1, sizeof(size_t));
	relation->factor = xcalloc(first->count + 1, sizeof(struct bigint));
	bigint_set_int64(&relation->denominator, 1);
	for (size_t i = 0; i < first->count && first->pivots[i] < c && good;
	     i++) {
		residue_of(search, primes, i, c, &u, &m);
		good = fraction_find(&u, &m, &top, &bottom);
		if (good && bigint_sign(&top))
			good = add_fraction(
			    relation, first->pivots[i], &top, &bottom);
	}
	relation->exact = good && holds(search, relation);
	if (!relation->exact) {
		relation_release(relation);
		*relation = (struct relation){.of = c};
	}
	bigint_release(&u);
	bigint_release(&m);
	bigint_release(&top);
	bigint_release(&bottom);
	return relation->exact;
}

/* Eliminates by prime number k, unless it divides something that matters. */
static void
take_prime(struct search *search, size_t k)
{
	struct residues new;
	int order;

	residues_reduce(
	    &new, search->matrix, search->n, (UINT64_C(1) << 61) - below[k]);
	order = search->primes ? residues_compare(&new, &search->by[0]) : 0;
	if (order > 0) {
		residues_release(&new);
		return;
	}
	while (order < 0 && search->primes)
		residues_release(&search->by[--search->primes]);
	search->by[search->primes++] = new;
}

/* F * SSE, modulo the first prime. */
static uint64_t
residual(const struct search *search)
{
	return search->by[0].a[search->n * search->n - 1];
}

static void
explain_column(const struct search *search, size_t c, struct relation *relation)
{
	bool found = false;

	/* with more primes, longer fractions */
	for (size_t primes = 1; !found && primes <= search->primes; primes *= 2)
		found = explain(search, primes, c, relation);
}

static void
find_zeros(const struct search *search, struct rank *rank)
{
	rank->zero = xcalloc(rank->count + 1, sizeof(*rank->zero));
	for (size_t i = 0; i < rank->count; i++) {
		rank->zero[i] = search->primes > 1;
		for (size_t k = 0; k < search->primes; k++)
			rank->zero[i] =
			    rank->zero[i] &&
			    !search->by[k].a[(i + 1) * search->n - 1];
	}
}

void
rank_find(struct rank *rank, const struct bigint *matrix, size_t n)
{
	struct search search = {.matrix = matrix, .n = n};
	size_t k = 0, next = 0;

	*rank = (struct rank){0};
	while (k < 2)
		take_prime(&search, k++);
	if (search.by[0].count + 1 < n || !residual(&search)) {
		while (k < NPRIMES)
			take_prime(&search, k++);
	}
	rank->count = search.by[0].count;
	rank->pivots = xcalloc(n, sizeof(*rank->pivots));
	memcpy(rank->pivots, search.by[0].pivots,
	    rank->count * sizeof(*rank->pivots));
	rank->dependent = xcalloc(n, sizeof(*rank->dependent));
	for (size_t c = 0; c + 1 < n; c++) {
		if (next < rank->count && rank->pivots[next] == c)
			next++;
		else
			explain_column(
			    &search, c, &rank->dependent[rank->ndependent++]);
	}
	if (!residual(&search))
		explain_column(&search, n - 1, &rank->fit);
	find_zeros(&search, rank);
	while (search.primes)
		residues_release(&search.by[--search.primes]);
}

void
rank_release(struct rank *rank)
{
	for (size_t i = 0; i < rank->ndependent; i++)
		relation_release(&rank->dependent[i]);
	relation_release(&rank->fit);
	free(rank->dependent);
	free(rank->pivots);
	free(rank->zero);
	*rank = (struct rank){0};
}

/* Appends one term: "60000", "volume" or "1/3 volume". */
static void
put_term(const struct relation *relation, size_t i, const char *name,
    struct buf *out)
{
	struct buf number = {0};
	bool constant = !strcmp(name, "1");

	fraction_text(&relation->factor[i], &relation->denominator, &number);
	if (constant || strcmp(buf_text(&number), "1"))
		buf_add_slice(out, buf_slice(&number));
	if (!constant)
		buf_printf(out, "%s%s",
		    strcmp(buf_text(&number), "1") ? " " : "", name);
	buf_release(&number);
}

void
relation_text(
    const struct relation *relation, char *const *names, struct buf *out)
{
	buf_printf(out, "%s = ", names[relation->of]);
	if (!relation->count)
		buf_putc(out, '0');
	for (size_t i = 0; i < relation->count; i++) {
		bool minus = bigint_sign(&relation->factor[i]) < 0;

		buf_puts(out, i ? minus ? " - " : " + " : minus ? "-" : "");
		put_term(relation, i, names[relation->column[i]], out);
	}
}
