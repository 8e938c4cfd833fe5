/* SPDX-License-Identifier: ISC */
/*
 * table_fit - how wide the columns of a table are
 */
#ifndef TABLE_FIT_H
#define TABLE_FIT_H

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_BETWEEN = 2 }; /* blanks between columns */

struct table_column {
	size_t name, data; /* columns of the name and of the widest value */
	bool text;         /* some value is no number */
	size_t width;      /* what it gets */
};

/*
 * Sets *shown to how many columns fit a screen, at least one, where a text is
 * cut to no fewer than 12 columns, and of numbers only the name, to 6; and
 * gives these their widths: what they need, or less, the widest cut alike.
 * Returns the columns that they take together.
 */
size_t table_fit(
    struct table_column *columns, size_t count, size_t screen, size_t *shown);

#endif
