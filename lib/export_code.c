/* SPDX-License-Identifier: ISC */
#include "export.h"

static void
put_levels(const struct model *model, const char *column, struct buf *out)
{
	const struct cols *levels =
	    &model->columns[model_column(model, column)].levels;

	for (size_t i = 0; i < levels->count; i++) {
		buf_puts(out, i ? ", " : "");
		export_quote(levels->names[i], '"', '\\', out);
	}
}

static void
r_factor(const struct model *model, const struct term_factor *factor,
    struct buf *out)
{
	if (!factor->level) {
		buf_puts(out, " * rows[[");
		export_quote(factor->column, '"', '\\', out);
		buf_puts(out, "]]");
		if (factor->power > 1)
			buf_printf(out, "^%d", factor->power);
		return;
	}
	buf_puts(out, " * level(rows[[");
	export_quote(factor->column, '"', '\\', out);
	buf_puts(out, "]], ");
	export_quote(factor->level, '"', '\\', out);
	buf_puts(out, ", c(");
	put_levels(model, factor->column, out);
	buf_puts(out, "))");
}

void
export_r(const struct export_task *task, struct buf *out)
{
	const struct model *model = task->model;

	buf_puts(out, "# Predictions for the rows of a data frame, in double "
		      "precision.\n"
		      "predict_rows <- function(rows) {\n"
		      "  level <- function(x, of, all) "
		      "ifelse(x %in% all, as.numeric(x == of), NA)\n"
		      "  rep(0, nrow(rows))");
	for (size_t i = 0; i < model->count; i++) {
		const struct model_term *term = &model->terms[i];

		buf_printf(out, " +\n    %s", term->text);
		for (size_t k = 0; k < term->term.count; k++)
			r_factor(model, &term->term.factors[k], out);
	}
	buf_puts(out, "\n}\n");
}

static void
python_factor(const struct model *model, const struct term_factor *factor,
    struct buf *out)
{
	buf_puts(out, factor->level ? " * level(" : " * number(");
	export_quote(factor->column, '"', '\\', out);
	if (factor->level) {
		buf_puts(out, ", ");
		export_quote(factor->level, '"', '\\', out);
		buf_puts(out, ", [");
		put_levels(model, factor->column, out);
		buf_putc(out, ']');
	}
	buf_putc(out, ')');
	if (factor->power > 1)
		buf_printf(out, " ** %d", factor->power);
}

void
export_python(const struct export_task *task, struct buf *out)
{
	const struct model *model = task->model;

	buf_puts(out,
	    "from decimal import Decimal, localcontext\n\n\n"
	    "def predict_row(row):\n"
	    "    \"\"\"The prediction for a mapping of columns to values, to "
	    "17 digits.\"\"\"\n"
	    "    def number(column):\n"
	    "        return Decimal(str(row[column]))\n\n"
	    "    def level(column, of, levels):\n"
	    "        if row[column] not in levels:\n"
	    "            raise ValueError(f\"{column}: {row[column]!r} was not "
	    "in training\")\n"
	    "        return row[column] == of\n\n"
	    "    with localcontext() as context:\n"
	    "        context.prec = 1000\n"
	    "        value = Decimal(0)\n");
	for (size_t i = 0; i < model->count; i++) {
		const struct model_term *term = &model->terms[i];

		buf_printf(out, "        value += Decimal(\"%s\")", term->text);
		for (size_t k = 0; k < term->term.count; k++)
			python_factor(model, &term->term.factors[k], out);
		buf_putc(out, '\n');
	}
	buf_puts(out, "        context.prec = 17\n        return +value\n");
}
