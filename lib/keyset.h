/* SPDX-License-Identifier: ISC */
/*
 * keyset - a map from keys to numbers, in little memory (xxHash)
 *
 * A key is not kept, only its 128-bit XXH3 fingerprint, with a seed that is
 * random in every run: two different keys are taken for equal with a chance
 * of n^2 / 2^129 for n keys, about 1e-21 for 1e9 of them. Nothing that the
 * map answers depends on the seed.
 *
 * Memory is 32 to 64 bytes a key, and half as much again while it grows.
 */
#ifndef KEYSET_H
#define KEYSET_H

#include <stdint.h>

#include "buf.h"

struct keyset;

/*
 * An empty map, which keyset_free() frees. Dies if the system gives no random
 * seed.
 */
struct keyset *keyset_xnew(void);
void keyset_free(struct keyset *set);

/*
 * Appends one part to a key being built, with its length before it, so that
 * ("ab", "c") and ("a", "bc") are different keys.
 */
void keyset_part(struct buf *key, struct slice part);

/*
 * The number of a key, or NULL if the key is not in the map. It may be
 * changed through the pointer, which lasts until the next keyset_add().
 */
uint64_t *keyset_find(struct keyset *set, struct slice key);

/*
 * As keyset_find(), but adds a key that is not in the map, with the number
 * given, and returns NULL.
 */
uint64_t *keyset_add(struct keyset *set, struct slice key, uint64_t number);

#endif
