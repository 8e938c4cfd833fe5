/* SPDX-License-Identifier: ISC */
#include "buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slice
slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

bool
slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.data, b.data, a.len));
}

/* Makes room for len more bytes and the terminator. */
static bool
make_room(struct buf *buf, size_t len)
{
	size_t limit = buf->limit ? buf->limit : BUF_DEFAULT_LIMIT;
	size_t want, cap;

	if (len > limit - buf->len) {
		buf->failed = true;
		return false;
	}
	want = buf->len + len + 1;
	if (want <= buf->cap)
		return true;
	cap = buf->cap ? buf->cap : 64;
	while (cap < want)
		cap *= 2;
	buf->data = xrealloc(buf->data, cap);
	buf->cap = cap;
	return true;
}

void
buf_add(struct buf *buf, const void *data, size_t len)
{
	if (len == 0 || !make_room(buf, len))
		return;
	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void
buf_add_slice(struct buf *buf, struct slice slice)
{
	buf_add(buf, slice.data, slice.len);
}

void
buf_puts(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_putc(struct buf *buf, char byte)
{
	buf_add(buf, &byte, 1);
}

void
buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list args, again;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len < 0)
		buf->failed = true;
	else if (make_room(buf, (size_t)len)) {
		vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, again);
		buf->len += (size_t)len;
	}
	va_end(again);
	va_end(args);
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
	if (buf->data)
		buf->data[0] = '\0';
}

const char *
buf_text(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

struct slice
buf_slice(const struct buf *buf)
{
	return (struct slice){buf_text(buf), buf->len};
}

bool
buf_failed(const struct buf *buf)
{
	return buf->failed;
}

void
buf_release(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){.limit = buf->limit};
}

static void *
must(void *memory)
{
	if (!memory)
		die(STATUS_TROUBLE, "out of memory");
	return memory;
}

void *
xmalloc(size_t size)
{
	return must(malloc(size ? size : 1));
}

void *
xcalloc(size_t count, size_t size)
{
	return must(calloc(count ? count : 1, size ? size : 1));
}

void *
xrealloc(void *old, size_t size)
{
	return must(realloc(old, size ? size : 1));
}

char *
xstrdup(const char *text)
{
	return xslicedup(slice_of(text));
}

char *
xslicedup(struct slice slice)
{
	char *copy = xmalloc(slice.len + 1);

	if (slice.len)
		memcpy(copy, slice.data, slice.len);
	copy[slice.len] = '\0';
	return copy;
}

void *
xgrow(void *items, size_t count, size_t *cap, size_t item_size)
{
	if (count < *cap)
		return items;
	if (*cap > SIZE_MAX / 2 / item_size)
		die(STATUS_TROUBLE, "out of memory");
	*cap = *cap ? *cap * 2 : 16;
	return xrealloc(items, *cap * item_size);
}
