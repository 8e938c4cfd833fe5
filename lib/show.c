/* SPDX-License-Identifier: ISC */
#include "show.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "model.h"
#include "num.h"

enum { DIGITS = 6, COLUMNS = 5 };

/* A member that is a number or a decimal in a string; NaN if it is neither. */
static double
number(struct json *object, const char *key)
{
	struct json *value = json_get(object, key);
	double result;

	if (json_type(value) == JSON_NUMBER)
		return json_number(value);
	return num_double(json_string(value), &result) ? NAN : result;
}

/* A member as short text: "-" where there is none. Appends. */
static void
put_short(struct json *object, const char *key, struct buf *out)
{
	struct slice text = json_string(json_get(object, key));
	double value = number(object, key);

	if (!isnan(value))
		buf_printf(out, "%.*g", DIGITS, value);
	else if (text.len) /* beyond a double */
		buf_add_slice(out, text);
	else
		buf_putc(out, '-');
}

/* AIC or BIC, of which differences matter, however large they are. Appends. */
static void
put_criterion(struct json *model, const char *key, struct buf *out)
{
	double value = number(model, key);

	if (isnan(value))
		buf_putc(out, '-');
	else
		buf_printf(out, "%.2f", value);
}

/* A p-value, which far out has no digits that matter. Appends. */
static void
put_p(struct json *object, const char *key, struct buf *out)
{
	double p = number(object, key);

	if (p < 2.2e-16)
		buf_puts(out, "<2.2e-16");
	else if (isnan(p))
		buf_putc(out, '-');
	else
		buf_printf(out, "%.3g", p);
}

static const char *
stars(double p)
{
	return p < 0.001  ? " ***"
	       : p < 0.01 ? " **"
	       : p < 0.05 ? " *"
	       : p < 0.1  ? " ."
			  : "";
}

static int
check(struct json *model, struct buf *error)
{
	if (slice_equal(json_string(json_get(model, "format")),
		slice_of("sluice-lr")) &&
	    json_number(json_get(model, "version")) == MODEL_VERSION)
		return 0;
	buf_puts(error, "not a model of lr-train, or of another version");
	return -1;
}

static void
add_warning(struct cols *warnings, struct buf *text)
{
	cols_add(warnings, buf_slice(text));
	buf_clear(text);
}

/* Columns with a high variance inflation. */
static void
warn_inflation(struct json *model, struct cols *warnings, struct buf *text)
{
	struct json *terms = json_get(model, "terms");

	for (size_t i = 0; i < json_count(terms); i++) {
		struct json *term = json_at(terms, i);
		struct slice name = json_string(json_get(term, "name"));

		if (number(term, "vif") > 1e4)
			buf_printf(text, "%s'%.*s'", text->len ? ", " : "",
			    (int)name.len, name.data);
	}
	if (!text->len)
		return;
	buf_puts(text, ": nearly determined by the others (VIF above 10000), "
		       "so these coefficients are right to the digit but say "
		       "little one by one");
	add_warning(warnings, text);
}

void
show_warnings(struct json *model, struct cols *warnings)
{
	struct json *dropped = json_get(model, "dropped");
	struct buf text = {0};

	for (size_t i = 0; i < json_count(dropped); i++) {
		struct json *one = json_at(dropped, i);
		struct slice relation = json_string(json_get(one, "relation"));

		buf_printf(&text, "dropped, since others determine it: %.*s",
		    (int)relation.len, relation.data);
		add_warning(warnings, &text);
	}
	if (json_bool(json_get(model, "perfect_fit"))) {
		buf_puts(&text, "the fit is perfect: the residuals are exactly "
				"0, so there is nothing to test");
		add_warning(warnings, &text);
	}
	if (number(model, "df") == 0) {
		buf_puts(&text, "as many coefficients as rows: there are no "
				"errors to tell");
		add_warning(warnings, &text);
	}
	if (number(model, "cond") > 1e8) {
		buf_printf(&text,
		    "nearly collinear: a relative change of the data can grow "
		    "%.3g times in the coefficients",
		    number(model, "cond"));
		add_warning(warnings, &text);
	}
	warn_inflation(model, warnings, &text);
	buf_release(&text);
}

static const char *const heads[COLUMNS] = {
    "", "Estimate", "Std. Error", "t value", "Pr(>|t|)"};

/* The cells of a row of the table, as strings. */
static void
fill_row(struct json *term, struct buf cells[COLUMNS])
{
	struct slice name = json_string(json_get(term, "name"));

	if (slice_equal(name, slice_of("1")))
		name = slice_of("(Intercept)");
	buf_add_slice(&cells[0], name);
	put_short(term, "coef", &cells[1]);
	put_short(term, "se", &cells[2]);
	put_short(term, "t", &cells[3]);
	put_p(term, "p", &cells[4]);
}

static void
put_row(const char *const cells[COLUMNS], const int widths[COLUMNS],
    const char *behind, struct buf *out)
{
	buf_printf(out, "%-*s", widths[0], cells[0]);
	for (size_t c = 1; c < COLUMNS; c++)
		buf_printf(out, "  %*s", widths[c], cells[c]);
	buf_printf(out, "%s\n", behind);
}

