/* SPDX-License-Identifier: ISC */
#include "width.h"
#include "check.h"

/* True if both code points take as many columns. */
static bool
widths_are(uint32_t a, uint32_t b, int columns)
{
	return width_char(a) == columns && width_char(b) == columns;
}

int
main(void)
{
	CHECK(widths_are(' ', 'a', 1));
	CHECK(widths_are(0, 0x1f, -1));
	CHECK(widths_are(0x7f, 0x9f, -1));
	CHECK(widths_are(0xa0, 0xad, 1));
	CHECK(widths_are(0x2ff, 0x370, 1));
	CHECK(widths_are(0x300, 0x36f, 0));
	CHECK(widths_are(0x1160, 0x200d, 0));
	CHECK(widths_are(0x202e, 0x2069, -1));
	CHECK(widths_are(0x1100, 0x4e00, 2));
	CHECK(widths_are(0xac00, 0x1f600, 2));
	CHECK(widths_are(0x10ff, 0x10ffff, 1));
	return check_done();
}
