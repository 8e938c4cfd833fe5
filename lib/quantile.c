/* SPDX-License-Identifier: ISC */
#include "quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "rng.h"

enum { RUN = 8 };

/* Sorts runs of a few values each. */
static void
sort_runs(double *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		double value = values[i];
		size_t at = i;

		for (; at % RUN && values[at - 1] > value; at--)
			values[at] = values[at - 1];
		values[at] = value;
	}
}

/* Merges from[0..half) and from[half..count) to to. */
static void
merge_runs(const double *from, size_t half, size_t count, double *to)
{
	size_t a = 0, b = half;

	while (a < half && b < count) {
		bool second = from[b] < from[a];

		/* no branch: which one comes is anybody's guess */
		*to++ = from[second ? b : a];
		b += second;
		a += !second;
	}
	memcpy(to, from + a, (half - a) * sizeof(*to));
	memcpy(to + (half - a), from + b, (count - b) * sizeof(*to));
}

/* Sorts; spare has room for as many. */
static void
sort(double *values, size_t count, double *spare)
{
	double *from = values, *to = spare, *swap;

	sort_runs(values, count);
	for (size_t run = RUN; run < count; run *= 2) {
		for (size_t i = 0; i < count; i += 2 * run) {
			size_t all = count - i < 2 * run ? count - i : 2 * run;
			size_t half = all < run ? all : run;

			merge_runs(from + i, half, all, to + i);
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != values)
		memcpy(values, from, count * sizeof(*values));
}

/* Of each two neighbours in a level moves one up; an odd one stays behind. */
static void
compact(struct quantile *quantile, struct quantile_level *level)
{
	struct quantile_level *above = level + 1;
	double spare[QUANTILE_EXACT];
	size_t coin = rng_next(&quantile->coins) >> 63;
	size_t pairs = level->count / 2;

	sort(level->values, level->count, spare);
	for (size_t i = 0; i < pairs; i++)
		above->values[above->count++] = level->values[2 * i + coin];
	level->values[0] = level->values[level->count - 1];
	level->count %= 2;
}

static void
open_level(struct quantile *quantile, unsigned at)
{
	struct quantile_level *level = &quantile->levels[at];

	if (!level->values)
		level->values = xcalloc(QUANTILE_EXACT, sizeof(double));
	if (quantile->top <= at)
		quantile->top = at + 1;
}

/* Empties a full level, from the top of those that must give way down. */
static void
make_room(struct quantile *quantile, unsigned at)
{
	unsigned end = at + 1;

	while (quantile->levels[end].count > QUANTILE_EXACT / 2)
		end++;
	open_level(quantile, end);
	while (end-- > at)
		compact(quantile, &quantile->levels[end]);
}

static void
push(struct quantile *quantile, unsigned at, double value)
{
	struct quantile_level *level = &quantile->levels[at];

	open_level(quantile, at);
	if (level->count == QUANTILE_EXACT)
		make_room(quantile, at);
	level->values[level->count++] = value;
}

/* Between blocks: the next one may be twice as long. */
static void
begin_block(struct quantile *quantile)
{
	quantile->seen = 0;
	while (quantile->count >> quantile->base >= QUANTILE_SAMPLE)
		quantile->base++;
	quantile->chosen =
	    rng_next(&quantile->coins) & ((UINT64_C(1) << quantile->base) - 1);
}

void
quantile_add(struct quantile *quantile, double value)
{
	if (quantile->seen == 0)
		begin_block(quantile);
	if (quantile->seen == 0 || quantile->seen == quantile->chosen)
		quantile->candidate = value;
	quantile->count++;
	if (++quantile->seen >> quantile->base) {
		push(quantile, quantile->base, quantile->candidate);
		quantile->seen = 0;
	}
}

void
quantile_add_scaled(struct quantile *quantile, const int64_t *mantissas,
    size_t count, double unit)
{
	size_t i = 0;

	while (i < count) {
		uint64_t block, left, take;

		if (quantile->seen == 0)
			begin_block(quantile);
		block = UINT64_C(1) << quantile->base;
		left = block - quantile->seen;
		take = left < count - i ? left : count - i;
		if (quantile->seen == 0)
			quantile->candidate = (double)mantissas[i] / unit;
		if (quantile->chosen >= quantile->seen &&
		    quantile->chosen - quantile->seen < take)
			quantile->candidate =
			    (double)mantissas[i + (quantile->chosen -
						      quantile->seen)] /
			    unit;
		i += take;
		quantile->count += take;
		quantile->seen += take;
		if (quantile->seen == block) {
			push(quantile, quantile->base, quantile->candidate);
			quantile->seen = 0;
		}
	}
}

/* Adds a value that stands for weight ones. */
static void
push_weight(struct quantile *quantile, uint64_t weight, double value)
{
	for (unsigned at = 0; weight >> at; at++)
		if (weight >> at & 1)
			push(quantile, at, value);
}

void
quantile_merge(struct quantile *quantile, const struct quantile *other)
{
	push_weight(quantile, quantile->seen, quantile->candidate);
	quantile->seen = 0;
	for (unsigned at = 0; at < other->top; at++)
		for (size_t i = 0; i < other->levels[at].count; i++)
			push(quantile, at, other->levels[at].values[i]);
	push_weight(quantile, other->seen, other->candidate);
	quantile->count += other->count;
}

bool
quantile_exact(const struct quantile *quantile)
{
	return quantile->levels[0].count == quantile->count;
}

void
quantile_release(struct quantile *quantile)
{
	for (unsigned at = 0; at < QUANTILE_LEVELS; at++)
		free(quantile->levels[at].values);
	*quantile = (struct quantile){0};
}

struct weighted {
	double value;
	uint64_t weight;
};

static int
by_value(const void *a, const void *b)
{
	const struct weighted *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

void
quantile_view(const struct quantile *quantile, struct quantile_view *view)
{
	size_t count = 0, cap = 1;
	struct weighted *items;
	uint64_t weight = 0;

	for (unsigned at = 0; at < quantile->top; at++)
		cap += quantile->levels[at].count;
	items = xcalloc(cap, sizeof(*items));
	for (unsigned at = 0; at < quantile->top; at++)
		for (size_t i = 0; i < quantile->levels[at].count; i++)
			items[count++] = (struct weighted){
			    quantile->levels[at].values[i], UINT64_C(1) << at};
	if (quantile->seen)
		items[count++] =
		    (struct weighted){quantile->candidate, quantile->seen};
	qsort(items, count, sizeof(*items), by_value);
	view->values = xcalloc(cap, sizeof(*view->values));
	view->weights = xcalloc(cap, sizeof(*view->weights));
	for (size_t i = 0; i < count; i++) {
		view->values[i] = items[i].value;
		view->weights[i] = weight += items[i].weight;
	}
	view->count = count;
	view->exact = quantile_exact(quantile);
	free(items);
}

void
quantile_view_release(struct quantile_view *view)
{
	free(view->values);
	free(view->weights);
	*view = (struct quantile_view){0};
}

/* The index of the value of rank weight, counted from 0. */
static size_t
find(const struct quantile_view *view, uint64_t rank)
{
	size_t low = 0, high = view->count - 1;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (view->weights[middle] > rank)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

double
quantile_at(const struct quantile_view *view, double share)
{
	double place, below;
	size_t at;

	if (!view->count)
		return NAN;
	place = share * (double)(view->weights[view->count - 1] - 1);
	below = floor(place);
	at = find(view, (uint64_t)below);
	if (!view->exact || place == below)
		return view->values[at];
	return view->values[at] +
	       (place - below) * (view->values[at + 1] - view->values[at]);
}

void
quantile_bins(const struct quantile_view *view, double least, double greatest,
    uint64_t *bins, size_t nbins)
{
	double width = (greatest - least) / (double)nbins;
	uint64_t before = 0;

	memset(bins, 0, nbins * sizeof(*bins));
	for (size_t i = 0; i < view->count; i++) {
		double off = (view->values[i] - least) / width;
		size_t bin = off > 0 ? (size_t)off : 0;

		bins[bin < nbins ? bin : nbins - 1] +=
		    view->weights[i] - before;
		before = view->weights[i];
	}
}
