/* SPDX-License-Identifier: ISC */
/*
 * json - JSON read and written (libjq)
 *
 * Reading gives a tree. Numbers in it are doubles: what must be exact beyond
 * 2^53 has to be a string in the document. Writing goes to a buffer, keys in
 * the order they are given.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

struct json;

enum json_type {
	JSON_NONE, /* NULL was given: no such value */
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/*
 * Parses one document. Returns the root, which json_free() frees, or NULL
 * with a reason appended to error.
 */
struct json *json_parse(struct slice text, struct buf *error);

/* json_parse() of a whole file; the reason begins with its name. */
struct json *json_read(const char *path, struct buf *error);

/* Frees a root and everything taken out of it. NULL is allowed. */
void json_free(struct json *root);

/*
 * All below take NULL for a value that does not exist, and return NULL, 0 or
 * the empty slice for it and for a value of another type. What they return is
 * borrowed from the root.
 */
enum json_type json_type(const struct json *value);
struct json *json_get(struct json *object, const char *key);
size_t json_count(const struct json *value); /* members, elements */
struct json *json_at(struct json *array, size_t i);
const char *json_key_at(struct json *object, size_t i);
struct slice json_string(const struct json *value);
double json_number(const struct json *value);
bool json_bool(const struct json *value);

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

/* json_key() and a value in one; value NULL is null. */
void json_pair_text(struct json_out *out, const char *key, const char *value);
void json_pair_int(struct json_out *out, const char *key, int64_t value);
void json_pair_number(struct json_out *out, const char *key, double value);
void json_pair_bool(struct json_out *out, const char *key, bool value);

#endif
