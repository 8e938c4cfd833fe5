/* SPDX-License-Identifier: ISC */
/*
 * lr-train - fit a linear regression
 *
 * The rows are summed up exactly and not kept, so that any amount of them
 * will do; or the sums come from lr-gram.
 */

#include "csvin.h"
#include "feed.h"
#include "io.h"
#include "num.h"
#include "opt.h"
#include "states.h"
#include "train.h"

static const struct option_row options[] = {
    {'B', "fold-by", "HOW", "hash:COL, time:COL or block"},
    {DESIGN_CAT},
    {'I', "no-intercept", NULL, "fit without a constant term"},
    {'K', "folds", "K", "cross-validate over K folds of the rows"},
    {'M', "missing", "error|drop", "rows with a missing value; default: drop"},
    {'N', "no-cov", NULL, "leave out what intervals of predictions need"},
    {'S', "strict", NULL, "near-collinearity is an error"},
    {DESIGN_CROSS},
    {'f', "from-state", NULL, "read sums of lr-gram instead of rows"},
    {'l', "level", "LEVEL", "of confidence intervals; default: 0.95"},
    {DESIGN_POLY},
    {'r', "ridge", "L[,L]", "hold coefficients back; of several, the best"},
    {'s', "select", "aic|bic", "leave out what the criterion does not want"},
    {DESIGN_WEIGHT},
    {DESIGN_X},
    {DESIGN_TARGET},
};

static const struct tool tool = {
    .name = "lr-train",
    .synopsis = "[-I] -y COL [-x COL[,COL]|all] [OPTION...] [FILE...]",
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

static void
take_option(struct job *job, int letter, char *arg)
{
	if (train_option(&job->train, letter, arg) ||
	    design_option(&job->feed.design, letter, arg))
		return;
	switch (letter) {
	case 'B':
		fold_option(&job->feed.fold, "-B", arg);
		break;
	case 'K':
		job->feed.fold.count =
		    (uint16_t)num_option("-K", arg, 2, FOLD_MAX);
		break;
	case 'M':
		job->feed.refuse_missing = feed_missing_option("-M", arg);
		break;
	case 'f':
		job->from_state = true;
		break;
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
	if (!job.feed.fold.count != !job.feed.fold.by)
		opt_usage(&opts, "-K and -B go together");
	if (job.from_state && (job.feed.fold.by || job.feed.design.weight))
		opt_usage(&opts, "-f: states have folds and weights already");
	job.feed.ranges = &job.train.ranges;
	in = csvin_new(opts.argv, opts.argc,
	    job.feed.fold.by >= FOLD_TIME ? CSVIN_REWIND : 0);
	out_stdout(&out);
	if (job.from_state)
		states_xread(&states, in, false);
	else
		feed_xread(&job.feed, in, &states);
	csvin_free(in);
	train_xmodel(&job.train, &job.feed.design, &states, &model);
	out_slice(&out, buf_slice(&model));
	ranges_release(&job.train.ranges);
	cols_release(&job.train.lambdas);
	feed_release(&job.feed);
	states_release(&states);
	buf_release(&model);
	return (int)out_finish(&out, STATUS_DONE);
}
