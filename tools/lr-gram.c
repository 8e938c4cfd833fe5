/* SPDX-License-Identifier: ISC */
/*
 * lr-gram - sum up rows for a regression
 *
 * The sums are exact, so those of parts of the data add up to those of all of
 * it, in any order, byte for byte; lr-train fits models to them.
 */
#include "csvin.h"
#include "feed.h"
#include "gram_sql.h"
#include "io.h"
#include "num.h"
#include "opt.h"
#include "states.h"

static const struct option_row options[] = {
    {'B', "fold-by", "HOW", "hash:COL, time:COL or block"},
    {DESIGN_CAT},
    {'E', "emit-sql", "ENGINE", "print a query for sqlite, bigquery or duckdb"},
    {'K', "fold", "K", "a state for each of K folds"},
    {'M', "missing", "error|drop", "rows with a missing value; default: drop"},
    {DESIGN_CROSS},
    {'m', "merge", NULL, "read states and add them"},
    {DESIGN_POLY},
    {'s', "minus", "STATE", "take this state off"},
    {'t', "table", "DATASET.TABLE", "with -E, the table to sum up"},
    {DESIGN_WEIGHT},
    {DESIGN_X},
    {DESIGN_TARGET},
};

static const struct tool tool = {
    .name = "lr-gram",
    .synopsis =
	"[-x COL[,COL]|all] [-y COL] [-C COL]... [-c A*B]... [-p COL:DEG]... "
	"[-w COL] [-K K -B HOW] [-M error|drop] [-m] [-s STATE] "
	"[-E ENGINE -t DATASET.TABLE] [FILE...]",
    .summary = "sum up CSV exactly, for regressions",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "lr-gram -x open,high -y close < klines.csv > all.state\n"
		"lr-gram --merge --minus old.state all.state > new.state",
};

struct job {
	struct feed feed;
	bool columns; /* there are options that name some */
	bool merge;
	char *minus;                          /* a path, or NULL */
	const struct gram_sql_engine *engine; /* or NULL */
	const char *table;
};

static void
take_option(struct job *job, int letter, char *arg)
{
	switch (letter) {
	case 'B':
		fold_option(&job->feed.fold, "-B", arg);
		break;
	case 'E':
		job->engine = gram_sql_option("-E", arg);
		break;
	case 'K':
		job->feed.fold.count =
		    (uint16_t)num_option("-K", arg, 2, FOLD_MAX);
		break;
	case 'M':
		job->feed.refuse_missing = feed_missing_option("-M", arg);
		break;
	case 'm':
		job->merge = true;
		break;
	case 's':
		job->minus = arg;
		break;
	case 't':
		job->table = arg;
		break;
	default:
		job->columns = design_option(&job->feed.design, letter, arg);
	}
}

/* A job is to read rows, to read states, or to print a query. */
static void
check_usage(const struct job *job, const struct opts *opts)
{
	const struct fold *fold = &job->feed.fold;
	bool reads = opts->argc || job->minus || fold->by;

	if (!fold->count != !fold->by)
		opt_usage(opts, "-K and -B go together");
	if (!job->engine != !job->table)
		opt_usage(opts, "-E and -t go together");
	if (job->merge == job->columns || (job->merge && fold->by))
		opt_usage(opts, "want columns to sum up, or -m and states");
	if (job->engine && reads)
		opt_usage(opts, "-E reads nothing");
}

static void
sum_up(struct job *job, const struct opts *opts, struct out *out)
{
	struct states states = {0};
	unsigned flags = fold_needs_count(&job->feed.fold) ? CSVIN_REWIND : 0;
	struct csvin *in = csvin_new(opts->argv, opts->argc, flags);

	if (job->merge)
		states_xread(&states, in, false);
	else
		feed_xread(&job->feed, in, &states);
	csvin_free(in);
	if (job->minus) {
		in = csvin_new(&job->minus, 1, 0);
		states_xread(&states, in, true);
		csvin_free(in);
	}
	states_xcheck(&states);
	states_write(&states, out);
	states_release(&states);
}

int
main(int argc, char **argv)
{
	struct job job = {0};
	struct opts opts;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1)
		take_option(&job, letter, opts.arg);
	check_usage(&job, &opts);
	out_stdout(&out);
	if (job.engine)
		gram_sql_xwrite(job.engine, &job.feed.design, job.table, &out);
	else
		sum_up(&job, &opts, &out);
	feed_release(&job.feed);
	return (int)out_finish(&out, STATUS_DONE);
}
