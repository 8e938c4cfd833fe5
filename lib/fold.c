/* SPDX-License-Identifier: ISC */
#include "fold.h"

#include <string.h>

#include "keyset_hash.h"

void
fold_option(struct fold *fold, const char *option, const char *text)
{
	/* in the order of the enum */
	static const char *const words[] = {"hash:", "time:", "block"};

	for (int i = 0; i < 3; i++) {
		size_t len = strlen(words[i]);
		bool wants_column = i < 2;

		if (strncmp(text, words[i], len) ||
		    wants_column != (text[len] != '\0'))
			continue;
		fold->by = (enum fold_by)(FOLD_HASH + i);
		fold->column = wants_column ? text + len : NULL;
		return;
	}
	die(STATUS_TROUBLE, "%s: '%s' is not hash:COL, time:COL or block",
	    option, text);
}

bool
fold_needs_count(const struct fold *fold)
{
	return fold->by == FOLD_TIME || fold->by == FOLD_BLOCK;
}

void
fold_xcount(struct fold *fold, struct csvin *in)
{
	struct csvin_record header;
	struct csvin_batch batch;

	if (!fold_needs_count(fold) || !csvin_xnext(in, &header))
		return;
	while (csvin_xnext_batch(in, &batch))
		fold->rows += batch.nrecords;
	csvin_rewind(in);
}

uint16_t
fold_of_row(const struct fold *fold, uint64_t row)
{
	return (uint16_t)(row * fold->count / fold->rows);
}

void
fold_of_values(const struct fold *fold, const struct slice *values,
    size_t count, uint16_t *folds)
{
	enum { AT_ONCE = 256 };
	uint64_t hashes[AT_ONCE];

	for (size_t from = 0; from < count; from += AT_ONCE) {
		size_t n = count - from < AT_ONCE ? count - from : AT_ONCE;

		keyset_hash(values + from, n, hashes);
		for (size_t i = 0; i < n; i++)
			folds[from + i] = (uint16_t)(hashes[i] % fold->count);
	}
}
