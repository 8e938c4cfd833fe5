/* SPDX-License-Identifier: ISC */
#include "apply.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cols.h"
#include "csvout.h"

static const char *const suffixes[] = {"", "_low", "_high"};

static void
write_header(const struct apply *apply, const struct predict *predict,
    struct csvin *in, const struct csvin_record *header, struct out *out)
{
	size_t count = predict->interval ? 3 : 1;
	struct cols present = {0}, new = {0};

	cols_from_header(&present, in, header);
	for (size_t i = 0; i < count; i++) {
		struct buf name = {0};

		buf_printf(&name, "%s%s", apply->column, suffixes[i]);
		if (cols_find(&present, buf_slice(&name)) >= 0)
			csvin_die(
			    in, header, "column '%s' exists", buf_text(&name));
		cols_add(&new, buf_slice(&name));
		buf_release(&name);
	}
	out_write(out, header->data, header->len);
	for (size_t i = 0; i < count; i++) {
		out_putc(out, ',');
		csvout_value(out, slice_of(new.names[i]));
	}
	out_putc(out, '\n');
	cols_release(&present);
	cols_release(&new);
}

/* The fields of the model's columns; the caller frees. */
static size_t *
find_fields(const struct model *model, struct csvin *in,
    const struct csvin_record *header)
{
	size_t *fields = xcalloc(model->ncolumns + 1, sizeof(*fields));
	struct cols present = {0};

	cols_from_header(&present, in, header);
	for (size_t i = 0; i < model->ncolumns; i++)
		fields[i] = cols_require(&present, in, model->columns[i].name);
	cols_release(&present);
	return fields;
}

static void
refuse(const struct apply *apply, const struct predict *predict,
    enum predict_result result, struct csvin *in,
    const struct csvin_record *row, struct slice value)
{
	const char *column = predict->model->columns[predict->column].name;

	if (result == PREDICT_BAD_VALUE)
		csvin_die(in, row, "column '%s': '%.*s' is not a number",
		    column, (int)value.len, value.data);
	if (result == PREDICT_UNSEEN && !apply->unseen_empty)
		csvin_die(in, row, "column '%s': '%.*s' was not in training",
		    column, (int)value.len, value.data);
}

static void
write_row(const struct csvin_record *row, const struct predict *predict,
    struct out *out)
{
	out_write(out, row->data, row->len);
	out_putc(out, ',');
	out_slice(out, buf_slice(&predict->value));
	if (predict->interval) {
		out_putc(out, ',');
		out_slice(out, buf_slice(&predict->low));
		out_putc(out, ',');
		out_slice(out, buf_slice(&predict->high));
	}
	out_putc(out, '\n');
}

static void
warn_outside(const struct predict *predict)
{
	struct buf text = {0};

	for (size_t i = 0; i < predict->model->ncolumns; i++) {
		if (predict->outside_of[i])
			buf_printf(&text, "%s'%s' (%" PRIu64 ")",
			    text.len ? ", " : "",
			    predict->model->columns[i].name,
			    predict->outside_of[i]);
	}
	if (text.len)
		warning("%" PRIu64 " of %" PRIu64
			" predictions are outside the trained range: %s",
		    predict->outside, predict->rows, buf_text(&text));
	buf_release(&text);
}

void
apply_x(const struct apply *apply, struct predict *predict, struct csvin *in,
    struct out *out)
{
	const struct model *model = predict->model;
	struct slice *values = xcalloc(model->ncolumns + 1, sizeof(*values));
	struct csvin_record row;
	size_t *fields;

	if (!csvin_xnext(in, &row)) {
		free(values);
		return;
	}
	fields = find_fields(model, in, &row);
	write_header(apply, predict, in, &row, out);
	while (csvin_xnext(in, &row)) {
		enum predict_result result;

		for (size_t i = 0; i < model->ncolumns; i++)
			values[i] =
			    csvin_value(in, csvin_field(&row, fields[i]));
		result = predict_row(predict, values);
		if (result > PREDICT_MISSING)
			refuse(apply, predict, result, in, &row,
			    values[predict->column]);
		write_row(&row, predict, out);
	}
	warn_outside(predict);
	free(values);
	free(fields);
}
