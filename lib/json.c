/* SPDX-License-Identifier: ISC */
#include "json.h"

#include <errno.h>
#include <jv.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"

/*
 * A value of the tree. Children are made when they are first asked for, and
 * hang on their parent, so that freeing the root frees all.
 */
struct json {
	jv value;
	struct json *child;
	struct json *sibling;
	char *key; /* of json_key_at(), kept for the caller */
};

static struct json *
wrap(jv value, struct json *parent)
{
	struct json *json = xcalloc(1, sizeof(*json));

	json->value = value;
	if (parent) {
		json->sibling = parent->child;
		parent->child = json;
	}
	return json;
}

static void
out_of_memory(void *unused)
{
	(void)unused;
	die(STATUS_TROUBLE, "out of memory");
}

/*
 * jv_parse_sized() without its habit of quoting the whole text, which need
 * not be terminated and may be a secret, in the reason.
 */
static jv
parse_one(struct slice text)
{
	struct jv_parser *parser = jv_parser_new(0);
	jv value, next;

	jv_parser_set_buf(parser, text.data, (int)text.len, 0);
	value = jv_parser_next(parser);
	if (jv_is_valid(value)) {
		next = jv_parser_next(parser);
		if (jv_is_valid(next)) {
			jv_free(next);
			next = jv_invalid_with_msg(
			    jv_string("more than one value"));
		}
		if (jv_invalid_has_msg(jv_copy(next))) {
			jv_free(value);
			value = next;
		} else {
			jv_free(next);
		}
	}
	jv_parser_free(parser);
	return value;
}

struct json *
json_parse(struct slice text, struct buf *error)
{
	jv value;

	/* libjq takes no text for an absent value, and needs an int */
	if (text.len > INT32_MAX) {
		buf_puts(error, "JSON of more than 2 GiB");
		return NULL;
	}
	jv_nomem_handler(out_of_memory, NULL);
	value = parse_one(text.data ? text : slice_of(""));
	if (jv_is_valid(value))
		return wrap(value, NULL);
	if (jv_invalid_has_msg(jv_copy(value))) {
		jv message = jv_invalid_get_msg(value);

		buf_printf(error, "not JSON: %s",
		    jv_get_kind(message) == JV_KIND_STRING
			? jv_string_value(message)
			: "unreadable");
		jv_free(message);
	} else {
		buf_puts(error, "not JSON: empty");
		jv_free(value);
	}
	return NULL;
}

struct json *
json_read(const char *path, struct buf *error)
{
	struct buf text = {0};
	struct json *root = NULL;

	buf_printf(error, "%s: ", io_name(path));
	if (io_read_file(path, &text))
		buf_puts(error, strerror(errno));
	else
		root = json_parse(buf_slice(&text), error);
	if (root)
		buf_clear(error);
	buf_release(&text);
	return root;
}

void
json_free(struct json *root)
{
	if (!root)
		return;
	while (root->child) {
		struct json *child = root->child;

		root->child = child->sibling;
		json_free(child);
	}
	jv_free(root->value);
	free(root->key);
	free(root);
}

enum json_type
json_type(const struct json *value)
{
	if (!value)
		return JSON_NONE;
	switch (jv_get_kind(value->value)) {
	case JV_KIND_TRUE:
	case JV_KIND_FALSE:
		return JSON_BOOL;
	case JV_KIND_NUMBER:
		return JSON_NUMBER;
	case JV_KIND_STRING:
		return JSON_STRING;
	case JV_KIND_ARRAY:
		return JSON_ARRAY;
	case JV_KIND_OBJECT:
		return JSON_OBJECT;
	default:
		return JSON_NULL;
	}
}

struct json *
json_get(struct json *object, const char *key)
{
	jv value;

	if (json_type(object) != JSON_OBJECT)
		return NULL;
	value = jv_object_get(jv_copy(object->value), jv_string(key));
	if (jv_is_valid(value))
		return wrap(value, object);
	jv_free(value);
	return NULL;
}

size_t
json_count(const struct json *value)
{
	if (json_type(value) == JSON_ARRAY)
		return (size_t)jv_array_length(jv_copy(value->value));
	if (json_type(value) == JSON_OBJECT)
		return (size_t)jv_object_length(jv_copy(value->value));
	return 0;
}

struct json *
json_at(struct json *array, size_t i)
{
	if (json_type(array) != JSON_ARRAY || i >= json_count(array))
		return NULL;
	return wrap(jv_array_get(jv_copy(array->value), (int)i), array);
}

const char *
json_key_at(struct json *object, size_t i)
{
	struct json *holder;
	jv keys, key;

	if (json_type(object) != JSON_OBJECT || i >= json_count(object))
		return NULL;
	keys = jv_keys(jv_copy(object->value));
	key = jv_array_get(keys, (int)i);
	holder = wrap(jv_null(), object);
	holder->key = xstrdup(jv_string_value(key));
	jv_free(key);
	return holder->key;
}

struct slice
json_string(const struct json *value)
{
	if (json_type(value) != JSON_STRING)
		return (struct slice){"", 0};
	return (struct slice){jv_string_value(value->value),
	    (size_t)jv_string_length_bytes(jv_copy(value->value))};
}

double
json_number(const struct json *value)
{
	return json_type(value) == JSON_NUMBER ? jv_number_value(value->value)
					       : 0;
}

bool
json_bool(const struct json *value)
{
	return value && jv_get_kind(value->value) == JV_KIND_TRUE;
}
