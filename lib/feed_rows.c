/* SPDX-License-Identifier: ISC */
#include "feed_rows.h"

#include <stdlib.h>
#include <string.h>

#include "value.h"

_Static_assert((int)MANTISSA_READABLE <= (int)CSVIN_SLACK,
    "values are read where they stand");

static const char missing[] = "the value is missing";

size_t
feed_rows_numbers(const struct feed_rows *block)
{
	return block->design->columns - 1 + (block->weight != NULL);
}

const char *
feed_rows_name(const struct feed_rows *block, size_t number)
{
	const struct design *design = block->design;

	return number + 1 < design->columns ? design->terms.names[number + 1]
					    : design->weight;
}

/* The products' place is behind the columns. */
struct decimals *
feed_rows_number(const struct feed_rows *block, size_t number)
{
	return number + 1 < block->design->columns ? &block->terms[number + 1]
						   : block->weight;
}

/* Dies at a row of those that were read. */
static _Noreturn void
die_row(const struct feed_rows *block, size_t row, const char *why)
{
	struct csvin_record record;

	csvin_batch_record(
	    block->in, block->batch, block->first + row, &record);
	csvin_die(block->in, &record, "%s", why);
}

static _Noreturn void
die_at(const struct feed_rows *block, size_t row, const char *column,
    const char *why)
{
	struct buf text = {0};

	buf_printf(&text, "column '%s': %s", column, why);
	die_row(block, row, buf_text(&text));
}

void
feed_rows_die(const struct feed_rows *block, size_t row, const char *why)
{
	die_row(
	    block, block->count < block->read ? block->kept[row] : row, why);
}

void
feed_rows_die_large(const struct feed_rows *block)
{
	struct buf text = {0};

	buf_printf(&text,
	    "the sums of this row and the %zu next ones pass %d bits",
	    block->read - 1, BIGINT_BITS);
	die_row(block, 0, buf_text(&text));
}

/*
 * Takes the quotes off a value. What had to be copied for that is copied once
 * more, to where enough bytes behind it can be read.
 */
static struct slice
unquote(struct feed_rows *block, struct slice field)
{
	struct slice value = csvin_value(block->in, field);
	char *room;

	if (value.data >= field.data && value.data <= field.data + field.len)
		return value;
	room = arena_room(&block->texts, value.len + MANTISSA_READABLE);
	memcpy(room, value.data, value.len);
	return (struct slice){room, value.len};
}

/* The values of a field in the block. */
static void
gather(struct feed_rows *block, size_t field, struct slice values[GRAM_ROWS])
{
	const struct csvin_batch *batch = block->batch;

	for (size_t r = 0; r < block->read; r++)
		values[r] = csvin_batch_field(batch, block->first + r, field);
	for (size_t r = 0; batch->quoted && r < block->read; r++)
		values[r] = unquote(block, values[r]);
}

/* Dies with the first of a row's faults that is an error. */
static _Noreturn void
die_fault(struct feed_rows *block, size_t row, unsigned char errors)
{
	const struct design *design = block->design;
	size_t i = 0;

	for (; i < feed_rows_numbers(block); i++) {
		struct decimals one = {0};
		struct buf why = {0};
		unsigned char fault = 0;
		struct slice value =
		    unquote(block, csvin_batch_field(block->batch,
				       block->first + row, block->fields[i]));

		decimals_parse(&one, &value, 1, &fault);
		decimals_release(&one);
		if (!(fault & errors))
			continue;
		buf_printf(
		    &why, "'%.*s' is no number", (int)value.len, value.data);
		die_at(block, row, feed_rows_name(block, i),
		    value.len ? buf_text(&why) : missing);
	}
	for (i = 0; block->cats[i][row].len; i++)
		;
	die_at(block, row, design->cats.names[i], missing);
}

/* Dies at the first fault that is an error. */
static void
refuse_faults(struct feed_rows *block)
{
	unsigned char errors = DECIMALS_BAD;

	if (block->feed->refuse_missing)
		errors |= DECIMALS_EMPTY;
	for (size_t r = 0; r < block->read; r++) {
		if (block->faults[r] & errors)
			die_fault(block, r, errors);
	}
}

/* Reads the values of the categories; returns how many are missing. */
static size_t
gather_cats(struct feed_rows *block)
{
	size_t faulty = 0;

	for (size_t c = 0; c < block->design->cats.count; c++) {
		gather(block, block->cat_fields[c], block->cats[c]);
		for (size_t r = 0; r < block->read; r++) {
			if (block->cats[c][r].len)
				continue;
			block->faults[r] |= DECIMALS_EMPTY;
			faulty++;
		}
	}
	return faulty;
}

/* Reads the values of the block; true if one is missing. */
static bool
parse(struct feed_rows *block)
{
	struct slice values[GRAM_ROWS];
	size_t faulty = 0;

	memset(block->faults, 0, sizeof(block->faults));
	for (size_t i = 0; i < feed_rows_numbers(block); i++) {
		gather(block, block->fields[i], values);
		faulty += decimals_parse(feed_rows_number(block, i), values,
		    block->read, block->faults);
	}
	faulty += gather_cats(block);
	if (faulty)
		refuse_faults(block);
	return faulty > 0;
}

