/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "export.h"
#include "xml.h"

static void
put_fields(const struct model *model, struct buf *out)
{
	buf_printf(out, "  <DataDictionary numberOfFields=\"%zu\">\n",
	    model->ncolumns + 1);
	buf_puts(out, "    <DataField");
	xml_attribute(out, "name", slice_of(model->target));
	buf_puts(out, " optype=\"continuous\" dataType=\"double\"/>\n");
	for (size_t i = 0; i < model->ncolumns; i++) {
		const struct model_column *column = &model->columns[i];

		buf_puts(out, "    <DataField");
		xml_attribute(out, "name", slice_of(column->name));
		if (!column->category) {
			buf_puts(out, " optype=\"continuous\" "
				      "dataType=\"double\"/>\n");
			continue;
		}
		buf_puts(out, " optype=\"categorical\" dataType=\"string\">\n");
		for (size_t k = 0; k < column->levels.count; k++) {
			buf_puts(out, "      <Value");
			xml_attribute(
			    out, "value", slice_of(column->levels.names[k]));
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
	xml_attribute(out, "name", slice_of(model->target));
	buf_puts(out, " usageType=\"target\"/>\n");
	for (size_t i = 0; i < model->ncolumns; i++) {
		buf_puts(out, "      <MiningField");
		xml_attribute(out, "name", slice_of(model->columns[i].name));
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
			xml_attribute(out, "name", slice_of(buf_text(&name)));
			buf_puts(out, " optype=\"continuous\" "
				      "dataType=\"double\"><NormDiscrete");
			xml_attribute(out, "field", slice_of(factor->column));
			xml_attribute(out, "value", slice_of(factor->level));
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
	xml_attribute(out, "name", slice_of(factor->column));
	if (factor->level)
		xml_attribute(out, "value", slice_of(factor->level));
	else
		buf_printf(out, " exponent=\"%d\"", factor->power);
	xml_attribute(out, "coefficient", slice_of(term->text));
	buf_puts(out, "/>\n");
}

static void
put_product(const struct model_term *term, struct buf *out)
{
	buf_puts(out, "      <PredictorTerm");
	xml_attribute(out, "coefficient", slice_of(term->text));
	buf_putc(out, '>');
	for (size_t i = 0; i < term->term.count; i++) {
		const struct term_factor *factor = &term->term.factors[i];
		struct buf name = {0};

		if (factor->level)
			level_name(factor, &name);
		else
			buf_puts(&name, factor->column);
		buf_puts(out, "<FieldRef");
		xml_attribute(out, "field", slice_of(buf_text(&name)));
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
	xml_attribute(out, "intercept", slice_of(intercept));
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
	xml_attribute(out, "targetFieldName", slice_of(model->target));
	buf_puts(out, ">\n");
	put_schema(model, out);
	put_derived(model, out);
	put_terms(model, out);
	buf_puts(out, "  </RegressionModel>\n</PMML>\n");
}
