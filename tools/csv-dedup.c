/* SPDX-License-Identifier: ISC */
/*
 * csv-dedup - keep one record for each key
 *
 * The first of equal keys is known while it streams. Any other winner is
 * known only at the end: then the input is read twice.
 */
#include <stdlib.h>

#include "cols.h"
#include "csvin.h"
#include "csvout.h"
#include "io.h"
#include "keyset.h"
#include "opt.h"
#include "winners.h"

static const struct option_row options[] = {
    {'K', "keep", "WHICH", "first (default), last, max:COL or min:COL"},
    {'d', "dups", "FILE", "write the dropped records there"},
    {'k', "key", "COL[,COL]", "the columns that make the key"},
};

static const struct tool tool = {
    .name = "csv-dedup",
    .synopsis = "[-K WHICH] [-d FILE] -k COL[,COL] [FILE...]",
    .summary = "keep one record for each key of CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "csv-dedup -k open_time < klines.csv\n"
		"csv-dedup -k symbol,open_time --keep max:updated_at a.csv",
};

struct dedup {
	struct cols key;
	enum keep keep;
	const char *by; /* the column to compare, or NULL */

	size_t *key_at; /* the fields of the key */
	size_t by_at;
	struct winners *winners;
	struct buf bytes; /* of the record's key */
};

static void
find_columns(
    struct dedup *dedup, struct csvin *in, const struct csvin_record *header)
{
	struct cols names = {0};

	cols_from_header(&names, in, header);
	dedup->key_at = xcalloc(dedup->key.count, sizeof(size_t));
	for (size_t i = 0; i < dedup->key.count; i++)
		dedup->key_at[i] =
		    cols_require(&names, in, dedup->key.names[i]);
	if (dedup->by)
		dedup->by_at = cols_require(&names, in, dedup->by);
	cols_release(&names);
}

/* True if the record is the one to keep, as far as is known. */
static bool
add_row(struct dedup *dedup, struct csvin *in, const struct csvin_record *row)
{
	struct slice value = {0};

	buf_clear(&dedup->bytes);
	for (size_t i = 0; i < dedup->key.count; i++) {
		struct slice field = csvin_field(row, dedup->key_at[i]);

		keyset_part(&dedup->bytes, csvin_value(in, field));
	}
	if (dedup->by)
		value = csvin_value(in, csvin_field(row, dedup->by_at));
	return winners_add(dedup->winners, buf_slice(&dedup->bytes), value);
}

static void
dedup_all(
    struct dedup *dedup, struct csvin *in, struct out *out, struct out *dups)
{
	struct csvin_record row;
	bool stream = dedup->keep == KEEP_FIRST;

	if (!csvin_xnext(in, &row))
		return;
	find_columns(dedup, in, &row);
	if (!stream) {
		while (csvin_xnext(in, &row))
			add_row(dedup, in, &row);
		csvin_rewind(in);
		csvin_xnext(in, &row);
	}
	csvout_record(out, &row);
	if (dups)
		csvout_record(dups, &row);
	for (uint64_t i = 0; csvin_xnext(in, &row); i++) {
		if (stream ? add_row(dedup, in, &row)
			   : winners_has(dedup->winners, i))
			csvout_record(out, &row);
		else if (dups)
			csvout_record(dups, &row);
	}
}

int
main(int argc, char **argv)
{
	/* a key is no longer than its record and the lengths of its parts */
	struct dedup dedup = {.bytes = {.limit = SIZE_MAX}};
	struct opts opts;
	struct csvin *in;
	struct out out, dups;
	const char *path = NULL;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		switch (letter) {
		case 'K':
			dedup.keep = keep_option("-K", opts.arg, &dedup.by);
			break;
		case 'd':
			path = opts.arg;
			break;
		case 'k':
			cols_release(&dedup.key);
			cols_option(&dedup.key, "-k", opts.arg);
			break;
		}
	}
	if (!dedup.key.count)
		opt_usage(&opts, "-k COL is missing");
	if (path)
		out_xfile(&dups, path);
	in = csvin_new(
	    opts.argv, opts.argc, dedup.keep == KEEP_FIRST ? 0 : CSVIN_REWIND);
	out_stdout(&out);
	csvin_tie(in, &out);
	dedup.winners = winners_xnew(dedup.keep);
	dedup_all(&dedup, in, &out, path ? &dups : NULL);
	csvin_free(in);
	winners_free(dedup.winners);
	cols_release(&dedup.key);
	free(dedup.key_at);
	buf_release(&dedup.bytes);
	if (path)
		out_xcommit(&dups);
	return (int)out_finish(&out, STATUS_DONE);
}
