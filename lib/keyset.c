/* SPDX-License-Identifier: ISC */
#include "keyset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "io.h"

enum { FIRST_SIZE = 1024 };

/* A fingerprint of {0, 0} marks a slot that is free. */
struct slot {
	uint64_t low, high;
	uint64_t number;
};

/* Open addressing with linear probing; size is a power of two. */
struct keyset {
	struct slot *slots;
	size_t size;
	size_t count;
	uint64_t seed;
};

struct keyset *
keyset_xnew(void)
{
	static const char source[] = "/dev/urandom";
	struct keyset *set = xcalloc(1, sizeof(*set));
	int fd = io_open(source);
	ssize_t got = fd < 0 ? -1 : io_read(fd, &set->seed, sizeof(set->seed));

	if (got != sizeof(set->seed))
		die(STATUS_TROUBLE, "%s: %s", source,
		    got < 0 ? strerror(errno) : "end of file");
	close(fd);
	set->size = FIRST_SIZE;
	set->slots = xcalloc(set->size, sizeof(*set->slots));
	return set;
}

void
keyset_free(struct keyset *set)
{
	if (!set)
		return;
	free(set->slots);
	free(set);
}

void
keyset_part(struct buf *key, struct slice part)
{
	uint64_t len = part.len;

	buf_add(key, &len, sizeof(len));
	buf_add_slice(key, part);
}

static bool
is_free(const struct slot *slot)
{
	return slot->low == 0 && slot->high == 0;
}

/* The slot that holds the fingerprint, or the free one where it belongs. */
static struct slot *
probe(const struct keyset *set, uint64_t low, uint64_t high)
{
	size_t at = (size_t)low & (set->size - 1);

	while (!is_free(&set->slots[at]) &&
	       (set->slots[at].low != low || set->slots[at].high != high))
		at = (at + 1) & (set->size - 1);
	return &set->slots[at];
}

static struct slot *
probe_key(const struct keyset *set, struct slice key, struct slot *wanted)
{
	XXH128_hash_t hash =
	    XXH3_128bits_withSeed(key.data, key.len, set->seed);

	*wanted = (struct slot){.low = hash.low64, .high = hash.high64};
	wanted->high += is_free(wanted);
	return probe(set, wanted->low, wanted->high);
}

static void
grow(struct keyset *set)
{
	struct keyset old = *set;

	set->size *= 2;
	set->slots = xcalloc(set->size, sizeof(*set->slots));
	for (size_t i = 0; i < old.size; i++) {
		const struct slot *slot = &old.slots[i];

		if (!is_free(slot))
			*probe(set, slot->low, slot->high) = *slot;
	}
	free(old.slots);
}

uint64_t *
keyset_find(struct keyset *set, struct slice key)
{
	struct slot wanted, *slot = probe_key(set, key, &wanted);

	return is_free(slot) ? NULL : &slot->number;
}

uint64_t *
keyset_add(struct keyset *set, struct slice key, uint64_t number)
{
	struct slot wanted, *slot = probe_key(set, key, &wanted);

	if (!is_free(slot))
		return &slot->number;
	wanted.number = number;
	*slot = wanted;
	if (++set->count > set->size / 4 * 3)
		grow(set);
	return NULL;
}