/* Dies if the rows are not in the order of the column of the folds. */
static void
check_order(struct feed_rows *block, const struct slice *values)
{
	for (size_t r = 0; r < block->read; r++) {
		struct slice before =
		    r ? values[r - 1] : buf_slice(&block->latest);

		if ((r || block->before) &&
		    value_compare(before, values[r]) > 0)
			die_at(block, r, block->feed->fold.column,
			    "rows are not in its order");
	}
	buf_clear(&block->latest);
	buf_add_slice(&block->latest, values[block->read - 1]);
}

static void
find_folds(struct feed_rows *block)
{
	const struct fold *fold = &block->feed->fold;
	struct slice values[GRAM_ROWS];

	if (fold->by == FOLD_NONE)
		return;
	if (fold->column)
		gather(block, block->fold_field, values);
	if (fold->by == FOLD_HASH) {
		fold_of_values(fold, values, block->read, block->folds);
		return;
	}
	if (fold->by == FOLD_TIME)
		check_order(block, values);
	for (size_t r = 0; r < block->read; r++)
		block->folds[r] = fold_of_row(fold, block->before + r);
}

/* True if a row takes part; counts it. */
static bool
takes_part(struct feed_rows *block, size_t r)
{
	struct feed_counts *counts = &block->counts[block->folds[r]];
	int sign = 1;

	counts->read++;
	if (block->faults[r]) {
		counts->missing++;
		return false;
	}
	if (block->weight)
		sign = decimals_sign(block->weight, r);
	if (sign < 0)
		die_at(block, r, block->design->weight, "a weight is negative");
	if (sign == 0)
		counts->weightless++;
	counts->used += sign > 0;
	return sign > 0;
}

/* Leaves out the rows that take no part. */
static void
leave_out(struct feed_rows *block)
{
	size_t kept = 0;

	for (size_t r = 0; r < block->read; r++) {
		if (takes_part(block, r)) {
			block->folds[kept] = block->folds[r];
			block->kept[kept++] = (uint16_t)r;
		}
	}
	block->count = kept;
	if (kept == block->read)
		return;
	for (size_t i = 0; i < feed_rows_numbers(block); i++) {
		struct decimals *number = feed_rows_number(block, i);

		decimals_pick(number, number, block->kept, kept);
	}
	for (size_t c = 0; c < block->design->cats.count; c++) {
		struct slice *values = block->cats[c];

		for (size_t r = 0; r < kept; r++)
			values[r] = values[block->kept[r]];
	}
}

size_t
feed_rows_xread(
    struct feed_rows *block, const struct csvin_batch *batch, size_t first)
{
	size_t left = batch->nrecords - first;
	bool faulty;

	arena_clear(&block->texts);
	block->before += block->read;
	block->batch = batch;
	block->first = first;
	block->read = block->count = left < GRAM_ROWS ? left : GRAM_ROWS;
	faulty = parse(block);
	find_folds(block);
	if (faulty || block->weight || block->nfolds > 1) {
		leave_out(block);
	} else {
		block->counts->read += block->read;
		block->counts->used += block->read;
	}
	return block->read;
}

static void
make_room(struct feed_rows *block)
{
	const struct design *design = block->design;
	size_t count = design->terms.count;

	block->terms = xcalloc(count + 1, sizeof(*block->terms));
	for (size_t r = 0; r < GRAM_ROWS; r++)
		block->terms[0].mantissas[r] = 1;
	if (design->weight)
		block->weight = &block->terms[count];
	block->cats = xcalloc(design->cats.count + 1, sizeof(*block->cats));
	for (size_t c = 0; c < design->cats.count; c++)
		block->cats[c] = xcalloc(GRAM_ROWS, sizeof(struct slice));
}

/* Makes the terms of the header's columns and finds their fields. */
static void
take_header(struct feed_rows *block, struct design *design,
    const struct csvin_record *header)
{
	const struct fold *fold = &block->feed->fold;
	struct cols names = {0};
	struct buf error = {0};

	cols_from_header(&names, block->in, header);
	if (design_make(design, &names,
		fold->by == FOLD_HASH ? fold->column : NULL, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	make_room(block);
	block->fields = xcalloc(feed_rows_numbers(block) + 1, sizeof(size_t));
	for (size_t i = 0; i < feed_rows_numbers(block); i++)
		block->fields[i] =
		    cols_require(&names, block->in, feed_rows_name(block, i));
	block->cat_fields = xcalloc(design->cats.count + 1, sizeof(size_t));
	for (size_t i = 0; i < design->cats.count; i++)
		block->cat_fields[i] =
		    cols_require(&names, block->in, design->cats.names[i]);
	if (fold->column)
		block->fold_field =
		    cols_require(&names, block->in, fold->column);
	cols_release(&names);
}

void
feed_rows_xbegin(struct feed_rows *block, struct feed *feed, struct csvin *in,
    const struct csvin_record *header)
{
	block->feed = feed;
	block->design = &feed->design;
	block->in = in;
	block->nfolds = feed->fold.by ? feed->fold.count : 1;
	block->counts = xcalloc(block->nfolds, sizeof(*block->counts));
	take_header(block, &feed->design, header);
}

void
feed_rows_release(struct feed_rows *block)
{
	for (size_t i = 0; i <= block->design->terms.count; i++)
		decimals_release(&block->terms[i]);
	for (size_t c = 0; c < block->design->cats.count; c++)
		free(block->cats[c]);
	free(block->terms);
	free(block->cats);
	free(block->counts);
	free(block->fields);
	free(block->cat_fields);
	buf_release(&block->latest);
	arena_release(&block->texts);
}
