/* SPDX-License-Identifier: ISC */
/*
 * csv-gaps - what a series of times lacks
 *
 * Time series have holes, repeats and stray times; each is a record of the
 * output, so that the next tool can fetch, drop or mend just these.
 */
#include "clock.h"
#include "csvin.h"
#include "gaps_table.h"
#include "io.h"
#include "num.h"
#include "opt.h"

static const struct option_row options[] = {
    {'S', "since", "TIME", "only times at TIME or later, expected from there"},
    {'U', "until", "TIME", "only times at TIME or earlier, expected up to it"},
    {'c', "column", "COL", "the column of the times"},
    {'k', "key", "COL[,COL]", "the columns that tell the series apart"},
    {'m', "min-coverage", "SHARE", "status 1 if less is there: 0.999 or 99.9%"},
    {'s', "step", "STEP", "the interval: 30s, 15m, 1h, 1d, 1w, 1M ..."},
    {'t', "totals", NULL, "print one record for each key instead"},
};

static const struct tool tool = {
    .name = "csv-gaps",
    .synopsis = "[-t] [-S TIME] [-U TIME] [-k COL[,COL]] [-m SHARE]"
		" -c COL -s STEP [FILE...]",
    .summary = "find what is missing in CSV of times",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples =
	"csv-gaps -c open_time --step 1h -k symbol < klines.csv\n"
	"csv-gaps -c open_time --step 1h --totals --min-coverage 99.9% a.csv",
};

struct run {
	struct gaps_options gaps;
	int64_t least; /* coverage in millionths, or -1 */
};

static void
parse_options(struct run *run, struct opts *opts)
{
	struct gaps_options *gaps = &run->gaps;
	int letter;

	while ((letter = opt_next(opts)) != -1) {
		switch (letter) {
		case 'S':
			gaps->bounds.since = clock_option("-S", opts->arg);
			break;
		case 'U':
			gaps->bounds.until = clock_option("-U", opts->arg);
			break;
		case 'c':
			gaps->column = opts->arg;
			break;
		case 'k':
			cols_release(&gaps->key);
			cols_option(&gaps->key, "-k", opts->arg);
			break;
		case 'm':
			run->least = num_share_option("-m", opts->arg);
			break;
		case 's':
			gaps_step_option("-s", opts->arg, &gaps->step);
			break;
		case 't':
			gaps->totals = true;
			break;
		}
	}
}

int
main(int argc, char **argv)
{
	struct run run = {
	    .gaps = {.bounds = {INT64_MIN, INT64_MAX}, .step = {.length = -1}},
	    .least = -1,
	};
	enum status status = STATUS_DONE;
	struct gaps_table *table;
	struct buf reason = {0};
	struct opts opts;
	struct csvin *in;
	struct out out;

	opt_begin(&opts, &tool, argc, argv);
	parse_options(&run, &opts);
	if (!run.gaps.column)
		opt_usage(&opts, "-c COL is missing");
	if (run.gaps.step.length < 0)
		opt_usage(&opts, "-s STEP is missing");
	if (run.gaps.bounds.since > run.gaps.bounds.until)
		opt_usage(&opts, "-S is later than -U");
	in = csvin_new(opts.argv, opts.argc, 0);
	out_stdout(&out);
	csvin_tie(in, &out);
	table = gaps_table_xnew(&run.gaps);
	gaps_table_read(table, in, &out);
	if (run.least >= 0 && !gaps_table_covers(table, run.least, &reason)) {
		warning("%s", buf_text(&reason));
		status = STATUS_NO;
	}
	buf_release(&reason);
	gaps_table_free(table);
	csvin_free(in);
	cols_release(&run.gaps.key);
	return (int)out_finish(&out, status);
}
