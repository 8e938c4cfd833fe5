/* SPDX-License-Identifier: ISC */
/*
 * csv-stamp - append constant time columns
 *
 * The time is fixed before the first record, so all records of one run carry
 * the same stamp.
 */
#include <stdlib.h>

#include "clock.h"
#include "cols.h"
#include "csvin.h"
#include "csvout.h"
#include "io.h"
#include "opt.h"

static const struct option_row options[] = {
    {'c', "columns", "NAME[,NAME]", "the names of the columns"},
    {'f', "force", NULL, "overwrite columns that exist"},
    {'t', "time", "TIME", "the time to write; default: now"},
};

static const struct tool tool = {
    .name = "csv-stamp",
    .synopsis = "[-f] [-t TIME] -c NAME[,NAME] [FILE...]",
    .summary = "append constant time columns to CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples =
	"csv-stamp -c created_at,updated_at < klines.csv\n"
	"csv-stamp -f -c updated_at -t 2024-01-26T15:00:00.300Z < a.csv",
};

/* What to write: which fields of a record to replace, which to append. */
struct stamp {
	struct cols names;
	bool *replace;     /* for each field of the header */
	size_t replaced;   /* how many of them */
	struct buf suffix; /* appended to a record */
	char time[CLOCK_SIZE];
};

/* Sorts the names into those that exist and those to append. */
static void
plan(struct stamp *stamp, struct csvin *in, const struct csvin_record *header,
    bool force)
{
	struct cols present = {0};

	cols_from_header(&present, in, header);
	stamp->replace = xcalloc(header->nfields, sizeof(bool));
	for (size_t i = 0; i < stamp->names.count; i++) {
		struct slice name = slice_of(stamp->names.names[i]);
		long at = cols_find(&present, name);

		if (at < 0) {
			buf_putc(&stamp->suffix, ',');
			csvout_append(&stamp->suffix, name);
		} else if (force) {
			stamp->replace[at] = true;
			stamp->replaced++;
		} else {
			csvin_die(in, header,
			    "column '%s' exists; -f overwrites it", name.data);
		}
	}
	cols_release(&present);
}

static void
write_row(const struct stamp *stamp, const struct csvin_record *row,
    struct out *out, bool replace)
{
	if (!replace)
		out_write(out, row->data, row->len);
	for (size_t i = 0; replace && i < row->nfields; i++) {
		if (i)
			out_putc(out, ',');
		if (stamp->replace[i])
			out_puts(out, stamp->time);
		else
			out_slice(out, csvin_field(row, i));
	}
	out_slice(out, buf_slice(&stamp->suffix));
	out_putc(out, '\n');
}

static void
stamp_all(struct stamp *stamp, struct csvin *in, struct out *out, bool force)
{
	struct csvin_record row;

	if (!csvin_xnext(in, &row))
		return;
	plan(stamp, in, &row, force);
	write_row(stamp, &row, out, false);
	buf_clear(&stamp->suffix);
	for (size_t i = stamp->replaced; i < stamp->names.count; i++)
		buf_printf(&stamp->suffix, ",%s", stamp->time);
	while (csvin_xnext(in, &row))
		write_row(stamp, &row, out, stamp->replaced > 0);
}

int
main(int argc, char **argv)
{
	struct stamp stamp = {0};
	struct opts opts;
	struct csvin *in;
	struct out out;
	bool force = false;
	int64_t time = clock_now();
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		switch (letter) {
		case 'c':
			cols_release(&stamp.names);
			cols_option(&stamp.names, "-c", opts.arg);
			break;
		case 'f':
			force = true;
			break;
		case 't':
			time = clock_option("-t", opts.arg);
			break;
		}
	}
	if (!stamp.names.count)
		opt_usage(&opts, "-c NAME is missing");
	clock_format(time, stamp.time);
	in = csvin_new(opts.argv, opts.argc, 0);
	out_stdout(&out);
	csvin_tie(in, &out);
	stamp_all(&stamp, in, &out, force);
	csvin_free(in);
	cols_release(&stamp.names);
	buf_release(&stamp.suffix);
	free(stamp.replace);
	return (int)out_finish(&out, STATUS_DONE);
}
