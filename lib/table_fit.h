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
 * Gives each column its width: as wide as it needs, or, where the table would
 * be wider than screen, the widest are cut alike: texts to no fewer than 12
 * columns, and of numbers the name, to 6. Sets *shown to how many columns then
 * fit, at least one. Returns the columns of those.
 */
size_t table_fit(
    struct table_column *columns, size_t count, size_t screen, size_t *shown);

#endif
