/* SPDX-License-Identifier: ISC */
#include "feed.h"

#include <stdlib.h>
#include <string.h>

#include "decimals.h"
#include "feed_rows.h"
#include "gram.h"
#include "levels.h"

/* The sums of a fold. */
struct part {
	struct gram *gram;
	struct level_sums *levels;   /* or NULL: no categories */
	struct decimals_sum squares; /* of weights */
};

/* The block of rows at hand, and the sums so far. */
struct feeding {
	struct feed_rows block;
	struct levels *levels;            /* or NULL: no categories */
	const struct decimals **weighted; /* numbers of kinds, weighted */
	struct decimals *products;        /* of these with the weight */
	struct decimals picked;           /* values of a fold */
	uint16_t list[GRAM_ROWS];         /* its rows */
	struct part *parts;               /* by folds */
};

static void
take_levels(struct feeding *feeding)
{
	const struct feed_rows *block = &feeding->block;
	struct buf error = {0};
	size_t row;

	if (levels_take(feeding->levels,
		(const struct slice *const *)block->cats, block->count, &row,
		&error))
		feed_rows_die(block, row, buf_text(&error));
}

static void
multiply(struct feeding *feeding)
{
	const struct design *design = feeding->block.design;
	size_t rows = feeding->block.count;

	for (size_t i = 0; i < design->nproducts; i++) {
		const struct design_product *product = &design->products[i];

		if (decimals_multiply(
			&feeding->block.terms[design->columns + i],
			&feeding->block.terms[product->left],
			&feeding->block.terms[product->right], rows))
			feed_rows_die_large(&feeding->block);
	}
	for (size_t k = 0; feeding->block.weight && k < design->nkinds; k++) {
		if (decimals_multiply(&feeding->products[k],
			feeding->block.weight,
			&feeding->block.terms[design->kinds[k].number], rows))
			feed_rows_die_large(&feeding->block);
	}
}

/* Adds what goes row by row: squared weights, and levels. */
static int
add_rows(struct feeding *feeding, struct part *part, const uint16_t *list,
    size_t rows)
{
	int result = 0;

	for (size_t i = 0; i < rows && !result; i++) {
		size_t r = list ? list[i] : i;

		if (feeding->block.weight)
			result = decimals_add(&part->squares,
			    feeding->block.weight, feeding->block.weight, r);
		if (feeding->levels && !result)
			result = level_sums_add(part->levels,
			    feeding->block.terms, feeding->weighted, r);
	}
	return result;
}

/* Adds rows to the sums of a fold: those listed, or all. */
static void
add_part(struct feeding *feeding, struct part *part, const uint16_t *list,
    size_t rows)
{
	size_t count = feeding->block.design->terms.count;
	int result = 0;

	for (size_t i = 1;
	     i < count + (feeding->block.weight != NULL) && !result; i++) {
		struct decimals *term = &feeding->block.terms[i];

		if (list) {
			decimals_pick(&feeding->picked, term, list, rows);
			term = &feeding->picked;
		}
		result = decimals_give(term, part->gram, i, rows);
	}
	if (!result && (feeding->block.weight || feeding->levels))
		result = add_rows(feeding, part, list, rows);
	if (result || gram_add(part->gram, rows))
		feed_rows_die_large(&feeding->block);
}

static void
add_parts(struct feeding *feeding)
{
	size_t rows = feeding->block.count;

	if (feeding->block.nfolds == 1) {
		add_part(feeding, &feeding->parts[0], NULL, rows);
		return;
	}
	for (size_t f = 0; f < feeding->block.nfolds; f++) {
		size_t count = 0;

		for (size_t r = 0; r < rows; r++) {
			if (feeding->block.folds[r] == f)
				feeding->list[count++] = (uint16_t)r;
		}
		if (count)
			add_part(
			    feeding, &feeding->parts[f], feeding->list, count);
	}
}

static void
add_block(struct feeding *feeding)
{
	struct feed_rows *block = &feeding->block;
	struct ranges *ranges = block->feed->ranges;

	for (size_t i = 0; ranges && i < feed_rows_numbers(block); i++)
		ranges_add(ranges, i, feed_rows_name(block, i),
		    feed_rows_number(block, i), block->count);
	if (feeding->levels)
		take_levels(feeding);
	multiply(feeding);
	add_parts(feeding);
}

static void
add_batch(struct feeding *feeding, const struct csvin_batch *batch)
{
	for (size_t first = 0; first < batch->nrecords;) {
		first += feed_rows_xread(&feeding->block, batch, first);
		add_block(feeding);
	}
}

static void
make_levels(struct feeding *feeding)
{
	const struct design *design = feeding->block.design;
	size_t nkinds = design->nkinds;

	if (!nkinds)
		return;
	feeding->levels = levels_new(design);
	feeding->weighted = xcalloc(nkinds, sizeof(*feeding->weighted));
	feeding->products = xcalloc(nkinds, sizeof(*feeding->products));
	for (size_t k = 0; k < nkinds; k++)
		feeding->weighted[k] =
		    feeding->block.weight
			? &feeding->products[k]
			: &feeding->block.terms[design->kinds[k].number];
}

