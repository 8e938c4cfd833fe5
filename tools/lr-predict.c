/* SPDX-License-Identifier: ISC */
/*
 * lr-predict - append a model's predictions
 *
 * The model names the columns it needs; all of them must be in the header
 * before the first record is written.
 */
#include <math.h>

#include "cells.h"
#include "cols.h"
#include "csvin.h"
#include "csvout.h"
#include "io.h"
#include "model.h"
#include "num.h"
#include "opt.h"

static const struct option_row options[] = {
    {'c', "column", "NAME", "name of the new column; default: predicted_..."},
    {'m', "model", "MODEL", "a file that lr-train wrote"},
};

static const struct tool tool = {
    .name = "lr-predict",
    .synopsis = "[-c NAME] -m MODEL [FILE...]",
    .summary = "append a linear regression's predictions to CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "lr-predict -m model.json < test.csv > predicted.csv\n"
		"lr-predict -m model.json -c guess test.csv",
};

static void
write_header(const char *name, struct csvin *in,
    const struct csvin_record *header, struct out *out)
{
	struct cols present = {0};

	cols_from_header(&present, in, header);
	if (cols_find(&present, slice_of(name)) >= 0)
		csvin_die(in, header, "column '%s' exists", name);
	cols_release(&present);
	out_write(out, header->data, header->len);
	out_putc(out, ',');
	csvout_value(out, slice_of(name));
	out_putc(out, '\n');
}

static void
write_row(const struct csvin_record *row, double prediction, struct out *out)
{
	char text[NUM_SIZE] = "";

	if (!isnan(prediction))
		num_format(prediction, text);
	out_write(out, row->data, row->len);
	out_putc(out, ',');
	out_puts(out, text);
	out_putc(out, '\n');
}

static void
predict(const struct model *model, const char *name, struct csvin *in,
    struct out *out)
{
	struct cells cells = {0};
	struct csvin_record row;

	if (!csvin_xnext(in, &row))
		return;
	cells_require(&cells, &model->columns, in, &row);
	write_header(name, in, &row, out);
	while (csvin_xnext(in, &row)) {
		double prediction = NAN;

		if (!cells_xread(&cells, in, &row)) {
			prediction = model_predict(model, cells.values);
			if (!isfinite(prediction))
				csvin_die(in, &row, "prediction overflows");
		}
		write_row(&row, prediction, out);
	}
	cells_release(&cells);
}

int
main(int argc, char **argv)
{
	struct model model;
	struct opts opts;
	struct buf name = {0}, error = {0};
	const char *path = NULL;
	struct csvin *in;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		switch (letter) {
		case 'c':
			buf_clear(&name);
			buf_puts(&name, opts.arg);
			break;
		case 'm':
			path = opts.arg;
			break;
		}
	}
	if (!path)
		opt_usage(&opts, "-m MODEL is missing");
	if (model_read(&model, path, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	if (!name.len)
		buf_printf(&name, "predicted_%s", model.target);
	in = csvin_new(opts.argv, opts.argc, 0);
	out_stdout(&out);
	csvin_tie(in, &out);
	predict(&model, buf_text(&name), in, &out);
	csvin_free(in);
	model_release(&model);
	buf_release(&name);
	buf_release(&error);
	return (int)out_finish(&out, STATUS_DONE);
}
