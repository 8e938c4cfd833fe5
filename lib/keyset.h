/* SPDX-License-Identifier: ISC */
/*
 * keyset - a map from keys to numbers, in little memory (xxHash)
 *
 * A key is any bytes. Keys are held exactly as long as they rise, in at most
 * 16 bytes each (ascend.h), and exactly as well if they are decimals of at most
 * 19 digits without a sign or a needless zero, in 11 to 21. Of any other key
 * only its 128-bit XXH3 fingerprint is held, in 21 to 43 (prints.h), with a
 * seed that is random in every run: two different keys are taken for equal with
 * a chance of n^2 / 2^129 for n keys, about 1e-21 for 1e9 of them. Nothing that
 * the map answers depends on the seed, or on how a key is held.
 */
#ifndef KEYSET_H
#define KEYSET_H

#include <stdint.h>

#include "buf.h"
#include "prints.h"

struct keyset;

/*
 * An empty map, which keyset_free() frees; without numbers all of them are 0,
 * and memory is less. Numbers that rise by one from key to new key cost least.
 * Dies if the system gives no random seed.
 */
struct keyset *keyset_xnew(bool numbers);
void keyset_free(struct keyset *set);

/* Forgets all keys, but not the seed: fingerprints stay what they are. */
void keyset_clear(struct keyset *set);

/*
 * Appends one part to a key of several parts being built, with its length
 * before it, so that ("ab", "c") and ("a", "bc") are different keys. A key of
 * one part is best given as it is: it may then be held exactly.
 */
void keyset_part(struct buf *key, struct slice part);

/* True if the key is there, with its number in *number. */
bool keyset_find(const struct keyset *set, struct slice key, uint64_t *number);

/*
 * Adds a key with its number and returns true; or returns false, with *number
 * the one it was given, if it is there.
 */
bool keyset_add(struct keyset *set, struct slice key, uint64_t *number);

enum { KEYSET_BATCH = 64 };

/*
 * A key of a batch. The new keys of a batch are numbered from *next, in some
 * order, and *next is moved on.
 */
struct keyset_key {
	struct slice key;
	uint64_t number; /* its own if it is new, else the one it was given */
	bool fresh;      /* it was not there */
};

/* Adds up to KEYSET_BATCH keys, faster than one by one. */
void keyset_add_batch(
    struct keyset *set, struct keyset_key *keys, size_t count, uint64_t *next);

/* The fingerprint of a key. */
struct print keyset_print(const struct keyset *set, struct slice key);

/* Bytes in use. */
size_t keyset_memory(const struct keyset *set);

/* Calls each() for the fingerprint of every key, in no order. */
void keyset_each(const struct keyset *set,
    void (*each)(void *context, struct print print, uint64_t number),
    void *context);

#endif
