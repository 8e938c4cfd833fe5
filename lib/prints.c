/* SPDX-License-Identifier: ISC */
#include "prints.h"

#include <stdlib.h>

#include "buf.h"
#include "pages.h"

/* Few enough for their tables to be of huge pages soon. */
enum { SEGMENT_BITS = 4, SEGMENTS = 1 << SEGMENT_BITS, FIRST_SIZE = 64 };

/* A slot is one or two words; one that begins with 0 is free. */
struct segment {
	uint64_t *slots;
	uint64_t *numbers;  /* of the slots, or NULL */
	size_t size, count; /* size is 0 or a power of two */
};

struct prints {
	struct segment segments[SEGMENTS];
	size_t width; /* words of a slot */
	bool numbered;
	size_t memory;
};

struct prints *
prints_new(enum prints_width width, bool numbers)
{
	struct prints *map = xcalloc(1, sizeof(*map));

	map->width = width;
	map->numbered = numbers;
	map->memory = sizeof(*map);
	return map;
}

/* Bytes of the slots, and of their numbers. */
static size_t
slots_size(const struct prints *map, const struct segment *segment)
{
	return segment->size * map->width * sizeof(uint64_t);
}

static size_t
numbers_size(const struct segment *segment)
{
	return segment->size * sizeof(uint64_t);
}

static void
release(const struct prints *map, const struct segment *segment)
{
	if (!segment->size)
		return;
	pages_free(segment->slots, slots_size(map, segment));
	if (map->numbered)
		pages_free(segment->numbers, numbers_size(segment));
}

void
prints_free(struct prints *map)
{
	for (int i = 0; map && i < SEGMENTS; i++)
		release(map, &map->segments[i]);
	free(map);
}

size_t
prints_memory(const struct prints *map)
{
	return map->memory;
}

/* The place in a segment of the print, or the free one where it belongs. */
static size_t
probe(size_t width, const struct segment *segment, struct print print)
{
	size_t mask = segment->size - 1, at = (size_t)print.low & mask;

	for (;; at = (at + 1) & mask) {
		const uint64_t *slot = &segment->slots[at * width];

		if (!slot[0] || (slot[0] == print.low &&
				    (width == 1 || slot[1] == print.high)))
			return at;
	}
}

/* The print in a slot; its low bits are 0 if it is free. */
static struct print
at_slot(const struct prints *map, const struct segment *segment, size_t at)
{
	const uint64_t *slot = &segment->slots[at * map->width];

	return (struct print){slot[0], map->width == 1 ? 0 : slot[1]};
}

static void
put(const struct prints *map, struct segment *segment, size_t at,
    struct print print, uint64_t number)
{
	uint64_t *slot = &segment->slots[at * map->width];

	slot[0] = print.low;
	if (map->width == 2)
		slot[1] = print.high;
	if (map->numbered)
		segment->numbers[at] = number;
}

static void
grow(struct prints *map, struct segment *segment)
{
	struct segment old = *segment;

	segment->size = old.size ? old.size * 2 : FIRST_SIZE;
	segment->slots = pages_get(slots_size(map, segment));
	if (map->numbered)
		segment->numbers = pages_get(numbers_size(segment));
	map->memory += slots_size(map, segment) - slots_size(map, &old);
	if (map->numbered)
		map->memory += numbers_size(segment) - numbers_size(&old);
	for (size_t i = 0; i < old.size; i++) {
		struct print print = at_slot(map, &old, i);

		if (print.low)
			put(map, segment, probe(map->width, segment, print),
			    print, map->numbered ? old.numbers[i] : 0);
	}
	release(map, &old);
}

static inline size_t
segment_of(struct print print)
{
	return print.low >> (64 - SEGMENT_BITS);
}

void
prints_prefetch(const struct prints *map, struct print print)
{
#if defined(__GNUC__)
	const struct segment *segment = &map->segments[segment_of(print)];
	size_t at = (size_t)print.low & (segment->size - 1);

	if (segment->size)
		__builtin_prefetch(&segment->slots[at * map->width]);
#else
	(void)map;
	(void)print;
#endif
}

bool
prints_add(struct prints *map, struct print print, uint64_t *number)
{
	struct segment *segment = &map->segments[segment_of(print)];
	size_t at;

	if (segment->count >= segment->size / 4 * 3)
		grow(map, segment);
	at = map->width == 1 ? probe(1, segment, print)
			     : probe(2, segment, print);
	if (segment->slots[at * map->width]) {
		*number = map->numbered ? segment->numbers[at] : 0;
		return false;
	}
	put(map, segment, at, print, *number);
	segment->count++;
	return true;
}

bool
prints_find(const struct prints *map, struct print print, uint64_t *number)
{
	const struct segment *segment = &map->segments[segment_of(print)];
	size_t at;

	if (!segment->size)
		return false;
	at = probe(map->width, segment, print);
	if (!segment->slots[at * map->width])
		return false;
	*number = map->numbered ? segment->numbers[at] : 0;
	return true;
}

void
prints_each(const struct prints *map,
    void (*each)(void *context, struct print print, uint64_t number),
    void *context)
{
	for (int i = 0; i < SEGMENTS; i++) {
		const struct segment *segment = &map->segments[i];

		for (size_t j = 0; j < segment->size; j++) {
			struct print print = at_slot(map, segment, j);

			if (print.low)
				each(context, print,
				    map->numbered ? segment->numbers[j] : 0);
		}
	}
}
