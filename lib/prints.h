/* SPDX-License-Identifier: ISC */
/*
 * prints - a map from fingerprints to numbers, by open addressing
 *
 * A wide print is 128 bits: 21 to 43 bytes each. A narrow one is the low 64
 * bits alone: 11 to 21 bytes. Numbers, where they are kept, add 11 to 21.
 * Parts of the map grow one after the other, so that memory grows in small
 * steps. The low bits must be as good as random, and not 0.
 */
#ifndef PRINTS_H
#define PRINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct print {
	uint64_t low, high;
};

struct prints;

enum prints_width { PRINTS_NARROW = 1, PRINTS_WIDE = 2 };

/* An empty map; prints_free() frees. Without numbers all of them are 0. */
struct prints *prints_new(enum prints_width width, bool numbers);
void prints_free(struct prints *map);

/* Asks the processor for the memory that the next call with print needs. */
void prints_prefetch(const struct prints *map, struct print print);

/*
 * Adds a print with its number and returns true; or returns false, with
 * *number the one it was given, if it is there.
 */
bool prints_add(struct prints *map, struct print print, uint64_t *number);

/* True if the print is there, with its number in *number. */
bool prints_find(
    const struct prints *map, struct print print, uint64_t *number);

/* Bytes allocated. */
size_t prints_memory(const struct prints *map);

/* Calls each() for every print, in no order; of narrow ones .high is 0. */
void prints_each(const struct prints *map,
    void (*each)(void *context, struct print print, uint64_t number),
    void *context);

#endif
