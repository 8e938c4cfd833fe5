/* SPDX-License-Identifier: ISC */
/*
 * json - JSON as a tree (libjq)
 *
 * Numbers in it are doubles: what must be exact beyond 2^53 has to be a string
 * in the document. json_out.h writes JSON.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>

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

#endif
