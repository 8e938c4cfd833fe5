/* SPDX-License-Identifier: ISC */
/*
 * csv-stamp - append constant time columns
 *
 * The time is fixed before the first record, so all records of one run carry
 * the same stamp.
 */
#include <stdlib.h>

#include "append.h"
#include "clock.h"
#include "cols.h"
#include "csvin.h"
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

struct stamp {
	struct cols names;
	size_t *replace; /* the columns to replace, in order */
	size_t nreplace;
	struct append append;
	char time[CLOCK_SIZE];
};

/* Sorts the names into those that exist and those to append. */
static void
plan(struct stamp *stamp, struct csvin *in, const struct csvin_record *header,
    bool force)
{
	struct cols present = {0};

	cols_from_header(&present, in, header);
	append_clear(&stamp->append);
	stamp->replace = xcalloc(stamp->names.count, sizeof(size_t));
	for (size_t i = 0; i < header->nfields; i++) {
		if (cols_find(&stamp->names, slice_of(present.names[i])) >= 0)
			stamp->replace[stamp->nreplace++] = i;
	}
	for (size_t i = 0; i < stamp->names.count; i++) {
		struct slice name = slice_of(stamp->names.names[i]);

		if (cols_find(&present, name) < 0) {
			append_value(&stamp->append, name);
		} else if (!force) {
			csvin_die(in, header,
			    "column '%s' exists; -f overwrites it", name.data);
		}
	}
	cols_release(&present);
}

/* Writes record i with the time in the place of what is replaced. */
static void
write_row(const struct stamp *stamp, const struct csvin_batch *batch, size_t i,
    struct out *out)
{
	struct slice record = csvin_batch_slice(batch, i);
	const char *from = record.data;

	for (size_t j = 0; j < stamp->nreplace; j++) {
		struct slice field =
		    csvin_batch_field(batch, i, stamp->replace[j]);

		out_write(out, from, (size_t)(field.data - from));
		out_puts(out, stamp->time);
		from = field.data + field.len;
	}
	record.len -= (size_t)(from - record.data);
	record.data = from;
	append_record(&stamp->append, record, out);
}

static void
stamp_all(struct stamp *stamp, struct csvin *in, struct out *out, bool force)
{
	struct csvin_record header;
	struct csvin_batch batch;

	if (!csvin_xnext(in, &header))
		return;
	plan(stamp, in, &header, force);
	append_record(&stamp->append, csvin_bytes(&header), out);
	append_clear(&stamp->append);
	for (size_t i = stamp->nreplace; i < stamp->names.count; i++)
		append_value(&stamp->append, slice_of(stamp->time));
	while (csvin_xnext_batch(in, &batch)) {
		if (!stamp->nreplace)
			append_batch(&stamp->append, &batch, out);
		for (size_t i = 0; stamp->nreplace && i < batch.nrecords; i++)
			write_row(stamp, &batch, i, out);
	}
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
	in = csvin_new(opts.argv, opts.argc, force ? 0 : CSVIN_RECORDS);
	out_stdout(&out);
	csvin_tie(in, &out);
	stamp_all(&stamp, in, &out, force);
	csvin_free(in);
	cols_release(&stamp.names);
	append_release(&stamp.append);
	free(stamp.replace);
	return (int)out_finish(&out, STATUS_DONE);
}
