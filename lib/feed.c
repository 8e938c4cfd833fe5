/* SPDX-License-Identifier: ISC */
#include "feed.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "decimals.h"
#include "gram.h"
#include "levels.h"
#include "value.h"

_Static_assert((int)MANTISSA_READABLE <= (int)CSVIN_SLACK,
    "values are read where they stand");

/* The rows of a fold: what became of them, and their sums. */
struct part {
	uint64_t read, used, missing, weightless;
	struct gram *gram;
	struct level_sums *levels;   /* or NULL: no categories */
	struct decimals_sum squares; /* of weights */
};

/* The block of rows at hand, and the sums so far. */
struct feeding {
	const struct feed *feed;
	const struct design *design;
	struct csvin *in;
	size_t *fields; /* of the numbers: columns, then the weight */
	size_t *cat_fields;
	size_t fold_field;

	const struct csvin_batch *batch;
	size_t first, rows; /* of the batch */
	uint64_t row;       /* rows of the input before these */
	struct arena texts;
	struct decimals *terms;  /* the constant, the numbers, the products */
	struct decimals picked;  /* those of a fold */
	struct decimals *weight; /* or NULL */
	struct levels *levels;   /* or NULL: no categories */
	struct slice **cats;     /* values of the categories' columns */
	const struct decimals **weighted; /* numbers of kinds, weighted */
	struct decimals *products;        /* of these with the weight */
	unsigned char faults[GRAM_ROWS];
	uint16_t folds[GRAM_ROWS];
	uint16_t list[GRAM_ROWS];
	struct buf latest; /* of the column that orders the rows */

	struct part *parts;
	size_t nparts;
};

/* Numbers that are parsed: columns without the constant, and the weight. */
static size_t
numbers(const struct design *design)
{
	return design->columns - 1 + (design->weight != NULL);
}

static const char *
number_name(const struct design *design, size_t i)
{
	return i + 1 < design->columns ? design->terms.names[i + 1]
				       : design->weight;
}

/* The products' place is behind the numbers. */
static struct decimals *
number_at(const struct feeding *feeding, size_t i)
{
	return i + 1 < feeding->design->columns ? &feeding->terms[i + 1]
						: feeding->weight;
}

static _Noreturn void
die_row(const struct feeding *feeding, size_t row, const char *why)
{
	struct csvin_record record;

	csvin_batch_record(
	    feeding->in, feeding->batch, feeding->first + row, &record);
	csvin_die(feeding->in, &record, "%s", why);
}

static _Noreturn void
die_at(const struct feeding *feeding, size_t row, const char *column,
    const char *why)
{
	struct buf text = {0};

	buf_printf(&text, "column '%s': %s", column, why);
	die_row(feeding, row, buf_text(&text));
}

static _Noreturn void
die_large(const struct feeding *feeding)
{
	struct buf text = {0};

	buf_printf(&text,
	    "the sums of this row and the %zu next ones pass %d bits",
	    feeding->rows - 1, BIGINT_BITS);
	die_row(feeding, 0, buf_text(&text));
}

/*
 * Takes the quotes off a value. What had to be copied for that is copied once
 * more, to where enough bytes behind it can be read.
 */
static struct slice
unquote(struct feeding *feeding, struct slice field)
{
	struct slice value = csvin_value(feeding->in, field);
	char *room;

	if (value.data >= field.data && value.data <= field.data + field.len)
		return value;
	room = arena_room(&feeding->texts, value.len + MANTISSA_READABLE);
	memcpy(room, value.data, value.len);
	return (struct slice){room, value.len};
}

static const char missing[] = "the value is missing";

/* The values of a field in the block. */
static void
gather(struct feeding *feeding, size_t field, struct slice values[GRAM_ROWS])
{
	const struct csvin_batch *batch = feeding->batch;

	for (size_t r = 0; r < feeding->rows; r++)
		values[r] = csvin_batch_field(batch, feeding->first + r, field);
	for (size_t r = 0; batch->quoted && r < feeding->rows; r++)
		values[r] = unquote(feeding, values[r]);
}

/* Dies with the first of a row's faults that is an error. */
static _Noreturn void
die_fault(struct feeding *feeding, size_t row, unsigned char errors)
{
	const struct design *design = feeding->design;
	size_t i = 0;

	for (; i < numbers(design); i++) {
		struct decimals one = {0};
		struct buf why = {0};
		unsigned char fault = 0;
		struct slice value = unquote(
		    feeding, csvin_batch_field(feeding->batch,
				 feeding->first + row, feeding->fields[i]));

		decimals_parse(&one, &value, 1, &fault);
		decimals_release(&one);
		if (!(fault & errors))
			continue;
		buf_printf(
		    &why, "'%.*s' is no number", (int)value.len, value.data);
		die_at(feeding, row, number_name(design, i),
		    value.len ? buf_text(&why) : missing);
	}
	for (i = 0; feeding->cats[i][row].len; i++)
		;
	die_at(feeding, row, design->cats.names[i], missing);
}

