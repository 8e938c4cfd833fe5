/* SPDX-License-Identifier: ISC */
/*
 * ascend - a map from rising keys to numbers, exact and small
 *
 * Keys are of two forms, which do not meet. The map takes a key that is
 * greater than all of its form, and finds the keys it holds; any other key is
 * for another map.
 *
 *   decimal  at most 19 digits without a sign or a needless zero, by value.
 *            Keys with equal steps between them, and numbers that rise by
 *            one, are one run of 32 bytes. Any two keys make a run, so that a
 *            key takes at most 16 bytes, and next to none if times follow at
 *            a fixed step.
 *   text     at most 15 bytes, by the bytes: 16 bytes a key, and 8 more if
 *            numbers are kept
 *
 * With numbers that do not rise by one a run may hold one key only.
 */
#ifndef ASCEND_H
#define ASCEND_H

#include <stdint.h>

#include "buf.h"

enum { ASCEND_TEXT_MAX = 15, ASCEND_DIGITS_MAX = 19 };

/* True if the key is such a decimal, with its value. */
bool ascend_decimal(struct slice key, uint64_t *value);

enum ascend_answer {
	ASCEND_NEW,   /* the key was taken */
	ASCEND_FOUND, /* it was there */
	ASCEND_OTHER, /* it is neither there nor greater, or too long */
};

struct ascend;

/* An empty map; ascend_free() frees. Without numbers all of them are 0. */
struct ascend *ascend_new(bool numbers);
void ascend_free(struct ascend *map);

/* Takes a key with its number, or puts into *number the one it was given. */
enum ascend_answer ascend_add_decimal(
    struct ascend *map, uint64_t value, uint64_t *number);
enum ascend_answer ascend_add_text(
    struct ascend *map, struct slice text, uint64_t *number);

/* True if the key is there, with its number in *number. */
bool ascend_find_decimal(
    const struct ascend *map, uint64_t value, uint64_t *number);
bool ascend_find_text(
    const struct ascend *map, struct slice text, uint64_t *number);

/* Bytes in use. */
size_t ascend_memory(const struct ascend *map);

/* Is called with each key of a form. */
struct ascend_visitor {
	void (*decimal)(void *context, uint64_t value, uint64_t number);
	void (*text)(void *context, struct slice text, uint64_t number);
	void *context;
};
void ascend_each(
    const struct ascend *map, const struct ascend_visitor *visitor);

#endif
