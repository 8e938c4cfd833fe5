/* SPDX-License-Identifier: ISC */
/*
 * lr-predict - append a model's predictions
 *
 * The model names the columns it needs; all of them must be in the header
 * before the first record is written.
 */
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "csvin.h"
#include "io.h"
#include "model.h"
#include "num.h"
#include "opt.h"
#include "predict.h"

static const struct option_row options[] = {
    {'c', "column", "NAME", "name of the new column; default: predicted_..."},
    {'i', "interval", "prediction|confidence", "append NAME_low, NAME_high"},
    {'l', "level", "LEVEL", "of the interval; default: 0.95"},
    {'m', "model", "MODEL", "a file that lr-train wrote"},
    {'u', "unseen", "error|na", "a new level of a category; default: error"},
};

static const struct tool tool = {
    .name = "lr-predict",
    .synopsis = "[-c NAME] [-i prediction|confidence] [-l LEVEL] "
		"[-u error|na] -m MODEL [FILE...]",
    .summary = "append a linear regression's predictions to CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "lr-predict -m model.json < test.csv > predicted.csv\n"
		"lr-predict -m model.json -i prediction -c guess test.csv",
};

struct job {
	struct apply apply;
	const char *path; /* of the model */
	enum predict_interval interval;
	double level;
};

/* Which of two words an option has: false, or true for the second. */
static bool
second_of(char letter, const char *arg, const char *first, const char *second)
{
	if (strcmp(arg, first) && strcmp(arg, second))
		die(STATUS_TROUBLE, "-%c: '%s': want %s or %s", letter, arg,
		    first, second);
	return !strcmp(arg, second);
}

static void
take_option(struct job *job, int letter, const char *arg)
{
	switch (letter) {
	case 'c':
		job->apply.column = arg;
		break;
	case 'i':
		job->interval = second_of('i', arg, "prediction", "confidence")
				    ? PREDICT_CONFIDENCE
				    : PREDICT_PREDICTION;
		break;
	case 'l':
		if (num_double(slice_of(arg), &job->level) || job->level <= 0 ||
		    job->level >= 1)
			die(STATUS_TROUBLE, "-l: '%s' is not between 0 and 1",
			    arg);
		break;
	case 'm':
		job->path = arg;
		break;
	case 'u':
		job->apply.unseen_empty = second_of('u', arg, "error", "na");
		break;
	}
}

int
main(int argc, char **argv)
{
	struct job job = {.level = 0.95};
	struct model model;
	struct predict predict;
	struct buf error = {0}, name = {0};
	struct opts opts;
	struct csvin *in;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1)
		take_option(&job, letter, opts.arg);
	if (!job.path)
		opt_usage(&opts, "-m MODEL is missing");
	if (model_read(&model, job.path, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	if (predict_init(&predict, &model, job.interval, job.level, &error))
		die(STATUS_TROUBLE, "%s: %s", job.path, buf_text(&error));
	buf_printf(&name, "predicted_%s", model.target);
	if (!job.apply.column)
		job.apply.column = buf_text(&name);
	in = csvin_new(opts.argv, opts.argc, 0);
	out_stdout(&out);
	csvin_tie(in, &out);
	apply_x(&job.apply, &predict, in, &out);
	csvin_free(in);
	predict_release(&predict);
	model_release(&model);
	buf_release(&name);
	buf_release(&error);
	return (int)out_finish(&out, STATUS_DONE);
}
