/* SPDX-License-Identifier: ISC */
#include "visible.h"

#include "utf8.h"
#include "width.h"

#define PICTURES 0x2400
#define DELETE 0x7f
#define DELETE_PICTURE 0x2421
#define REPLACEMENT 0xfffd
#define ELLIPSIS "\xe2\x80\xa6"

/* Takes a character off the text, as it is to be shown. */
static uint32_t
take_visible(struct slice *text)
{
	uint32_t code = utf8_take(text);

	if (width_char(code) >= 0)
		return code;
	if (code < 0x20)
		return PICTURES + code;
	return code == DELETE ? DELETE_PICTURE : REPLACEMENT;
}

/* The number of leading bytes that are printable ASCII. */
static size_t
plain_prefix(struct slice text)
{
	size_t i = 0;

	while (i < text.len && text.data[i] >= ' ' && text.data[i] <= '~')
		i++;
	return i;
}

/* How much of out to keep, and in how many columns, if text is cut. */
struct cut {
	size_t len, columns;
};

size_t
visible_add(struct buf *out, struct slice text, size_t limit)
{
	struct cut cut = {.len = out->len};
	size_t columns = 0;

	if (text.len <= limit && plain_prefix(text) == text.len) {
		buf_add_slice(out, text);
		return text.len;
	}
	while (text.len) {
		uint32_t code = take_visible(&text);
		size_t width = (size_t)width_char(code);

		if (columns + width > limit) {
			out->len = cut.len;
			buf_puts(out, limit ? ELLIPSIS : "");
			return cut.columns + (limit > 0);
		}
		utf8_put(out, code);
		columns += width;
		if (columns < limit)
			cut = (struct cut){out->len, columns};
	}
	return columns;
}
