/* SPDX-License-Identifier: ISC */
#include "bigquery_rows.h"

#include <string.h>

/* What is left of a text of JSON that ends with a NUL. */
struct text {
	const char *at;
};

static void
skip_blanks(struct text *text)
{
	text->at += strspn(text->at, " \t\r\n");
}

/* Skips a string, of which the first quote is next: 0, or -1. */
static int
skip_string(struct text *text)
{
	const char *at = text->at + 1;

	while (*at != '"') {
		if (!*at || (*at == '\\' && !*++at))
			return -1;
		at++;
	}
	text->at = at + 1;
	return 0;
}

/*
 * Skips a value up to what stands behind it, by its strings and brackets; who
 * reads it finds out what else may be wrong with it.
 */
static int
skip_value(struct text *text)
{
	int depth = 0;

	for (;;) {
		switch (*text->at) {
		case '\0':
			return -1;
		case '"':
			if (skip_string(text))
				return -1;
			continue;
		case '[':
		case '{':
			depth++;
			break;
		case ',':
			if (!depth)
				return 0;
			break;
		case ']':
		case '}':
			if (!depth)
				return 0;
			depth--;
		}
		text->at++;
	}
}

/* Takes a member; the rows are kept, all else goes to rest. */
static int
take_member(struct text *text, struct slice *rows, struct buf *rest)
{
	const char *from = text->at, *value;
	struct slice key;

	if (*from != '"' || skip_string(text))
		return -1;
	key = (struct slice){from, (size_t)(text->at - from)};
	skip_blanks(text);
	if (*text->at++ != ':')
		return -1;
	skip_blanks(text);
	value = text->at;
	if (skip_value(text))
		return -1;
	if (slice_equal(key, slice_of("\"rows\"")) && !rows->len) {
		*rows = (struct slice){value, (size_t)(text->at - value)};
		return 0;
	}
	if (rest->len > 1)
		buf_putc(rest, ',');
	buf_add(rest, from, (size_t)(text->at - from));
	return 0;
}

int
bigquery_rows_split(
    const struct buf *page, struct slice *rows, struct buf *rest)
{
	struct text text = {buf_text(page)};

	*rows = (struct slice){NULL, 0};
	buf_clear(rest);
	buf_putc(rest, '{');
	skip_blanks(&text);
	if (*text.at != '{')
		return -1;
	do {
		text.at++;
		skip_blanks(&text);
		if (rest->len == 1 && !rows->len && *text.at == '}')
			break;
		if (take_member(&text, rows, rest))
			return -1;
	} while (*text.at == ',');
	buf_putc(rest, '}');
	if (*text.at++ != '}')
		return -1;
	skip_blanks(&text);
	return text.at == page->data + page->len ? 0 : -1;
}
