/* SPDX-License-Identifier: ISC */
#include "winners.h"

#include <stdlib.h>
#include <string.h>

#include "spill.h"
#include "value.h"

/* What a key takes at most while a part is judged, its value left out. */
enum { SETTLE_BYTES = 160 };

/* What malloc() adds to a value. */
enum { VALUE_EXTRA = 24 };

/* The best row of each key, in arrays by the key's number, as needed. */
struct bests {
	uint64_t *rows;    /* not for KEEP_FIRST */
	uint64_t *digests; /* to compare */
	char **values;     /* KEEP_MAX, KEEP_MIN */
	size_t count, cap;
	size_t values_size;
};

struct winners {
	struct winners_plan plan;
	struct keyset *keys; /* to numbers of bests, if there are any */
	struct bests bests;
	struct spill *spill; /* or NULL */

	unsigned char *bits; /* a bit for each row from base on: it stays */
	size_t nbytes, bytes_cap;
	uint64_t base;
	struct winners_counts counts;
};

enum keep
keep_option(const char *option, const char *text, const char **column)
{
	/* in the order of the enum */
	static const char *const words[] = {"first", "last", "max:", "min:"};

	for (int i = KEEP_FIRST; i <= KEEP_MIN; i++) {
		size_t len = strlen(words[i]);
		bool wants_column = i >= KEEP_MAX;

		if (strncmp(text, words[i], len) ||
		    wants_column != (text[len] != '\0'))
			continue;
		*column = wants_column ? text + len : NULL;
		return (enum keep)i;
	}
	die(STATUS_TROUBLE, "%s: '%s' is not first, last, max:COL or min:COL",
	    option, text);
}

static bool
needs_values(const struct winners *winners)
{
	return winners->plan.keep >= KEEP_MAX;
}

static bool
needs_bests(const struct winners *winners)
{
	return winners->plan.keep != KEEP_FIRST || winners->plan.compare;
}

struct winners *
winners_xnew(const struct winners_plan *plan)
{
	struct winners *winners = xcalloc(1, sizeof(*winners));

	winners->plan = *plan;
	if (!plan->limit)
		winners->plan.limit = SIZE_MAX;
	winners->keys = keyset_xnew(needs_bests(winners));
	return winners;
}

/* Forgets all keys and their bests. */
static void
clear(struct winners *winners)
{
	struct bests *bests = &winners->bests;

	for (size_t i = 0; bests->values && i < bests->count; i++)
		free(bests->values[i]);
	free(bests->values);
	free(bests->rows);
	free(bests->digests);
	*bests = (struct bests){0};
	keyset_clear(winners->keys);
}

void
winners_free(struct winners *winners)
{
	if (!winners)
		return;
	clear(winners);
	keyset_free(winners->keys);
	spill_free(winners->spill);
	free(winners->bits);
	free(winners);
}

/* Sees to room for the bests of all keys that have a number below count. */
static void
reserve(struct winners *winners, size_t count)
{
	struct bests *bests = &winners->bests;
	size_t cap = bests->cap;

	bests->count = count;
	if (!needs_bests(winners) || count <= cap)
		return;
	bests->cap = count + count / 2 + KEYSET_BATCH;
	if (winners->plan.keep != KEEP_FIRST)
		bests->rows =
		    xrealloc(bests->rows, bests->cap * sizeof(*bests->rows));
	if (winners->plan.compare)
		bests->digests = xrealloc(
		    bests->digests, bests->cap * sizeof(*bests->digests));
	if (!needs_values(winners))
		return;
	bests->values =
	    xrealloc(bests->values, bests->cap * sizeof(*bests->values));
	for (size_t i = cap; i < bests->cap; i++)
		bests->values[i] = NULL;
}

