/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "export.h"

/* Appends an attribute, as in ' name="value"'. */
static void
put_attribute(const char *name, const char *value, struct buf *out)
{
	buf_printf(out, " %s=\"", name);
	for (const char *byte = value; *byte; byte++) {
		switch (*byte) {
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '"':
			buf_puts(out, "&quot;");
			break;
		case '\t':
		case '\n':
		case '\r':
			buf_printf(out, "&#%d;", *byte);
			break;
		default:
			buf_putc(out, *byte);
		}
	}
	buf_putc(out, '"');
}

static void
put_fields(const struct model *model, struct buf *out)
{
	buf_printf(out, "  <DataDictionary numberOfFields=\"%zu\">\n",
	    model->ncolumns + 1);
	buf_puts(out, "    <DataField");
	put_attribute("name", model->target, out);
	buf_puts(out, " optype=\"continuous\" dataType=\"double\"/>\n");
	for (size_t i = 0; i < model->ncolumns; i++) {
		const struct model_column *column = &model->columns[i];

		buf_puts(out, "    <DataField");
		put_attribute("name", column->name, out);
		if (!column->category) {
			buf_puts(out, " optype=\"continuous\" "
				      "dataType=\"double\"/>\n");
			continue;
		}
		buf_puts(out, " optype=\"categorical\" dataType=\"string\">\n");
		for (size_t k = 0; k < column->levels.count; k++) {
			buf_puts(out, "      <Value");
			put_attribute("value", column->levels.names[k], out);
			buf_puts(out, "/>\n");
		}
		buf_puts(out, "    </DataField>\n");
	}
	buf_puts(out, "  </DataDictionary>\n");
}

static void
put_schema(const struct model *model, struct buf *out)
{
	buf_puts(out, "    <MiningSchema>\n      <MiningField");
	put_attribute("name", model->target, out);
	buf_puts(out, " usageType=\"target\"/>\n");
	for (size_t i = 0; i < model->ncolumns; i++) {
		buf_puts(out, "      <MiningField");
		put_attribute("name", model->columns[i].name, out);
		buf_puts(out, "/>\n");
	}
	buf_puts(out, "    </MiningSchema>\n");
}

/* "c=v", the name of a field that is 1 at a level */
static void
level_name(const struct term_factor *factor, struct buf *name)
{
	buf_printf(name, "%s=%s", factor->column, factor->level);
}

/* The levels in products, each as a number; every one once. */
static void
put_derived(const struct model *model, struct buf *out)
{
	struct cols seen = {0};

	buf_puts(out, "    <LocalTransformations>\n");
	for (size_t i = 0; i < 2 * model->count; i++) {
		const struct term *term = &model->terms[i / 2].term;
		const struct term_factor *factor = &term->factors[i % 2];
		struct buf name = {0};

		if (term->count < 2 || !factor->level)
			continue;
		level_name(factor, &name);
		if (cols_find(&seen, buf_slice(&name)) < 0) {
			cols_add(&seen, buf_slice(&name));
			buf_puts(out, "      <DerivedField");
			put_attribute("name", buf_text(&name), out);
			buf_puts(out, " optype=\"continuous\" "
				      "dataType=\"double\"><NormDiscrete");
			put_attribute("field", factor->column, out);
			put_attribute("value", factor->level, out);
			buf_puts(out, "/></DerivedField>\n");
		}
		buf_release(&name);
	}
	buf_puts(out, "    </LocalTransformations>\n");
	cols_release(&seen);
}

static void
put_single(const struct model_term *term, struct buf *out)
{
	const struct term_factor *factor = &term->term.factors[0];

	buf_puts(out, factor->level ? "      <CategoricalPredictor"
				    : "      <NumericPredictor");
	put_attribute("name", factor->column, out);
	if (factor->level)
		put_attribute("value", factor->level, out);
	else
		buf_printf(out, " exponent=\"%d\"", factor->power);
	put_attribute("coefficient", term->text, out);
	buf_puts(out, "/>\n");
}

static void
put_product(const struct model_term *term, struct buf *out)
{
	buf_puts(out, "      <PredictorTerm");
	put_attribute("coefficient", term->text, out);
	buf_putc(out, '>');
	for (size_t i = 0; i < term->term.count; i++) {
		const struct term_factor *factor = &term->term.factors[i];
		struct buf name = {0};

		if (factor->level)
			level_name(factor, &name);
		else
			buf_puts(&name, factor->column);
		buf_puts(out, "<FieldRef");
		put_attribute("field", buf_text(&name), out);
		buf_puts(out, "/>");
		buf_release(&name);
	}
	buf_puts(out, "</PredictorTerm>\n");
}

/* Numbers, then categories, then products: the order that PMML wants. */
static void
put_terms(const struct model *model, struct buf *out)
{
	const char *intercept = "0";

	for (size_t i = 0; i < model->count; i++) {
		if (!model->terms[i].term.count)
			intercept = model->terms[i].text;
	}
	buf_puts(out, "    <RegressionTable");
	put_attribute("intercept", intercept, out);
	buf_puts(out, ">\n");
	for (size_t pass = 0; pass < 3; pass++) {
		for (size_t i = 0; i < model->count; i++) {
			const struct model_term *term = &model->terms[i];
			bool level = term->term.factors[0].level != NULL;

			if (term->term.count == 1 && pass == level)
				put_single(term, out);
			else if (term->term.count == 2 && pass == 2)
				put_product(term, out);
		}
	}
	buf_puts(out, "    </RegressionTable>\n");
}

void
export_pmml(const struct export_task *task, struct buf *out)
{
	const struct model *model = task->model;

	buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		      "<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" "
		      "version=\"4.4\">\n"
		      "  <Header><Application name=\"sluice\"/></Header>\n");
	put_fields(model, out);
	buf_puts(out, "  <RegressionModel functionName=\"regression\"");
	put_attribute("targetFieldName", model->target, out);
	buf_puts(out, ">\n");
	put_schema(model, out);
	put_derived(model, out);
	put_terms(model, out);
	buf_puts(out, "  </RegressionModel>\n</PMML>\n");
}
