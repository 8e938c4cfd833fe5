/* SPDX-License-Identifier: ISC */
#include "table_fit.h"

enum { LEAST_TEXT = 12, LEAST_NAME = 6 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t
most(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* What a column takes if it is cut to cap columns as far as it may be. */
static size_t
cut_width(const struct table_column *column, size_t cap)
{
	size_t whole = most(column->name, column->data);
	size_t needs =
	    column->text ? least(whole, LEAST_TEXT)
			 : most(column->data, least(column->name, LEAST_NAME));

	return least(whole, most(needs, cap));
}

static size_t
cut_widths(const struct table_column *columns, size_t count, size_t cap)
{
	size_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += (i ? TABLE_BETWEEN : 0) + cut_width(&columns[i], cap);
	return sum;
}

size_t
table_fit(
    struct table_column *columns, size_t count, size_t screen, size_t *shown)
{
	size_t cap = (size_t)-1, sum = 0;

	for (*shown = 0; *shown < count; ++*shown) {
		sum += cut_width(&columns[*shown], 0);
		if (*shown && sum > screen)
			break;
		sum += TABLE_BETWEEN;
	}
	if (cut_widths(columns, *shown, cap) > screen) {
		cap = screen;
		while (cap && cut_widths(columns, *shown, cap) > screen)
			cap--;
	}
	for (size_t i = 0; i < *shown; i++)
		columns[i].width = cut_width(&columns[i], cap);
	return cut_widths(columns, *shown, cap);
}
