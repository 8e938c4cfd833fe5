/* SPDX-License-Identifier: ISC */
#include "winners.h"

#include <stdlib.h>
#include <string.h>

#include "keyset.h"
#include "value.h"

/* The best row of a key, and its value. */
struct best {
	uint64_t row;
	char *value;
};

struct winners {
	enum keep keep;
	struct keyset *keys; /* to indexes of best */
	struct best *best;
	size_t count, cap;
	unsigned char *bits; /* a bit a row: it stays */
	size_t nbytes, bytes_cap;
	uint64_t rows;
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

struct winners *
winners_xnew(enum keep keep)
{
	struct winners *winners = xcalloc(1, sizeof(*winners));

	winners->keep = keep;
	winners->keys = keyset_xnew();
	return winners;
}

void
winners_free(struct winners *winners)
{
	if (!winners)
		return;
	for (size_t i = 0; i < winners->count; i++)
		free(winners->best[i].value);
	free(winners->best);
	free(winners->bits);
	keyset_free(winners->keys);
	free(winners);
}

/* Takes a number for the next row. */
static uint64_t
next_row(struct winners *winners)
{
	uint64_t row = winners->rows++;

	if (row % 8 == 0) {
		winners->bits = xgrow(
		    winners->bits, winners->nbytes, &winners->bytes_cap, 1);
		winners->bits[winners->nbytes++] = 0;
	}
	return row;
}

static void
flip(struct winners *winners, uint64_t row)
{
	winners->bits[row / 8] ^= (unsigned char)(1u << row % 8);
}

static bool
beats(enum keep keep, struct slice value, struct slice best)
{
	int diff;

	if (value.len == 0 || best.len == 0)
		diff = (value.len > 0) - (best.len > 0);
	else if (keep == KEEP_MAX)
		diff = value_compare(value, best);
	else
		diff = value_compare(best, value);
	return diff > 0 || (diff == 0 && keep == KEEP_MAX);
}

static void
set_best(struct winners *winners, struct best *best, uint64_t row,
    struct slice value)
{
	best->row = row;
	free(best->value);
	best->value = winners->keep == KEEP_LAST ? NULL : xslicedup(value);
	flip(winners, row);
}

bool
winners_add(struct winners *winners, struct slice key, struct slice value)
{
	uint64_t *found = keyset_add(winners->keys, key, winners->count);
	struct best *best;
	uint64_t row;

	if (winners->keep == KEEP_FIRST)
		return !found;
	row = next_row(winners);
	if (found) {
		best = &winners->best[*found];
		if (best->value &&
		    !beats(winners->keep, value, slice_of(best->value)))
			return false;
		flip(winners, best->row);
	} else {
		winners->best = xgrow(winners->best, winners->count,
		    &winners->cap, sizeof(*winners->best));
		best = &winners->best[winners->count++];
		best->value = NULL;
	}
	set_best(winners, best, row, value);
	return true;
}

bool
winners_has(const struct winners *winners, uint64_t row)
{
	return row < winners->rows && winners->bits[row / 8] >> row % 8 & 1;
}
