/* SPDX-License-Identifier: ISC */
#include "export.h"

#include <string.h>

static const struct {
	const char *name;
	export_writer *write;
} languages[] = {
    {"sql:bigquery", export_bigquery},
    {"sql:sqlite", export_sqlite},
    {"pmml", export_pmml},
    {"r", export_r},
    {"python", export_python},
};

export_writer *
export_find(const char *name)
{
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
		if (!strcmp(languages[i].name, name))
			return languages[i].write;
	}
	return NULL;
}

void
export_quote(const char *text, char quote, char escape, struct buf *out)
{
	buf_putc(out, quote);
	for (const char *byte = text; *byte; byte++) {
		if (escape == '\\' && *byte == '\n') {
			buf_puts(out, "\\n");
			continue;
		}
		if (*byte == quote || *byte == escape)
			buf_putc(out, escape);
		buf_putc(out, *byte);
	}
	buf_putc(out, quote);
}
