/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "decimal.h"
#include "export.h"

/* How a dialect of SQL spells names, texts and exact arithmetic. */
struct dialect {
	const char *remark;
	char name_quote, name_escape;
	char text_quote, text_escape;
	void (*number)(
	    const struct dialect *dialect, const char *column, struct buf *out);
	void (*constant)(const char *text, struct buf *out);
	/* around and between two operands */
	const char *times[3];
	const char *plus[3];
};

static void
put_name(const struct dialect *dialect, const char *name, struct buf *out)
{
	export_quote(name, dialect->name_quote, dialect->name_escape, out);
}

static void
put_text(const struct dialect *dialect, const char *text, struct buf *out)
{
	export_quote(text, dialect->text_quote, dialect->text_escape, out);
}

/* 1 at the level, 0 at the others of training, else NULL */
static void
put_level(const struct dialect *dialect, const struct model *model,
    const struct term_factor *factor, struct buf *out)
{
	const struct model_column *column =
	    &model->columns[model_column(model, factor->column)];

	buf_puts(out, "CASE WHEN ");
	put_name(dialect, factor->column, out);
	buf_puts(out, " = ");
	put_text(dialect, factor->level, out);
	buf_puts(out, " THEN 1 WHEN ");
	put_name(dialect, factor->column, out);
	buf_puts(out, " IN (");
	for (size_t i = 0; i < column->levels.count; i++) {
		buf_puts(out, i ? ", " : "");
		put_text(dialect, column->levels.names[i], out);
	}
	buf_puts(out, ") THEN 0 END");
}

static void
put_product(const struct dialect *dialect, const struct model *model,
    const struct model_term *term, struct buf *out)
{
	size_t factors = 0;

	for (size_t i = 0; i < term->term.count; i++)
		factors += (size_t)term->term.factors[i].power;
	for (size_t i = 0; i < factors; i++)
		buf_puts(out, dialect->times[0]);
	dialect->constant(term->text, out);
	for (size_t i = 0; i < term->term.count; i++) {
		const struct term_factor *factor = &term->term.factors[i];

		for (int k = 0; k < factor->power; k++) {
			buf_puts(out, dialect->times[1]);
			if (factor->level)
				put_level(dialect, model, factor, out);
			else
				dialect->number(dialect, factor->column, out);
			buf_puts(out, dialect->times[2]);
		}
	}
}

static void
put_select(const struct dialect *dialect, const struct export_task *task,
    struct buf *out)
{
	const struct model *model = task->model;

	buf_printf(out, "%sSELECT *,\n  ", dialect->remark);
	for (size_t i = 1; i < model->count; i++)
		buf_puts(out, dialect->plus[0]);
	buf_puts(out, model->count ? "" : "0");
	for (size_t i = 0; i < model->count; i++) {
		buf_puts(out, i ? dialect->plus[1] : "");
		put_product(dialect, model, &model->terms[i], out);
		buf_puts(out, i ? dialect->plus[2] : "");
	}
	buf_puts(out, "\n  AS ");
	put_name(dialect, task->column, out);
	buf_printf(out, "\nFROM %s\n", task->table);
}

static void
bigquery_number(
    const struct dialect *dialect, const char *column, struct buf *out)
{
	buf_puts(out, "CAST(");
	put_name(dialect, column, out);
	buf_puts(out, " AS BIGNUMERIC)");
}

static void
bigquery_constant(const char *text, struct buf *out)
{
	buf_puts(out, "BIGNUMERIC '");
	(void)decimal_canon(slice_of(text), out);
	buf_putc(out, '\'');
}

void
export_bigquery(const struct export_task *task, struct buf *out)
{
	static const struct dialect dialect = {
	    .remark = "-- Exact but for what is beyond the 38 decimals of "
		      "BIGNUMERIC.\n",
	    .name_quote = '`',
	    .name_escape = '\\',
	    .text_quote = '\'',
	    .text_escape = '\\',
	    .number = bigquery_number,
	    .constant = bigquery_constant,
	    .times = {"", " * ", ""},
	    .plus = {"", "\n  + ", ""},
	};

	put_select(&dialect, task, out);
}

static void
sqlite_number(
    const struct dialect *dialect, const char *column, struct buf *out)
{
	put_name(dialect, column, out);
}

static void
sqlite_constant(const char *text, struct buf *out)
{
	buf_putc(out, '\'');
	(void)decimal_canon(slice_of(text), out);
	buf_putc(out, '\'');
}

void
export_sqlite(const struct export_task *task, struct buf *out)
{
	static const struct dialect dialect = {
	    .remark = "-- Exact, with SQLite's decimal extension, which the "
		      "shell sqlite3 has.\n",
	    .name_quote = '"',
	    .name_escape = '"',
	    .text_quote = '\'',
	    .text_escape = '\'',
	    .number = sqlite_number,
	    .constant = sqlite_constant,
	    .times = {"decimal_mul(", ", ", ")"},
	    .plus = {"decimal_add(", ",\n  ", ")"},
	};

	put_select(&dialect, task, out);
}