/* Dies at the first fault that is an error. */
static void
refuse_faults(struct feeding *feeding)
{
	unsigned char errors = DECIMALS_BAD;

	if (feeding->feed->refuse_missing)
		errors |= DECIMALS_EMPTY;
	for (size_t r = 0; r < feeding->rows; r++) {
		if (feeding->faults[r] & errors)
			die_fault(feeding, r, errors);
	}
}

/* Reads the values of the categories; returns how many are missing. */
static size_t
gather_cats(struct feeding *feeding)
{
	size_t faulty = 0;

	for (size_t c = 0; c < feeding->design->cats.count; c++) {
		gather(feeding, feeding->cat_fields[c], feeding->cats[c]);
		for (size_t r = 0; r < feeding->rows; r++) {
			if (feeding->cats[c][r].len)
				continue;
			feeding->faults[r] |= DECIMALS_EMPTY;
			faulty++;
		}
	}
	return faulty;
}

/* Reads the values of the block; true if one is missing. */
static bool
parse(struct feeding *feeding)
{
	struct slice values[GRAM_ROWS];
	size_t faulty = 0;

	memset(feeding->faults, 0, sizeof(feeding->faults));
	for (size_t i = 0; i < numbers(feeding->design); i++) {
		gather(feeding, feeding->fields[i], values);
		faulty += decimals_parse(number_at(feeding, i), values,
		    feeding->rows, feeding->faults);
	}
	faulty += gather_cats(feeding);
	if (faulty)
		refuse_faults(feeding);
	return faulty > 0;
}

/* Dies if the rows are not in the order of the column of the folds. */
static void
check_order(struct feeding *feeding, const struct slice *values)
{
	for (size_t r = 0; r < feeding->rows; r++) {
		struct slice before =
		    r ? values[r - 1] : buf_slice(&feeding->latest);

		if ((r || feeding->row) && value_compare(before, values[r]) > 0)
			die_at(feeding, r, feeding->feed->fold.column,
			    "rows are not in its order");
	}
	buf_clear(&feeding->latest);
	buf_add_slice(&feeding->latest, values[feeding->rows - 1]);
}

static void
find_folds(struct feeding *feeding)
{
	const struct fold *fold = &feeding->feed->fold;
	struct slice values[GRAM_ROWS];

	if (fold->by == FOLD_NONE)
		return;
	if (fold->column)
		gather(feeding, feeding->fold_field, values);
	if (fold->by == FOLD_HASH) {
		fold_of_values(fold, values, feeding->rows, feeding->folds);
		return;
	}
	if (fold->by == FOLD_TIME)
		check_order(feeding, values);
	for (size_t r = 0; r < feeding->rows; r++)
		feeding->folds[r] = fold_of_row(fold, feeding->row + r);
}

/* True if a row takes part; counts it. */
static bool
takes_part(struct feeding *feeding, size_t r)
{
	struct part *part = &feeding->parts[feeding->folds[r]];
	int sign = 1;

	part->read++;
	if (feeding->faults[r]) {
		part->missing++;
		return false;
	}
	if (feeding->weight)
		sign = decimals_sign(feeding->weight, r);
	if (sign < 0)
		die_at(feeding, r, feeding->design->weight,
		    "a weight is negative");
	if (sign == 0)
		part->weightless++;
	part->used += sign > 0;
	return sign > 0;
}

/* Leaves the rows that take part; returns how many. */
static size_t
leave_out(struct feeding *feeding)
{
	size_t kept = 0;

	for (size_t r = 0; r < feeding->rows; r++) {
		if (takes_part(feeding, r)) {
			feeding->folds[kept] = feeding->folds[r];
			feeding->list[kept++] = (uint16_t)r;
		}
	}
	for (size_t i = 0; kept < feeding->rows && i < numbers(feeding->design);
	     i++) {
		struct decimals *number = number_at(feeding, i);

		decimals_pick(number, number, feeding->list, kept);
	}
	return kept;
}