static size_t
memory(const struct winners *winners)
{
	const struct bests *bests = &winners->bests;
	size_t each = (bests->rows ? sizeof(*bests->rows) : 0) +
		      (bests->digests ? sizeof(*bests->digests) : 0) +
		      (bests->values ? sizeof(*bests->values) : 0);

	return keyset_memory(winners->keys) + bests->count * each +
	       bests->values_size + winners->nbytes;
}

static void
mark(struct winners *winners, uint64_t row, bool stays)
{
	uint64_t at = row - winners->base;
	unsigned char bit = (unsigned char)(1u << at % 8);

	/* a row before base is known to stay */
	if (row < winners->base)
		return;
	while (winners->nbytes <= at / 8) {
		winners->bits = xgrow(
		    winners->bits, winners->nbytes, &winners->bytes_cap, 1);
		winners->bits[winners->nbytes++] = 0;
	}
	if (stays)
		winners->bits[at / 8] |= bit;
	else
		winners->bits[at / 8] &= (unsigned char)~bit;
}

bool
winners_has(const struct winners *winners, uint64_t row)
{
	uint64_t at = row - winners->base;

	return row >= winners->base && at / 8 < winners->nbytes &&
	       winners->bits[at / 8] >> at % 8 & 1;
}

static bool
beats(enum keep keep, struct slice value, struct slice best)
{
	int diff;

	if (keep == KEEP_FIRST || keep == KEEP_LAST)
		return keep == KEEP_LAST;
	if (value.len == 0 || best.len == 0)
		diff = (value.len > 0) - (best.len > 0);
	else if (keep == KEEP_MAX)
		diff = value_compare(value, best);
	else
		diff = value_compare(best, value);
	return diff > 0 || (diff == 0 && keep == KEEP_MAX);
}

static void
set_value(struct bests *bests, uint64_t number, struct slice value)
{
	char *old = bests->values[number];

	if (old)
		bests->values_size -= strlen(old) + VALUE_EXTRA;
	free(old);
	bests->values[number] = xslicedup(value);
	bests->values_size += value.len + VALUE_EXTRA;
}

/* Makes a row the best one of the key of this number. */
static void
set_best(struct winners *winners, uint64_t number, const struct spill_row *row)
{
	struct bests *bests = &winners->bests;

	if (bests->digests)
		bests->digests[number] = row->digest;
	if (bests->values)
		set_value(bests, number, row->value);
	if (bests->rows)
		bests->rows[number] = row->row;
	if (bests->rows || winners->spill)
		mark(winners, row->row, true);
}

/*
 * Takes a row whose key has this number; fresh, if it is the key's first row.
 * Returns true if it is the best one so far.
 */
static bool
take(struct winners *winners, uint64_t number, bool fresh,
    const struct spill_row *row)
{
	struct bests *bests = &winners->bests;
	struct slice best = {0};

	if (!fresh) {
		winners->counts.duplicates++;
		if (bests->digests)
			winners->counts.exact +=
			    bests->digests[number] == row->digest;
		if (bests->values)
			best = slice_of(bests->values[number]);
		if (!beats(winners->plan.keep, row->value, best))
			return false;
		mark(winners, bests->rows[number], false);
	}
	if (needs_bests(winners) || winners->spill)
		set_best(winners, number, row);
	return true;
}

static void
spill_best(void *context, struct print print, uint64_t number)
{
	struct winners *winners = context;
	const struct bests *bests = &winners->bests;
	struct spill_row row = {.print = print};

	if (bests->rows)
		row.row = bests->rows[number];
	if (bests->digests)
		row.digest = bests->digests[number];
	if (bests->values)
		row.value = slice_of(bests->values[number]);
	spill_add(winners->spill, &row);
}

/* Moves all that is held of keys to temporary files. */
static void
overflow(struct winners *winners)
{
	winners->spill =
	    spill_new(winners->plan.compare, needs_values(winners));
	keyset_each(winners->keys, spill_best, winners);
	clear(winners);
	/* the rows so far have been told; of the others, all is open */
	if (winners->plan.keep == KEEP_FIRST)
		winners->base = winners->counts.rows;
	if (winners->nbytes)
		memset(winners->bits, 0, winners->nbytes);
}

