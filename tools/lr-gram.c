/* SPDX-License-Identifier: ISC */
/*
 * lr-gram - sum up rows for a regression
 *
 * The sums are exact, so those of parts of the data add up to those of all of
 * it, in any order, byte for byte; lr-train fits models to them.
 */
#include <string.h>

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
    {'K', "folds", "K", "a state for each of K folds"},
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
    .synopsis = "[OPTION...] [FILE...]",
    .summary = "sum up CSV exactly, for regressions",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "lr-gram -x open,high -y close < klines.csv > all.state\n"
		"lr-gram --merge --minus old.state all.state > new.state",
};

struct job {
	struct feed feed;
	bool merge;
	char *minus;                          /* a path, or NULL */
	const struct gram_sql_engine *engine; /* or NULL */
	const char *table;
};

static bool
refuses_missing(const char *choice)
{
	if (strcmp(choice, "error") && strcmp(choice, "drop"))
		die(STATUS_TROUBLE, "-M: '%s': want error or drop", choice);
	return !strcmp(choice, "error");
}

static void
take_option(struct job *job, int letter, char *arg)
{
	switch (letter) {
	case 'B':
		fold_option(&job->feed.fold, "-B", arg);
		break;
	case 'K':
		job->feed.fold.count =
		    (uint16_t)num_option("-K", arg, 2, FOLD_MAX);
		break;
	case 'M':
		job->feed.refuse_missing = refuses_missing(arg);
		break;
	case 'E':
		job->engine = gram_sql_engine(arg);
		if (!job->engine)
			die(STATUS_TROUBLE,
			    "-E: '%s' is not sqlite, bigquery or duckdb", arg);
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
		design_option(&job->feed.design, letter, arg);
	}
}

static void
take_off(struct job *job, struct states *states)
{
	struct csvin *in = csvin_new(&job->minus, 1, 0);

	states_xread(states, in, true);
	csvin_free(in);
}

static void
emit(struct job *job, struct out *out)
{
	struct buf sql = {0}, error = {0};

	if (design_make(&job->feed.design, NULL, NULL, &error) ||
	    gram_sql(job->engine, &job->feed.design, job->table, &sql, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	out_slice(out, buf_slice(&sql));
	buf_release(&sql);
}

static void
sum_up(struct job *job, const struct opts *opts, struct out *out)
{
	struct states states = {0};
	struct buf error = {0};
	struct csvin *in = csvin_new(opts->argv, opts->argc,
	    job->feed.fold.by >= FOLD_TIME ? CSVIN_REWIND : 0);

	if (job->merge)
		states_xread(&states, in, false);
	else
		feed_xread(&job->feed, in, &states);
	csvin_free(in);
	if (job->minus)
		take_off(job, &states);
	if ((job->merge || job->minus) && states_check(&states, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
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
	if (!job.feed.fold.count != !job.feed.fold.by)
		opt_usage(&opts, "-K and -B go together");
	if (!job.engine != !job.table)
		opt_usage(&opts, "-E and -t go together");
	out_stdout(&out);
	if (job.engine)
		emit(&job, &out);
	else
		sum_up(&job, &opts, &out);
	feed_release(&job.feed);
	return (int)out_finish(&out, STATUS_DONE);
}
