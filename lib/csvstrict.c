/* SPDX-License-Identifier: ISC */
#include "csvstrict.h"

#include <csv.h>
#include <string.h>

#include "buf.h"

enum { BLOCK_SIZE = 64 * 1024 };

/* No byte is trimmed off a field. */
static int
no_space(unsigned char byte)
{
	(void)byte;
	return 0;
}

static int
line_feed(unsigned char byte)
{
	return byte == '\n';
}

/* The length of the piece at the front that ends before the CR of a CR LF. */
static size_t
piece(const char *data, size_t len)
{
	const char *at = data, *end = data + len;

	while ((at = memchr(at, '\r', (size_t)(end - at)))) {
		if (++at < end && *at == '\n')
			return (size_t)(at - 1 - data);
	}
	return len;
}

size_t
csvstrict_offence(const char *record, size_t len)
{
	struct csv_parser parser;
	size_t at = 0;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI))
		die(STATUS_TROUBLE, "out of memory");
	csv_set_space_func(&parser, no_space);
	csv_set_term_func(&parser, line_feed);
	csv_set_blk_size(&parser, BLOCK_SIZE);
	while (at < len) {
		size_t fed = piece(record + at, len - at);

		size_t good =
		    csv_parse(&parser, record + at, fed, NULL, NULL, NULL);
		at += good;
		if (good < fed)
			break;
		at += at < len; /* the CR */
	}
	csv_free(&parser);
	return at;
}
