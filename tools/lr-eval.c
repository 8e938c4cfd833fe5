/* SPDX-License-Identifier: ISC */
/*
 * lr-eval - metrics of predictions, and a gate on them
 *
 * The metrics are printed whatever the gate says; its word is the exit
 * status, so that a pipeline stops at a model that is not good enough.
 */
#include "csvin.h"
#include "evaluate.h"
#include "gate.h"
#include "io.h"
#include "json_out.h"
#include "opt.h"

static const struct option_row options[] = {
    {'G', "group", "COL", "metrics of each group of rows as well"},
    {'P', "previous", "FILE", "metrics of an earlier run, for the gate"},
    {'g', "gate", "FILE", "bounds that the metrics must keep"},
    {'p', "predicted", "COL", "the predictions; default: predicted_..."},
    {'y', "target", "COL", "the actual values"},
};

static const struct tool tool = {
    .name = "lr-eval",
    .synopsis = "[-G COL] [-g FILE [-P FILE]] [-p COL] -y COL [FILE...]",
    .summary = "print metrics of predictions in CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "lr-eval -y num_of_trades < predicted.csv\n"
		"lr-eval -y price -p guess --gate gate.json a.csv",
};

/* Prints the metrics, and the word of the gate if there is one. */
static enum status
report(struct evaluate *evaluate, const struct gate *gate)
{
	struct metric list[METRICS_COUNT];
	struct buf text = {0};
	struct json_out json = {.buf = &text, .lines = 1};
	enum status status = STATUS_DONE;
	struct out out;

	out_stdout(&out);
	metrics_report(&evaluate->whole, list);
	json_open(&json, '{');
	for (size_t i = 0; i < METRICS_COUNT; i++)
		json_pair_number(&json, list[i].name, list[i].value);
	if (gate->rules && gate_report(gate, list, METRICS_COUNT, &json))
		status = STATUS_NO;
	if (evaluate->group)
		grouped_report(&evaluate->grouped, &json);
	json_close(&json, '}');
	out_slice(&out, buf_slice(&text));
	buf_release(&text);
	return out_finish(&out, status);
}

/* What the options ask for. */
struct query {
	struct evaluate evaluate;
	const char *gate, *previous;
};

static void
read_options(struct opts *opts, struct query *query)
{
	int letter;

	while ((letter = opt_next(opts)) != -1) {
		switch (letter) {
		case 'G':
			query->evaluate.group = opts->arg;
			break;
		case 'P':
			query->previous = opts->arg;
			break;
		case 'g':
			query->gate = opts->arg;
			break;
		case 'p':
			query->evaluate.predicted = opts->arg;
			break;
		case 'y':
			query->evaluate.target = opts->arg;
			break;
		}
	}
	if (!query->evaluate.target)
		opt_usage(opts, "-y COL is missing");
	if (query->previous && !query->gate)
		opt_usage(opts, "-P without -g");
}

int
main(int argc, char **argv)
{
	struct query query = {0};
	struct buf predicted = {0}, error = {0};
	struct gate gate = {0};
	struct opts opts;
	struct csvin *in;
	enum status status;

	opt_begin(&opts, &tool, argc, argv);
	read_options(&opts, &query);
	if (query.gate && gate_read(&gate, query.gate, query.previous, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	buf_printf(&predicted, "predicted_%s", query.evaluate.target);
	if (!query.evaluate.predicted)
		query.evaluate.predicted = buf_text(&predicted);
	in = csvin_new(opts.argv, opts.argc, 0);
	evaluate_xread(&query.evaluate, in);
	status = report(&query.evaluate, &gate);
	csvin_free(in);
	gate_release(&gate);
	evaluate_release(&query.evaluate);
	buf_release(&predicted);
	buf_release(&error);
	return (int)status;
}
