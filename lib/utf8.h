/* SPDX-License-Identifier: ISC */
/*
 * utf8 - well-formed UTF-8 (RFC 3629)
 */
#ifndef UTF8_H
#define UTF8_H

#include <stdint.h>

#include "buf.h"

/*
 * The number of leading bytes that are whole, well-formed characters: all of
 * them if the text is UTF-8. Overlong forms and surrogates are not.
 */
size_t utf8_prefix(struct slice text);

/* The number of code points of well-formed text. */
size_t utf8_count(struct slice text);

/*
 * Appends text as well-formed UTF-8 of at most limit bytes and "...": bytes
 * that are no character become U+FFFD, and what is longer is cut.
 */
void utf8_add(struct buf *buf, struct slice text, size_t limit);

/*
 * Takes the first character off text, which is not empty, and returns its
 * code point: U+FFFD for one byte that is no character.
 */
uint32_t utf8_take(struct slice *text);

/* Appends a code point, which must have a form in UTF-8. */
void utf8_put(struct buf *buf, uint32_t code);

#endif
