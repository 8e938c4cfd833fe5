/* SPDX-License-Identifier: ISC */
#include "xml.h"

#include <stdint.h>
#include <string.h>

#include "utf8.h"

/* Appends an ASCII character; one that would not survive, as a number. */
static void
put(struct buf *out, char byte)
{
	switch (byte) {
	case '&':
		buf_puts(out, "&amp;");
		break;
	case '<':
		buf_puts(out, "&lt;");
		break;
	case '>':
		buf_puts(out, "&gt;");
		break;
	case '"':
		buf_puts(out, "&quot;");
		break;
	case '\t':
	case '\n':
	case '\r':
		buf_printf(out, "&#%d;", byte);
		break;
	default:
		if ((unsigned char)byte < ' ')
			buf_puts(out, "\xef\xbf\xbd");
		else
			buf_putc(out, byte);
	}
}

/* U+FFFE and U+FFFF, which are UTF-8 but not XML. */
static bool
is_forbidden(struct slice text, size_t at)
{
	return text.len - at >= 3 &&
	       (!memcmp(text.data + at, "\xef\xbf\xbe", 3) ||
		   !memcmp(text.data + at, "\xef\xbf\xbf", 3));
}

static void
escape(struct buf *out, struct slice text, bool lines)
{
	struct buf good = {.limit = SIZE_MAX};

	utf8_add(&good, text, SIZE_MAX);
	text = buf_slice(&good);
	for (size_t i = 0; i < text.len; i++) {
		if (is_forbidden(text, i)) {
			buf_puts(out, "\xef\xbf\xbd");
			i += 2;
		} else if (lines && text.data[i] == '\n') {
			buf_putc(out, '\n');
		} else {
			put(out, text.data[i]);
		}
	}
	buf_release(&good);
}

void
xml_text(struct buf *out, struct slice text)
{
	escape(out, text, true);
}

void
xml_attribute(struct buf *out, const char *name, struct slice value)
{
	buf_printf(out, " %s=\"", name);
	escape(out, value, false);
	buf_putc(out, '"');
}
