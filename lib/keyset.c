/* SPDX-License-Identifier: ISC */
#include "keyset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "ascend.h"
#include "io.h"

/*
 * No key is in two of them: one that is not in rising was less than its last
 * key, or too long, and so it will be again.
 */
struct keyset {
	struct ascend *rising;
	struct prints *decimals; /* by decimal_print(), of which low is exact */
	struct prints *others;   /* by text_print() */
	bool numbers;
	uint64_t seed;
};

static void
fill(struct keyset *set)
{
	set->rising = ascend_new(set->numbers);
	set->decimals = prints_new(PRINTS_NARROW, set->numbers);
	set->others = prints_new(PRINTS_WIDE, set->numbers);
}

static void
empty(struct keyset *set)
{
	ascend_free(set->rising);
	prints_free(set->decimals);
	prints_free(set->others);
}

struct keyset *
keyset_xnew(bool numbers)
{
	static const char source[] = "/dev/urandom";
	struct keyset *set = xcalloc(1, sizeof(*set));
	int fd = io_open(source);
	ssize_t got = fd < 0 ? -1 : io_read(fd, &set->seed, sizeof(set->seed));

	if (got != sizeof(set->seed))
		die(STATUS_TROUBLE, "%s: %s", source,
		    got < 0 ? strerror(errno) : "end of file");
	close(fd);
	/* no decimal is the seed, see decimal_print() */
	set->seed |= (uint64_t)0xf << 60;
	set->numbers = numbers;
	fill(set);
	return set;
}

void
keyset_clear(struct keyset *set)
{
	empty(set);
	fill(set);
}

void
keyset_free(struct keyset *set)
{
	if (!set)
		return;
	empty(set);
	free(set);
}

void
keyset_part(struct buf *key, struct slice part)
{
	uint64_t len = part.len;

	buf_add(key, &len, sizeof(len));
	buf_add_slice(key, part);
}

/* The finalizer of MurmurHash3: one to one, and only 0 gives 0. */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
	x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}

/* All of the print is in its low bits, which are the decimal's alone. */
static struct print
from_low(const struct keyset *set, uint64_t low)
{
	return (struct print){low, mix(low + set->seed)};
}

static struct print
decimal_print(const struct keyset *set, uint64_t value)
{
	return from_low(set, mix(value ^ set->seed));
}

static struct print
text_print(const struct keyset *set, struct slice key)
{
	XXH128_hash_t hash =
	    XXH3_128bits_withSeed(key.data, key.len, set->seed);

	return (struct print){hash.low64 + !hash.low64, hash.high64};
}

struct print
keyset_print(const struct keyset *set, struct slice key)
{
	uint64_t value;

	return ascend_decimal(key, &value) ? decimal_print(set, value)
					   : text_print(set, key);
}

bool
keyset_find(const struct keyset *set, struct slice key, uint64_t *number)
{
	uint64_t value;

	if (ascend_decimal(key, &value))
		return ascend_find_decimal(set->rising, value, number) ||
		       prints_find(
			   set->decimals, decimal_print(set, value), number);
	return ascend_find_text(set->rising, key, number) ||
	       prints_find(set->others, text_print(set, key), number);
}

/* A key that has to go, or is, in one of the maps of prints. */
struct pending {
	struct prints *map;
	struct print print;
	size_t at; /* in its batch */
};

/* Adds a key if it rises; else says in *pending where it belongs. */
static inline enum ascend_answer
add_rising(struct keyset *set, struct slice key, uint64_t *number,
    struct pending *pending)
{
	enum ascend_answer answer;
	uint64_t value;

	if (ascend_decimal(key, &value)) {
		answer = ascend_add_decimal(set->rising, value, number);
		if (answer == ASCEND_OTHER) {
			pending->map = set->decimals;
			pending->print = decimal_print(set, value);
		}
		return answer;
	}
	answer = ascend_add_text(set->rising, key, number);
	if (answer == ASCEND_OTHER) {
		pending->map = set->others;
		pending->print = text_print(set, key);
	}
	return answer;
}

bool
keyset_add(struct keyset *set, struct slice key, uint64_t *number)
{
	struct pending pending;
	enum ascend_answer answer = add_rising(set, key, number, &pending);

	if (answer != ASCEND_OTHER)
		return answer == ASCEND_NEW;
	return prints_add(pending.map, pending.print, number);
}

void
keyset_add_batch(
    struct keyset *set, struct keyset_key *keys, size_t count, uint64_t *next)
{
	struct pending pending[KEYSET_BATCH];
	size_t npending = 0;

	for (size_t i = 0; i < count; i++) {
		struct pending *later = &pending[npending];
		enum ascend_answer answer;

		keys[i].number = *next;
		answer = add_rising(set, keys[i].key, &keys[i].number, later);
		keys[i].fresh = answer == ASCEND_NEW;
		*next += keys[i].fresh;
		if (answer != ASCEND_OTHER)
			continue;
		prints_prefetch(later->map, later->print);
		later->at = i;
		npending++;
	}
	for (size_t i = 0; i < npending; i++) {
		struct keyset_key *key = &keys[pending[i].at];

		key->number = *next;
		key->fresh =
		    prints_add(pending[i].map, pending[i].print, &key->number);
		*next += key->fresh;
	}
}

size_t
keyset_memory(const struct keyset *set)
{
	return ascend_memory(set->rising) + prints_memory(set->decimals) +
	       prints_memory(set->others);
}

/* Of keyset_each(), for the keys that are held exactly. */
struct visit {
	const struct keyset *set;
	void (*each)(void *context, struct print print, uint64_t number);
	void *context;
};

static void
visit_decimal(void *context, uint64_t value, uint64_t number)
{
	const struct visit *visit = context;

	visit->each(visit->context, decimal_print(visit->set, value), number);
}

static void
visit_text(void *context, struct slice text, uint64_t number)
{
	const struct visit *visit = context;

	visit->each(visit->context, text_print(visit->set, text), number);
}

static void
visit_low(void *context, struct print print, uint64_t number)
{
	const struct visit *visit = context;

	visit->each(visit->context, from_low(visit->set, print.low), number);
}

void
keyset_each(const struct keyset *set,
    void (*each)(void *context, struct print print, uint64_t number),
    void *context)
{
	struct visit visit = {set, each, context};
	struct ascend_visitor visitor = {visit_decimal, visit_text, &visit};

	ascend_each(set->rising, &visitor);
	prints_each(set->decimals, visit_low, &visit);
	prints_each(set->others, each, context);
}