/* Takes the levels of the rows that were left. */
static void
take_levels(struct feeding *feeding, size_t rows, bool picked)
{
	struct buf error = {0};
	size_t row;

	for (size_t c = 0; picked && c < feeding->design->cats.count; c++) {
		struct slice *values = feeding->cats[c];

		for (size_t r = 0; r < rows; r++)
			values[r] = values[feeding->list[r]];
	}
	if (!levels_take(feeding->levels,
		(const struct slice *const *)feeding->cats, rows, &row, &error))
		return;
	die_row(feeding, picked ? feeding->list[row] : row, buf_text(&error));
}

static void
multiply(struct feeding *feeding, size_t rows)
{
	const struct design *design = feeding->design;

	for (size_t i = 0; i < design->nproducts; i++) {
		const struct design_product *product = &design->products[i];

		if (decimals_multiply(&feeding->terms[design->columns + i],
			&feeding->terms[product->left],
			&feeding->terms[product->right], rows))
			die_large(feeding);
	}
	for (size_t k = 0; feeding->weight && k < design->nkinds; k++) {
		if (decimals_multiply(&feeding->products[k], feeding->weight,
			&feeding->terms[design->kinds[k].number], rows))
			die_large(feeding);
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

		if (feeding->weight)
			result = decimals_add(&part->squares, feeding->weight,
			    feeding->weight, r);
		if (feeding->levels && !result)
			result = level_sums_add(
			    part->levels, feeding->terms, feeding->weighted, r);
	}
	return result;
}

/* Adds rows to the sums of a fold: those listed, or all. */
static void
add_part(struct feeding *feeding, struct part *part, const uint16_t *list,
    size_t rows)
{
	size_t count = feeding->design->terms.count;
	int result = 0;

	for (size_t i = 1; i < count + (feeding->weight != NULL) && !result;
	     i++) {
		struct decimals *term = &feeding->terms[i];

		if (list) {
			decimals_pick(&feeding->picked, term, list, rows);
			term = &feeding->picked;
		}
		result = decimals_give(term, part->gram, i, rows);
	}
	if (!result && (feeding->weight || feeding->levels))
		result = add_rows(feeding, part, list, rows);
	if (result || gram_add(part->gram, rows))
		die_large(feeding);
}

