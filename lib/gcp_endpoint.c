/* SPDX-License-Identifier: ISC */
#include "gcp_endpoint.h"

#include <string.h>

static void
strip_slashes(struct slice *text)
{
	while (text->len && text->data[text->len - 1] == '/')
		text->len--;
}

void
gcp_endpoint(
    struct buf *out, const char *address, const char *scheme, const char *path)
{
	struct slice text = slice_of(address);
	size_t len = strlen(path);

	strip_slashes(&text);
	if (text.len > len && !memcmp(text.data + text.len - len, path, len))
		text.len -= len;
	strip_slashes(&text);
	if (!strstr(address, "://"))
		buf_printf(out, "%s://", scheme);
	buf_add_slice(out, text);
}