static struct spill_row
describe(struct winners *winners, const struct winners_row *row)
{
	struct spill_row entry = {
	    .row = winners->counts.rows++,
	    .value = row->value,
	};

	if (winners->plan.compare)
		entry.digest = keyset_print(winners->keys, row->record).low;
	return entry;
}

static void
take_all(struct winners *winners, struct winners_row *rows,
    const struct keyset_key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct spill_row row = describe(winners, &rows[i]);

		rows[i].stays =
		    take(winners, keys[i].number, keys[i].fresh, &row);
	}
}

static void
add_known(struct winners *winners, struct winners_row *rows, size_t count)
{
	struct keyset_key keys[KEYSET_BATCH];
	uint64_t next = winners->bests.count;

	for (size_t i = 0; i < count; i++)
		keys[i].key = rows[i].key;
	keyset_add_batch(winners->keys, keys, count, &next);
	if (needs_bests(winners)) {
		reserve(winners, next);
		take_all(winners, rows, keys, count);
	} else {
		for (size_t i = 0; i < count; i++)
			rows[i].stays = keys[i].fresh;
		winners->counts.rows += count;
		winners->counts.duplicates +=
		    count - (next - winners->bests.count);
		winners->bests.count = next;
	}
	/* a table of prints that grows adds an eighth to all, for a moment */
	if (memory(winners) > winners->plan.limit / 9 * 8)
		overflow(winners);
}

int
winners_add(struct winners *winners, struct winners_row *rows, size_t count)
{
	if (!winners->spill) {
		add_known(winners, rows, count);
		return winners->spill && spill_error(winners->spill) ? -1 : 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct spill_row row = describe(winners, &rows[i]);

		row.print = keyset_print(winners->keys, rows[i].key);
		spill_add(winners->spill, &row);
	}
	return spill_error(winners->spill) ? -1 : 0;
}

bool
winners_spilled(const struct winners *winners)
{
	return winners->spill != NULL;
}

const char *
winners_error(struct winners *winners)
{
	return winners->spill ? spill_error(winners->spill) : NULL;
}

/* How often a part is read, for the keys of each reading to fit. */
static uint64_t
passes_of(const struct winners *winners, size_t part)
{
	uint64_t bytes = spill_rows(winners->spill, part) * SETTLE_BYTES +
			 spill_values(winners->spill, part);
	uint64_t limit = winners->plan.limit, passes = 1;

	/* the bits are there already, and may be all that fits */
	limit -= winners->nbytes < limit / 2 ? winners->nbytes : limit / 2;
	while (bytes / passes > limit)
		passes *= 2;
	return passes;
}

/* Judges the rows of a part whose keys fall to one of the passes. */
static void
settle_pass(
    struct winners *winners, size_t part, uint64_t pass, uint64_t passes)
{
	struct prints *prints = prints_new(PRINTS_WIDE, needs_bests(winners));
	struct spill_row row;

	spill_rewind(winners->spill, part);
	while (spill_next(winners->spill, part, &row)) {
		uint64_t number = winners->bests.count;
		bool fresh;

		if (row.print.high / SPILL_PARTS % passes != pass)
			continue;
		fresh = prints_add(prints, row.print, &number);
		reserve(winners, winners->bests.count + fresh);
		take(winners, number, fresh, &row);
	}
	prints_free(prints);
	clear(winners);
}

int
winners_settle(struct winners *winners)
{
	for (size_t i = 0; winners->spill && i < SPILL_PARTS; i++) {
		uint64_t passes = passes_of(winners, i);

		for (uint64_t j = 0; j < passes; j++)
			settle_pass(winners, i, j, passes);
	}
	return winners_error(winners) ? -1 : 0;
}

struct winners_counts
winners_counts(const struct winners *winners)
{
	return winners->counts;
}
