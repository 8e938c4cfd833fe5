/* SPDX-License-Identifier: ISC */
/*
 * lr-train - fit a linear regression
 *
 * The rows are read once and not kept, so that any amount of them will do.
 */
#include <string.h>

#include "cells.h"
#include "cols.h"
#include "csvin.h"
#include "io.h"
#include "model.h"
#include "ols_old.h"
#include "opt.h"

static const struct option_row options[] = {
    {'I', "no-intercept", NULL, "fit without a constant term"},
    {'M', "missing", "error|drop", "rows with a missing value; default: drop"},
    {'x', "features", "COL[,COL]", "the columns to predict from"},
    {'y', "target", "COL", "the column to predict"},
};

static const struct tool tool = {
    .name = "lr-train",
    .synopsis = "[-I] [-M error|drop] -y COL -x COL[,COL] [FILE...]",
    .summary = "fit a linear regression to CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples =
	"lr-train -y num_of_trades -x volume,range < train.csv > model.json\n"
	"lr-train -I -M error -y distance -x time runs.csv",
};

struct training {
	struct cols columns; /* the features, and the target behind them */
	struct model_origin from;
	bool intercept;
	bool refuse_missing;
};

static bool
refuses_missing(const char *choice)
{
	if (strcmp(choice, "error") && strcmp(choice, "drop"))
		die(STATUS_TROUBLE, "-M: '%s': want error or drop", choice);
	return !strcmp(choice, "error");
}

static void
add_target(struct training *training)
{
	const char *target = training->from.target;

	if (cols_find(&training->columns, slice_of(target)) >= 0)
		die(STATUS_TROUBLE, "'%s' is both -x and -y", target);
	cols_add(&training->columns, slice_of(target));
	for (size_t i = 0; i < training->columns.count; i++)
		model_xname(training->columns.names[i]);
}

static void
read_rows(struct training *training, struct csvin *in, struct oldols *ols)
{
	struct cells cells = {0};
	struct csvin_record row;

	if (!csvin_xnext(in, &row))
		return;
	cells_require(&cells, &training->columns, in, &row);
	while (csvin_xnext(in, &row)) {
		const char *missing = cells_xread(&cells, in, &row);

		if (missing && training->refuse_missing)
			csvin_die(in, &row, "column '%s' is empty", missing);
		if (missing)
			training->from.missing++;
		else
			oldols_add(ols, cells.values,
			    cells.values[training->columns.count - 1]);
	}
	cells_release(&cells);
}

static void
write_model(const struct training *training, struct oldols *ols, struct out *out)
{
	const struct model_origin *from = &training->from;
	struct oldols_fit fit;
	struct buf text = {0};

	if (oldols_solve(ols, &fit, &text))
		die(STATUS_TROUBLE, "cannot fit '%s': %s", from->target,
		    buf_text(&text));
	for (size_t i = fit.intercept; i < fit.columns; i++) {
		if (fit.dropped[i])
			warning("column '%s' depends on others: dropped",
			    from->columns->names[i - fit.intercept]);
	}
	model_write(&text, &fit, from);
	out_slice(out, buf_slice(&text));
	oldols_fit_release(&fit);
	buf_release(&text);
}

int
main(int argc, char **argv)
{
	struct training training = {
	    .from = {.tool = "lr-train " SLUICE_VERSION,
		.columns = &training.columns},
	    .intercept = true,
	};
	struct opts opts;
	struct csvin *in;
	struct oldols *ols;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		switch (letter) {
		case 'I':
			training.intercept = false;
			break;
		case 'M':
			training.refuse_missing = refuses_missing(opts.arg);
			break;
		case 'x':
			cols_release(&training.columns);
			cols_option(&training.columns, "-x", opts.arg);
			break;
		case 'y':
			training.from.target = opts.arg;
			break;
		}
	}
	if (!training.from.target || !training.columns.count)
		opt_usage(&opts, "-y COL and -x COL are needed");
	add_target(&training);
	in = csvin_new(opts.argv, opts.argc, 0);
	out_stdout(&out);
	ols = oldols_new(training.columns.count - 1, training.intercept);
	read_rows(&training, in, ols);
	csvin_free(in);
	write_model(&training, ols, &out);
	oldols_free(ols);
	cols_release(&training.columns);
	return (int)out_finish(&out, STATUS_DONE);
}
