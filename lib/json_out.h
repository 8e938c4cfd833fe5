/* SPDX-License-Identifier: ISC */
/*
 * json_out - JSON written to a buffer, keys in the order they are given
 *
 * It is valid whatever bytes a text has: one that is part of no well-formed
 * character is written as U+FFFD.
 */
#ifndef JSON_OUT_H
#define JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

/* A JSON text being written; {.buf = &buf} begins one. */
struct json_out {
	struct buf *buf;
	int lines; /* members of this many outer levels on their own lines */
	int depth;
	bool more; /* a comma is due before the next value */
	bool keyed;
};

void json_open(struct json_out *out, char bracket);  /* '{' or '[' */
void json_close(struct json_out *out, char bracket); /* '}' or ']' */
void json_key(struct json_out *out, const char *key);
void json_put_string(struct json_out *out, struct slice value);
void json_put_int(struct json_out *out, int64_t value);
void json_put_number(
    struct json_out *out, double value); /* null if not finite */
void json_put_bool(struct json_out *out, bool value);
void json_put_null(struct json_out *out);
void json_put_json(
    struct json_out *out, struct slice json); /* a value as it is */

/* json_key() and a value in one; value NULL is null. */
void json_pair_text(struct json_out *out, const char *key, const char *value);
void json_pair_int(struct json_out *out, const char *key, int64_t value);
void json_pair_number(struct json_out *out, const char *key, double value);
void json_pair_bool(struct json_out *out, const char *key, bool value);

#endif
