/* SPDX-License-Identifier: ISC */
/*
 * lr-eval - metrics of predictions, and a gate on them
 *
 * The metrics are printed whatever the gate says; its word is the exit
 * status, so that a pipeline stops at a model that is not good enough.
 */
#include "cells.h"
#include "cols.h"
#include "csvin.h"
#include "gate.h"
#include "io.h"
#include "json_out.h"
#include "metrics.h"
#include "opt.h"

static const struct option_row options[] = {
    {'P', "previous", "FILE", "metrics of an earlier run, for the gate"},
    {'g', "gate", "FILE", "bounds that the metrics must keep"},
    {'p', "predicted", "COL", "the predictions; default: predicted_..."},
    {'y', "target", "COL", "the actual values"},
};

static const struct tool tool = {
    .name = "lr-eval",
    .synopsis = "[-g FILE [-P FILE]] [-p COL] -y COL [FILE...]",
    .summary = "print metrics of predictions in CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "lr-eval -y num_of_trades < predicted.csv\n"
		"lr-eval -y price -p guess --gate gate.json a.csv",
};

static void
read_rows(const char *target, const char *predicted, struct csvin *in,
    struct metrics *metrics)
{
	struct cols columns = {0};
	struct cells cells = {0};
	struct csvin_record row;

	cols_add(&columns, slice_of(target));
	cols_add(&columns, slice_of(predicted));
	cells_xheader(&cells, &columns, in);
	while (csvin_xnext(in, &row)) {
		cells_xread(&cells, in, &row);
		metrics_add(metrics, cells.values[0], cells.values[1]);
	}
	cells_release(&cells);
	cols_release(&columns);
}

/* Prints the metrics, and the word of the gate if there is one. */
static enum status
report(struct metrics *metrics, const struct gate *gate)
{
	struct metric list[METRICS_COUNT];
	struct buf text = {0};
	struct json_out json = {.buf = &text, .lines = 1};
	enum status status = STATUS_DONE;
	struct out out;

	out_stdout(&out);
	metrics_report(metrics, list);
	json_open(&json, '{');
	for (size_t i = 0; i < METRICS_COUNT; i++)
		json_pair_number(&json, list[i].name, list[i].value);
	if (gate->rules && gate_report(gate, list, METRICS_COUNT, &json))
		status = STATUS_NO;
	json_close(&json, '}');
	out_slice(&out, buf_slice(&text));
	buf_release(&text);
	return out_finish(&out, status);
}

/* What the options ask for. */
struct query {
	const char *target, *predicted, *gate, *previous;
};

static void
read_options(struct opts *opts, struct query *query)
{
	int letter;

	while ((letter = opt_next(opts)) != -1) {
		switch (letter) {
		case 'P':
			query->previous = opts->arg;
			break;
		case 'g':
			query->gate = opts->arg;
			break;
		case 'p':
			query->predicted = opts->arg;
			break;
		case 'y':
			query->target = opts->arg;
			break;
		}
	}
	if (!query->target)
		opt_usage(opts, "-y COL is missing");
	if (query->previous && !query->gate)
		opt_usage(opts, "-P without -g");
}

int
main(int argc, char **argv)
{
	struct query query = {0};
	struct metrics metrics = {0};
	struct buf predicted = {0}, error = {0};
	struct gate gate = {0};
	struct opts opts;
	struct csvin *in;
	enum status status;

	opt_begin(&opts, &tool, argc, argv);
	read_options(&opts, &query);
	if (query.gate && gate_read(&gate, query.gate, query.previous, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	buf_printf(&predicted, "predicted_%s", query.target);
	if (!query.predicted)
		query.predicted = buf_text(&predicted);
	in = csvin_new(opts.argv, opts.argc, 0);
	read_rows(query.target, query.predicted, in, &metrics);
	status = report(&metrics, &gate);
	csvin_free(in);
	gate_release(&gate);
	metrics_release(&metrics);
	buf_release(&predicted);
	buf_release(&error);
	return (int)status;
}
