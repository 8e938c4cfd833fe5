/* SPDX-License-Identifier: ISC */
/*
 * xml - text in XML 1.0
 *
 * Whatever the bytes, what is written is well-formed: bytes that are no UTF-8
 * and characters that XML cannot hold become U+FFFD.
 */
#ifndef XML_H
#define XML_H

#include "buf.h"

/* Appends a text between tags. */
void xml_text(struct buf *out, struct slice text);

/* Appends a blank and NAME="value". */
void xml_attribute(struct buf *out, const char *name, struct slice value);

#endif
