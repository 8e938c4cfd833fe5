/* SPDX-License-Identifier: ISC */
#include "term.h"
#include "check.h"

#include <string.h>

/* The factors as "column^power" and "column=level", each in brackets. */
static bool
parses(const char *name, const char *want)
{
	struct cols numbers = {0}, categories = {0};
	struct buf text = {0};
	struct term term;
	bool same;

	cols_add(&numbers, slice_of("odd*name^2"));
	cols_add(&categories, slice_of("c"));
	cols_add(&categories, slice_of("d"));
	term_parse(&term, slice_of(name), &numbers, &categories);
	for (size_t i = 0; i < term.count; i++) {
		const struct term_factor *factor = &term.factors[i];

		if (factor->level)
			buf_printf(
			    &text, "[%s=%s]", factor->column, factor->level);
		else
			buf_printf(
			    &text, "[%s^%d]", factor->column, factor->power);
	}
	same = !strcmp(buf_text(&text), want);
	if (!same)
		printf("# %s: %s, not %s\n", name, buf_text(&text), want);
	term_release(&term);
	buf_release(&text);
	cols_release(&numbers);
	cols_release(&categories);
	return same;
}

static bool
category_is(const char *name, const char *want)
{
	return slice_equal(term_category(slice_of(name)), slice_of(want));
}

int
main(void)
{
	CHECK(parses("x", "[x^1]"));
	CHECK(parses("x^3", "[x^3]"));
	CHECK(parses("a*b", "[a^1][b^1]"));
	CHECK(parses("odd*name^2", "[odd*name^2^1]"));
	CHECK(parses("c=v", "[c=v]"));
	CHECK(parses("c=", "[c=]"));
	CHECK(parses("c=a*b=c", "[c=a*b=c]"));
	CHECK(parses("c=x^2", "[c=x^2]"));
	CHECK(parses("a*c=v", "[a^1][c=v]"));
	CHECK(parses("c=v*d=w", "[c=v][d=w]"));
	CHECK(parses("c=v*e*d=w=z", "[c=v*e][d=w=z]"));
	CHECK(category_is("c=v", "c") && category_is("a*c=v", "c"));
	CHECK(category_is("a*b", "") && category_is("x", ""));
	return check_done();
}