static void
put_table(struct json *terms, struct buf *out)
{
	size_t count = json_count(terms);
	struct buf(*rows)[COLUMNS] = xcalloc(count + 1, sizeof(*rows));
	int widths[COLUMNS];

	for (size_t c = 0; c < COLUMNS; c++)
		widths[c] = (int)strlen(heads[c]);
	for (size_t i = 0; i < count; i++) {
		fill_row(json_at(terms, i), rows[i]);
		for (size_t c = 0; c < COLUMNS; c++) {
			if ((int)rows[i][c].len > widths[c])
				widths[c] = (int)rows[i][c].len;
		}
	}
	put_row(heads, widths, "", out);
	for (size_t i = 0; i < count; i++) {
		const char *cells[COLUMNS];

		for (size_t c = 0; c < COLUMNS; c++)
			cells[c] = buf_text(&rows[i][c]);
		put_row(
		    cells, widths, stars(number(json_at(terms, i), "p")), out);
		for (size_t c = 0; c < COLUMNS; c++)
			buf_release(&rows[i][c]);
	}
	free(rows);
	buf_puts(out, "---\nSignif. codes: 0 '***' 0.001 '**' 0.01 '*' 0.05 "
		      "'.' 0.1 ' ' 1\n\n");
}

static void
put_fit(struct json *model, struct buf *out)
{
	double missing = number(json_get(model, "rows"), "missing");
	bool centred = slice_equal(
	    json_string(json_get(model, "sst_kind")), slice_of("centred"));

	buf_puts(out, "Residual standard error: ");
	put_short(model, "rsd", out);
	buf_printf(out, " on %.0f degrees of freedom\n", number(model, "df"));
	if (missing > 0)
		buf_printf(out, "  (%.0f rows left out, with missing values)\n",
		    missing);
	buf_puts(out, "R-squared: ");
	put_short(model, "r2", out);
	buf_puts(out, ", adjusted: ");
	put_short(model, "adj_r2", out);
	buf_puts(out, centred ? "\n" : " (about zero, not about the mean)\n");
	buf_puts(out, "F-statistic: ");
	put_short(model, "f", out);
	buf_printf(out, " on %.0f and %.0f DF, p-value: ",
	    number(model, "rank") - json_bool(json_get(model, "intercept")),
	    number(model, "df"));
	put_p(model, "f_p", out);
	buf_puts(out, "\nAIC: ");
	put_criterion(model, "aic", out);
	buf_puts(out, ", BIC: ");
	put_criterion(model, "bic", out);
	buf_puts(out, "\nCondition number: ");
	put_short(model, "cond", out);
	buf_putc(out, '\n');
}

/* How the model came about, where that is not plain least squares. */
static void
put_ways(struct json *model, struct buf *out)
{
	struct json *ridge = json_get(model, "ridge");
	struct json *cv = json_get(model, "cv");
	struct json *select = json_get(model, "select");
	struct slice criterion = json_string(json_get(select, "criterion"));

	if (json_type(ridge) == JSON_OBJECT) {
		buf_puts(out, "Ridge: lambda ");
		put_short(ridge, "lambda", out);
		buf_puts(out, ", so there are no standard errors\n");
	}
	if (json_type(cv) == JSON_OBJECT) {
		buf_printf(out, "Cross-validation over %.0f folds: RMSE ",
		    number(cv, "folds"));
		put_short(cv, "rmse", out);
		buf_putc(out, '\n');
	}
	if (json_type(select) == JSON_OBJECT)
		buf_printf(out, "Selected by %.*s: %zu terms left out\n",
		    (int)criterion.len, criterion.data,
		    json_count(json_get(select, "removed")));
}

int
show_text(struct json *model, struct buf *out, struct buf *error)
{
	struct slice target = json_string(json_get(model, "target"));
	struct cols warnings = {0};

	if (check(model, error))
		return -1;
	buf_printf(out, "%.*s by least squares, %.0f rows\n\n", (int)target.len,
	    target.data, number(json_get(model, "rows"), "used"));
	put_table(json_get(model, "terms"), out);
	put_fit(model, out);
	put_ways(model, out);
	show_warnings(model, &warnings);
	for (size_t i = 0; i < warnings.count; i++)
		buf_printf(
		    out, "%sNote: %s\n", i ? "" : "\n", warnings.names[i]);
	cols_release(&warnings);
	return 0;
}

/* A member as it is: a number, a string or null. */
static void
copy(struct json_out *to, struct json *from, const char *key)
{
	struct json *value = json_get(from, key);

	json_key(to, key);
	if (json_type(value) == JSON_NUMBER)
		json_put_number(to, json_number(value));
	else if (json_type(value) == JSON_STRING)
		json_put_string(to, json_string(value));
	else
		json_put_null(to);
}

int
show_json(struct json *model, struct buf *out, struct buf *error)
{
	static const char *const members[] = {"target", "n", "df", "rsd",
	    "sst_kind", "r2", "adj_r2", "f", "f_p", "aic", "bic", "cond"};
	static const char *const cells[] = {"name", "coef", "se", "t", "p"};
	struct json *terms = json_get(model, "terms");
	struct json_out json = {.buf = out, .lines = 2};
	struct cols warnings = {0};

	if (check(model, error))
		return -1;
	json_open(&json, '{');
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		copy(&json, model, members[i]);
	json_key(&json, "terms");
	json_open(&json, '[');
	for (size_t i = 0; i < json_count(terms); i++) {
		json_open(&json, '{');
		for (size_t c = 0; c < sizeof(cells) / sizeof(cells[0]); c++)
			copy(&json, json_at(terms, i), cells[c]);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	show_warnings(model, &warnings);
	json_key(&json, "warnings");
	json_open(&json, '[');
	for (size_t i = 0; i < warnings.count; i++)
		json_put_string(&json, slice_of(warnings.names[i]));
	json_close(&json, ']');
	json_close(&json, '}');
	cols_release(&warnings);
	return 0;
}
