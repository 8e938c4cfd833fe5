/* SPDX-License-Identifier: ISC */
/*
 * lr-eval - metrics of predictions, and a gate on them
 *
 * The metrics are printed whatever the gate says; its word is the exit
 * status, so that a pipeline stops at a model that is not good enough.
 */
#include <math.h>

#include "cells.h"
#include "cols.h"
#include "csvin.h"
#include "gate.h"
#include "io.h"
#include "json.h"
#include "json_out.h"
#include "metrics.h"
#include "opt.h"

static const struct option_row options[] = {
    {'g', "gate", "FILE", "bounds that the metrics must keep"},
    {'p', "predicted", "COL", "the predictions; default: predicted_..."},
    {'y', "target", "COL", "the actual values"},
};

static const struct tool tool = {
    .name = "lr-eval",
    .synopsis = "[-g FILE] [-p COL] -y COL [FILE...]",
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

/* Adds the gate's word to the report and returns it as a status. */
static enum status
judge(struct json *gate, const char *path, const struct metric *list,
    struct json_out *json)
{
	struct cols failures = {0};
	enum status status;

	gate_check(gate, list, METRICS_COUNT, &failures);
	status = failures.count ? STATUS_NO : STATUS_DONE;
	json_pair_text(json, "gate", failures.count ? "fail" : "pass");
	json_key(json, "failed");
	json_open(json, '[');
	for (size_t i = 0; i < failures.count; i++) {
		json_put_string(json, slice_of(failures.names[i]));
		warning("%s: %s", io_name(path), failures.names[i]);
	}
	json_close(json, ']');
	cols_release(&failures);
	return status;
}

/* Prints the metrics, and the word of the gate if there is one. */
static enum status
report(struct metrics *metrics, struct json *gate, const char *path,
    struct out *out)
{
	struct metric list[METRICS_COUNT];
	struct buf text = {0};
	struct json_out json = {.buf = &text, .lines = 1};
	enum status status = STATUS_DONE;

	metrics_report(metrics, list);
	json_open(&json, '{');
	for (size_t i = 0; i < METRICS_COUNT; i++)
		json_pair_number(&json, list[i].name, list[i].value);
	if (gate)
		status = judge(gate, path, list, &json);
	json_close(&json, '}');
	out_slice(out, buf_slice(&text));
	buf_release(&text);
	return status;
}

int
main(int argc, char **argv)
{
	const char *target = NULL, *path = NULL;
	struct metrics metrics = {0};
	struct buf predicted = {0}, error = {0};
	struct json *gate = NULL;
	struct opts opts;
	struct csvin *in;
	struct out out;
	enum status status;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		switch (letter) {
		case 'g':
			path = opts.arg;
			break;
		case 'p':
			buf_clear(&predicted);
			buf_puts(&predicted, opts.arg);
			break;
		case 'y':
			target = opts.arg;
			break;
		}
	}
	if (!target)
		opt_usage(&opts, "-y COL is missing");
	if (path && !(gate = gate_read(path, &error)))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	if (!predicted.len)
		buf_printf(&predicted, "predicted_%s", target);
	in = csvin_new(opts.argv, opts.argc, 0);
	out_stdout(&out);
	read_rows(target, buf_text(&predicted), in, &metrics);
	status = report(&metrics, gate, path, &out);
	csvin_free(in);
	json_free(gate);
	metrics_release(&metrics);
	buf_release(&predicted);
	buf_release(&error);
	return (int)out_finish(&out, status);
}
