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

/* How a byte changes the depth of brackets. */
static const signed char turns[256] = {
    ['['] = 1, ['{'] = 1, [']'] = -1, ['}'] = -1};

/*
 * Skips a value up to what stands behind it, by its strings and brackets; who
 * reads it finds out what else may be wrong with it.
 */
static int
skip_value(struct text *text)
{
	for (int depth = 0;;) {
		unsigned char byte = (unsigned char)*text->at;

		if (byte == '"') {
			if (skip_string(text))
				return -1;
			continue;
		}
		depth += turns[byte];
		if (depth < 0 || (!depth && byte == ','))
			return 0;
		if (!byte)
			return -1;
		text->at++;
	}
}

/* A page as it is divided. */
struct split {
	struct text text;
	struct slice rows;
	struct buf *rest;
};

/* Takes a member; the rows are kept, all else goes to rest. */
static int
take_member(struct split *split)
{
	struct text *text = &split->text;
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
	if (slice_equal(key, slice_of("\"rows\""))) {
		if (split->rows.len)
			return -1;
		split->rows = (struct slice){value, (size_t)(text->at - value)};
		return 0;
	}
	if (split->rest->len > 1)
		buf_putc(split->rest, ',');
	buf_add(split->rest, from, (size_t)(text->at - from));
	return 0;
}

/* Takes the object apart, up to what stands behind it. */
static int
take_object(struct split *split)
{
	const char **at = &split->text.at;

	skip_blanks(&split->text);
	if (**at != '{')
		return -1;
	++*at;
	skip_blanks(&split->text);
	if (**at == '}') {
		++*at;
		return 0;
	}
	for (;;) {
		if (take_member(split))
			return -1;
		if (*(*at)++ != ',')
			return (*at)[-1] == '}' ? 0 : -1;
		skip_blanks(&split->text);
	}
}

int
bigquery_rows_split(
    const struct buf *page, size_t *from, size_t *to, struct buf *rest)
{
	struct split split = {.text = {buf_text(page)}, .rest = rest};

	*from = *to = 0;
	buf_clear(rest);
	buf_putc(rest, '{');
	if (take_object(&split))
		return -1;
	buf_putc(rest, '}');
	skip_blanks(&split.text);
	if (split.rows.len) {
		*from = (size_t)(split.rows.data - page->data);
		*to = *from + split.rows.len;
	}
	return split.text.at == page->data + page->len ? 0 : -1;
}