static void
make_parts(struct feeding *feeding)
{
	const struct feed_rows *block = &feeding->block;
	size_t count = block->design->terms.count;

	make_levels(feeding);
	feeding->parts = xcalloc(block->nfolds, sizeof(*feeding->parts));
	for (size_t f = 0; f < block->nfolds; f++) {
		struct part *part = &feeding->parts[f];

		part->gram =
		    block->weight ? gram_new_weighted(count) : gram_new(count);
		if (feeding->levels)
			part->levels = level_sums_new(feeding->levels);
	}
}

static void
tell_count(struct state *state, const char *a, const char *b, uint64_t count)
{
	struct bigint value = {0};

	bigint_set_int64(&value, (int64_t)count);
	state_add_sum(state, slice_of(a), slice_of(b), &value, 0, false);
	bigint_release(&value);
}

/* What states tell beside their sums. */
static int
tell(const struct design *design, const struct feed_counts *counts,
    struct decimals_sum *squares, struct state *state)
{
	const struct bigint *w2 = decimals_total(squares);

	tell_count(state, ":state", "1", 1);
	tell_count(state, ":rows", "read", counts->read);
	tell_count(state, ":rows", "used", counts->used);
	tell_count(state, ":rows", "missing", counts->missing);
	tell_count(state, ":rows", "bad", 0);
	for (size_t i = 1; i < design->columns; i++)
		tell_count(
		    state, ":count", design->terms.names[i], counts->used);
	for (size_t i = 0; i < design->cats.count; i++)
		tell_count(
		    state, ":count", design->cats.names[i], counts->used);
	if (!design->weight)
		return 0;
	tell_count(state, ":rows", "weightless", counts->weightless);
	tell_count(state, ":weight", design->weight, counts->used);
	return w2 ? state_add_sum(state, slice_of(":w2"), slice_of(""), w2,
			squares->scale, false)
		  : -1;
}

static int
write_part(const struct design *design, struct part *part,
    const struct feed_counts *counts, struct state *state)
{
	const struct cols *terms = &design->terms;
	int result = tell(design, counts, &part->squares, state);

	for (size_t i = 0; i < terms->count; i++) {
		for (size_t j = i; j < terms->count && !result; j++) {
			size_t scale;
			const struct bigint *sum =
			    gram_sum(part->gram, i, j, &scale);

			result = state_add_sum(state, slice_of(terms->names[i]),
			    slice_of(terms->names[j]), sum, scale, false);
		}
	}
	if (part->levels && !result)
		result = level_sums_write(part->levels, state);
	state_settle(state);
	return result;
}

static void
release(struct feeding *feeding)
{
	const struct feed_rows *block = &feeding->block;

	for (size_t f = 0; f < block->nfolds; f++) {
		gram_free(feeding->parts[f].gram);
		level_sums_free(feeding->parts[f].levels);
		decimals_sum_release(&feeding->parts[f].squares);
	}
	for (size_t k = 0; feeding->levels && k < block->design->nkinds; k++)
		decimals_release(&feeding->products[k]);
	levels_free(feeding->levels);
	decimals_release(&feeding->picked);
	free(feeding->weighted);
	free(feeding->products);
	free(feeding->parts);
	feed_rows_release(&feeding->block);
	free(feeding);
}

static void
finish(struct feeding *feeding, struct states *states)
{
	const struct feed_rows *block = &feeding->block;

	states->folded = block->feed->fold.by != FOLD_NONE;
	for (size_t f = 0; f < block->nfolds; f++) {
		long fold = states->folded ? (long)f : -1;

		if (write_part(block->design, &feeding->parts[f],
			&block->counts[f], states_at(states, fold)))
			die(STATUS_TROUBLE, "the sums pass %d bits",
			    BIGINT_BITS);
	}
	release(feeding);
}

bool
feed_missing_option(const char *option, const char *text)
{
	if (strcmp(text, "error") && strcmp(text, "drop"))
		die(STATUS_TROUBLE, "%s: '%s': want error or drop", option,
		    text);
	return !strcmp(text, "error");
}

void
feed_xread(struct feed *feed, struct csvin *in, struct states *states)
{
	struct feeding *feeding = xcalloc(1, sizeof(*feeding));
	struct csvin_record header;
	struct csvin_batch batch;

	fold_xcount(&feed->fold, in);
	if (!csvin_xnext(in, &header))
		die(STATUS_TROUBLE, "%s: empty, without a header",
		    csvin_name(in));
	feed_rows_xbegin(&feeding->block, feed, in, &header);
	make_parts(feeding);
	while (csvin_xnext_batch(in, &batch))
		add_batch(feeding, &batch);
	finish(feeding, states);
}

void
feed_release(struct feed *feed)
{
	design_release(&feed->design);
}
