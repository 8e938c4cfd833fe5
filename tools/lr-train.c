/* SPDX-License-Identifier: ISC */
/*
 * lr-train - fit a linear regression
 *
 * The rows are summed up exactly and not kept, so that any amount of them
 * will do; or the sums come from lr-gram.
 */
#include <string.h>

#include "csvin.h"
#include "feed.h"
#include "io.h"
#include "num.h"
#include "opt.h"
#include "states.h"
#include "train.h"

static const struct option_row options[] = {
    {DESIGN_CAT},
    {'I', "no-intercept", NULL, "fit without a constant term"},
    {'M', "missing", "error|drop", "rows with a missing value; default: drop"},
    {'N', "no-cov", NULL, "leave out what intervals of predictions need"},
    {'S', "strict", NULL, "near-collinearity is an error"},
    {DESIGN_CROSS},
    {'f', "from-state", NULL, "read sums of lr-gram instead of rows"},
    {'l', "level", "LEVEL", "of confidence intervals; default: 0.95"},
    {DESIGN_POLY},
    {DESIGN_WEIGHT},
    {DESIGN_X},
    {DESIGN_TARGET},
};

static const struct tool tool = {
    .name = "lr-train",
    .synopsis = "[OPTION...] -y COL -x COL[,COL]|all [FILE...]",
    .summary = "fit a linear regression to CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples =
	"lr-train -y num_of_trades -x volume,range < train.csv > model.json\n"
	"cat *.state | lr-train --from-state -y close -x all > model.json",
};

struct job {
	struct feed feed;
	struct train train;
	bool from_state;
};

static bool
refuses_missing(const char *choice)
{
	if (strcmp(choice, "error") && strcmp(choice, "drop"))
		die(STATUS_TROUBLE, "-M: '%s': want error or drop", choice);
	return !strcmp(choice, "error");
}

static double
level_option(const char *text)
{
	double level;

	if (num_double(slice_of(text), &level) || level <= 0 || level >= 1)
		die(STATUS_TROUBLE, "-l: '%s' is not between 0 and 1", text);
	return level;
}

static void
take_option(struct job *job, int letter, char *arg)
{
	switch (letter) {
	case 'I':
		job->train.intercept = false;
		break;
	case 'M':
		job->feed.refuse_missing = refuses_missing(arg);
		break;
	case 'N':
		job->train.white = false;
		break;
	case 'S':
		job->train.strict = true;
		break;
	case 'f':
		job->from_state = true;
		break;
	case 'l':
		job->train.level = level_option(arg);
		break;
	default:
		design_option(&job->feed.design, letter, arg);
	}
}

int
main(int argc, char **argv)
{
	struct job job = {.train = {.tool = "lr-train " SLUICE_VERSION,
			      .intercept = true,
			      .white = true,
			      .level = 0.95}};
	struct states states = {0};
	struct buf model = {0};
	struct opts opts;
	struct csvin *in;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1)
		take_option(&job, letter, opts.arg);
	if (!job.feed.design.target)
		opt_usage(&opts, "-y COL is missing");
	job.feed.ranges = &job.train.ranges;
	in = csvin_new(opts.argv, opts.argc, 0);
	out_stdout(&out);
	if (job.from_state)
		states_xread(&states, in, false);
	else
		feed_xread(&job.feed, in, &states);
	csvin_free(in);
	train_xmodel(&job.train, &job.feed.design, &states, &model);
	out_slice(&out, buf_slice(&model));
	ranges_release(&job.train.ranges);
	feed_release(&job.feed);
	states_release(&states);
	buf_release(&model);
	return (int)out_finish(&out, STATUS_DONE);
}
