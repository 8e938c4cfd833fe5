/* SPDX-License-Identifier: ISC */
/*
 * csv-dedup - keep one record for each key
 *
 * What is done with the records, and in how much memory, is in dedup.h.
 */
#include "dedup.h"
#include "distinct.h"
#include "json_out.h"
#include "num.h"
#include "opt.h"

static const struct option_row options[] = {
    {'K', "keep", "WHICH", "first (default), last, max:COL or min:COL"},
    {'M', "memory", "SIZE", "use disk beyond so much memory, as 256M"},
    {'R', "report", "FILE", "write the counts of records there, as JSON"},
    {'d', "dups", "FILE", "write the dropped records there"},
    {'k', "key", "COL[,COL]", "the columns that make the key"},
};

static const struct tool tool = {
    .name = "csv-dedup",
    .synopsis =
	"[-K WHICH] [-M SIZE] [-R FILE] [-d FILE] -k COL[,COL] [FILE...]",
    .summary = "keep one record for each key of CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "csv-dedup -k open_time < klines.csv\n"
		"csv-dedup -k symbol,open_time --keep max:updated_at a.csv",
};

struct run {
	struct dedup_plan plan;
	const char *dups_path, *report_path; /* or NULL */
};

/* What the program takes beside its memory of keys: buffers, and itself. */
static const size_t overhead = (size_t)8 << 20;

static void
parse(struct run *run, struct opts *opts)
{
	int letter;

	while ((letter = opt_next(opts)) != -1) {
		switch (letter) {
		case 'K':
			run->plan.winners.keep =
			    keep_option("-K", opts->arg, &run->plan.by);
			break;
		case 'M':
			run->plan.winners.limit =
			    num_size_option("-M", opts->arg, 2 * overhead) -
			    overhead;
			break;
		case 'R':
			run->report_path = opts->arg;
			break;
		case 'd':
			run->dups_path = opts->arg;
			break;
		case 'k':
			cols_release(&run->plan.key);
			cols_option(&run->plan.key, "-k", opts->arg);
			break;
		}
	}
	if (!run->plan.key.count)
		opt_usage(opts, "-k COL is missing");
	run->plan.winners.compare = run->report_path != NULL;
}

static void
check_paths(const struct run *run, const struct opts *opts)
{
	struct distinct files = {0};

	distinct_inputs(&files, opts->argv, opts->argc);
	distinct_xstdout(&files);
	distinct_xoutput(&files, run->dups_path);
	distinct_xoutput(&files, run->report_path);
	distinct_release(&files);
}

static void
write_report(const char *path, struct winners_counts counts)
{
	struct buf text = {0};
	struct json_out json = {.buf = &text};
	uint64_t kept = counts.rows - counts.duplicates;
	struct out out;

	json_open(&json, '{');
	json_pair_int(&json, "rows", (int64_t)counts.rows);
	json_pair_int(&json, "kept", (int64_t)kept);
	json_pair_int(&json, "exact", (int64_t)counts.exact);
	json_pair_int(
	    &json, "conflicting", (int64_t)(counts.duplicates - counts.exact));
	json_close(&json, '}');
	out_xfile(&out, path);
	out_slice(&out, buf_slice(&text));
	out_xcommit(&out);
	buf_release(&text);
}

int
main(int argc, char **argv)
{
	struct run run = {0};
	struct winners_counts counts;
	struct opts opts;
	struct csvin *in;
	struct out out, dups;

	opt_begin(&opts, &tool, argc, argv);
	parse(&run, &opts);
	check_paths(&run, &opts);
	if (run.dups_path)
		out_xfile(&dups, run.dups_path);
	in = csvin_new(opts.argv, opts.argc, dedup_flags(&run.plan));
	out_stdout(&out);
	csvin_tie(in, &out);
	counts = dedup_xrun(&run.plan, in, &out, run.dups_path ? &dups : NULL);
	csvin_free(in);
	cols_release(&run.plan.key);
	if (run.dups_path)
		out_xcommit(&dups);
	if (run.report_path)
		write_report(run.report_path, counts);
	return (int)out_finish(&out, STATUS_DONE);
}
