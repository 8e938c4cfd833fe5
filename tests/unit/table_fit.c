/* SPDX-License-Identifier: ISC */
#include "table_fit.h"
#include "check.h"

/* Two texts, a number with a long name, a number. */
static struct table_column columns[] = {
    {.name = 4, .data = 30, .text = true},
    {.name = 4, .data = 20, .text = true},
    {.name = 20, .data = 8},
    {.name = 1, .data = 13},
};
enum { COUNT = sizeof(columns) / sizeof(columns[0]) };

/* True if the columns get these widths on a screen; 0 is not shown. */
static bool
widths_are(size_t screen, size_t a, size_t b, size_t c, size_t d)
{
	size_t want[COUNT] = {a, b, c, d}, shown, sum = 0;
	size_t width = table_fit(columns, COUNT, screen, &shown);
	bool good = true;

	for (size_t i = 0; i < COUNT; i++) {
		good = good && (i < shown ? columns[i].width : 0) == want[i];
		sum += want[i] ? want[i] + (i ? TABLE_BETWEEN : 0) : 0;
	}
	return good && width == sum;
}

int
main(void)
{
	CHECK(widths_are(1000, 30, 20, 20, 13));
	CHECK(widths_are(89, 30, 20, 20, 13));
	CHECK(widths_are(88, 29, 20, 20, 13));
	CHECK(widths_are(79, 20, 20, 20, 13));
	/* columns of the same width are cut alike */
	CHECK(widths_are(78, 19, 19, 19, 13));
	CHECK(widths_are(55, 12, 12, 12, 13));
	CHECK(widths_are(51, 12, 12, 8, 13));
	/* no number is cut, and no text below 12 */
	CHECK(widths_are(50, 15, 15, 15, 0));
	CHECK(widths_are(35, 16, 16, 0, 0));
	CHECK(widths_are(25, 25, 0, 0, 0));
	CHECK(widths_are(1, 12, 0, 0, 0));
	return check_done();
}
