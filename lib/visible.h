/* SPDX-License-Identifier: ISC */
/*
 * visible - text as a terminal can show it
 *
 * A control character becomes its picture, so a line feed is U+240A; what is
 * not UTF-8, or would change the direction of text, becomes U+FFFD. Anything
 * else stays as it is.
 */
#ifndef VISIBLE_H
#define VISIBLE_H

#include "buf.h"

/*
 * Appends text in at most limit columns, the last of which is an ellipsis if
 * it had to be cut. Returns the columns that it takes.
 */
size_t visible_add(struct buf *out, struct slice text, size_t limit);

#endif