static void
add_parts(struct feeding *feeding, size_t rows)
{
	if (feeding->nparts == 1) {
		add_part(feeding, &feeding->parts[0], NULL, rows);
		return;
	}
	for (size_t f = 0; f < feeding->nparts; f++) {
		size_t count = 0;

		for (size_t r = 0; r < rows; r++) {
			if (feeding->folds[r] == f)
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
	struct part *only = &feeding->parts[0];
	bool faulty = parse(feeding);
	size_t rows = feeding->rows;
	bool choose = faulty || feeding->weight || feeding->nparts > 1;

	find_folds(feeding);
	if (choose) {
		rows = leave_out(feeding);
	} else {
		only->read += rows;
		only->used += rows;
	}
	if (feeding->levels)
		take_levels(feeding, rows, choose);
	for (size_t i = 0;
	     feeding->feed->ranges && i < numbers(feeding->design); i++)
		ranges_add(feeding->feed->ranges, i,
		    number_name(feeding->design, i), number_at(feeding, i),
		    rows);
	multiply(feeding, rows);
	add_parts(feeding, rows);
	arena_clear(&feeding->texts);
}

static void
add_batch(struct feeding *feeding, const struct csvin_batch *batch)
{
	feeding->batch = batch;
	for (size_t first = 0; first < batch->nrecords; first += GRAM_ROWS) {
		size_t left = batch->nrecords - first;

		feeding->first = first;
		feeding->rows = left < GRAM_ROWS ? left : GRAM_ROWS;
		add_block(feeding);
		feeding->row += feeding->rows;
	}
}

/* Makes the terms of the header's columns and finds their fields. */
static void
take_header(struct feeding *feeding, struct design *design,
    const struct csvin_record *header)
{
	const struct fold *fold = &feeding->feed->fold;
	struct cols names = {0};
	struct buf error = {0};

	cols_from_header(&names, feeding->in, header);
	if (design_make(design, &names,
		fold->by == FOLD_HASH ? fold->column : NULL, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	feeding->fields = xcalloc(numbers(design) + 1, sizeof(size_t));
	for (size_t i = 0; i < numbers(design); i++)
		feeding->fields[i] =
		    cols_require(&names, feeding->in, number_name(design, i));
	feeding->cat_fields = xcalloc(design->cats.count + 1, sizeof(size_t));
	for (size_t i = 0; i < design->cats.count; i++)
		feeding->cat_fields[i] =
		    cols_require(&names, feeding->in, design->cats.names[i]);
	if (fold->column)
		feeding->fold_field =
		    cols_require(&names, feeding->in, fold->column);
	cols_release(&names);
}

static void
make_levels(struct feeding *feeding)
{
	const struct design *design = feeding->design;
	size_t nkinds = design->nkinds;

	if (!nkinds)
		return;
	feeding->levels = levels_new(design);
	feeding->cats = xcalloc(design->cats.count, sizeof(*feeding->cats));
	for (size_t c = 0; c < design->cats.count; c++)
		feeding->cats[c] = xcalloc(GRAM_ROWS, sizeof(struct slice));
	feeding->weighted = xcalloc(nkinds, sizeof(*feeding->weighted));
	feeding->products = xcalloc(nkinds, sizeof(*feeding->products));
	for (size_t k = 0; k < nkinds; k++)
		feeding->weighted[k] =
		    feeding->weight ? &feeding->products[k]
				    : &feeding->terms[design->kinds[k].number];
}

static void
make_parts(struct feeding *feeding)
{
	size_t count = feeding->design->terms.count;

	/* the constant is the gram's own */
	feeding->terms = xcalloc(count + 1, sizeof(*feeding->terms));
	for (size_t r = 0; r < GRAM_ROWS; r++)
		feeding->terms[0].mantissas[r] = 1;
	if (feeding->design->weight)
		feeding->weight = &feeding->terms[count];
	feeding->nparts =
	    feeding->feed->fold.by ? feeding->feed->fold.count : 1;
	feeding->parts = xcalloc(feeding->nparts, sizeof(*feeding->parts));
	make_levels(feeding);
	for (size_t f = 0; f < feeding->nparts; f++) {
		struct part *part = &feeding->parts[f];

		part->gram = feeding->weight ? gram_new_weighted(count)
					     : gram_new(count);
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
static void
tell(const struct design *design, struct part *part, struct state *state)
{
	tell_count(state, ":state", "1", 1);
	tell_count(state, ":rows", "read", part->read);
	tell_count(state, ":rows", "used", part->used);
	tell_count(state, ":rows", "missing", part->missing);
	tell_count(state, ":rows", "bad", 0);
	for (size_t i = 1; i < design->columns; i++)
		tell_count(state, ":count", design->terms.names[i], part->used);
	for (size_t i = 0; i < design->cats.count; i++)
		tell_count(state, ":count", design->cats.names[i], part->used);
	if (!design->weight)
		return;
	tell_count(state, ":rows", "weightless", part->weightless);
	tell_count(state, ":weight", design->weight, part->used);
	state_add_sum(state, slice_of(":w2"), slice_of(""),
	    decimals_total(&part->squares), part->squares.scale, false);
}

static int
write_part(const struct design *design, struct part *part, struct state *state)
{
	const struct cols *terms = &design->terms;
	int result = 0;

	tell(design, part, state);
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
	const struct design *design = feeding->design;

	for (size_t f = 0; f < feeding->nparts; f++) {
		gram_free(feeding->parts[f].gram);
		level_sums_free(feeding->parts[f].levels);
		decimals_sum_release(&feeding->parts[f].squares);
	}
	for (size_t i = 0; i <= design->terms.count; i++)
		decimals_release(&feeding->terms[i]);
	for (size_t k = 0; feeding->levels && k < design->nkinds; k++)
		decimals_release(&feeding->products[k]);
	for (size_t c = 0; feeding->levels && c < design->cats.count; c++)
		free(feeding->cats[c]);
	levels_free(feeding->levels);
	decimals_release(&feeding->picked);
	free(feeding->terms);
	free(feeding->cats);
	free(feeding->weighted);
	free(feeding->products);
	free(feeding->parts);
	free(feeding->fields);
	free(feeding->cat_fields);
	buf_release(&feeding->latest);
	arena_release(&feeding->texts);
	free(feeding);
}

static void
finish(struct feeding *feeding, struct states *states)
{
	states->folded = feeding->feed->fold.by != FOLD_NONE;
	for (size_t f = 0; f < feeding->nparts; f++) {
		long fold = states->folded ? (long)f : -1;

		if (write_part(feeding->design, &feeding->parts[f],
			states_at(states, fold)))
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

	feeding->feed = feed;
	feeding->design = &feed->design;
	feeding->in = in;
	fold_xcount(&feed->fold, in);
	if (!csvin_xnext(in, &header))
		die(STATUS_TROUBLE, "%s: no header", csvin_name(in));
	take_header(feeding, &feed->design, &header);
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
