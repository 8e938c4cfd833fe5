/* SPDX-License-Identifier: ISC */
/*
 * buf - growable bytes with a limit, slices of bytes, allocation that dies
 *
 * Growth past the limit does not fail at once: the bytes are dropped and the
 * buffer remembers it, so a caller may add many pieces and ask buf_failed()
 * at the end.
 */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "die.h"

/* Bytes that somebody else owns; not terminated. */
struct slice {
	const char *data;
	size_t len;
};

/* The slice over a C string, borrowed. */
struct slice slice_of(const char *text);

/* True if both hold the same bytes. */
bool slice_equal(struct slice a, struct slice b);

enum { BUF_DEFAULT_LIMIT = 64 * 1024 * 1024 };

/* {0} is a valid empty buffer with the default limit. */
struct buf {
	char *data; /* NUL-terminated behind len, or NULL while empty */
	size_t len;
	size_t cap;
	size_t limit; /* most bytes to hold; 0 means BUF_DEFAULT_LIMIT */
	bool failed;
};

/* Appends len bytes, or marks the buffer failed if that passes the limit. */
void buf_add(struct buf *buf, const void *data, size_t len);

/* Appends a slice. */
void buf_add_slice(struct buf *buf, struct slice slice);

/* Appends a C string. */
void buf_puts(struct buf *buf, const char *text);

/* Appends one byte. */
void buf_putc(struct buf *buf, char byte);

/* Appends formatted text. */
void buf_printf(struct buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Empties the buffer and forgets a failure; keeps its memory. */
void buf_clear(struct buf *buf);

/* The content as a C string: "" while empty. Borrowed until the next call. */
const char *buf_text(const struct buf *buf);

/* The content as a slice, borrowed until the next call. */
struct slice buf_slice(const struct buf *buf);

/* True if bytes were dropped because of the limit. */
bool buf_failed(const struct buf *buf);

/* Frees the memory and leaves a valid empty buffer. */
void buf_release(struct buf *buf);

/* malloc and kin that die with STATUS_TROUBLE; free() frees. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);

/* A NUL-terminated copy of the slice; the caller frees. */
char *xslicedup(struct slice slice);

/*
 * Makes room for one more element in a growing array: returns items, moved
 * if *cap was reached, with *cap doubled. Dies when memory runs out.
 */
void *xgrow(void *items, size_t count, size_t *cap, size_t item_size);

#endif
