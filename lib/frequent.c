/* SPDX-License-Identifier: ISC */
#include "frequent.h"

#include <stdlib.h>
#include <string.h>

#include "rng.h"

/*
 * A hash table in groups of eight slots, as in Abseil's flat_hash_map: a tag
 * byte a slot, and the eight tags of a group compared at once, so that most
 * of the values that are not there cost one load. Tag 0 is a free slot; there
 * are SPARE times as many slots as entries.
 */
enum {
	GROUP = 8,
	SPARE = 4,
	FIRST = 64, /* entries to begin with */
	/* entries that are looked at to find a middling count */
	PROBES = 64,
	/* chance (15/16)^512 that none of so many occurrences is chosen */
	UNSEEN = 512,
};

struct entry {
	uint64_t hash;
	uint64_t count;
};

/* What is not looked at for each row, so that the rest stays in the cache. */
struct label {
	uint32_t len;
	char text[FREQUENT_TEXT];
};

struct frequent_table {
	struct entry *entries;
	struct label *labels; /* of each entry */
	size_t count, cap;
	uint64_t *tags;  /* of each group */
	uint16_t *slots; /* the entry's index */
	size_t groups;
	bool full;       /* a value found no place */
	bool sampled;    /* only chosen rows are taken in */
	uint64_t taken;  /* from each count */
	uint64_t purges; /* since it is sampled */
	uint64_t state;  /* of the generator */
	uint64_t row;
	uint64_t choices; /* four bits for each of the next strides */
};

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define TOP_BITS UINT64_C(0x8080808080808080)

/* The top bit of each zero byte; never of any other. */
static uint64_t
zero_bytes(uint64_t bytes)
{
	return ~(((bytes & ~TOP_BITS) + ~TOP_BITS) | bytes) & TOP_BITS;
}

static uint64_t
tag_of(uint64_t hash)
{
	return hash >> 57 | 0x80;
}

static struct entry *
find(struct frequent_table *table, uint64_t hash)
{
	const uint64_t tags = tag_of(hash) * EACH_BYTE;
	size_t group = hash & (table->groups - 1);

	for (;;) {
		uint64_t there = table->tags[group], same;

		for (same = zero_bytes(there ^ tags); same; same &= same - 1) {
			size_t at = (size_t)__builtin_ctzll(same) / 8;
			struct entry *entry =
			    table->entries + table->slots[group * GROUP + at];

			if (entry->hash == hash)
				return entry;
		}
		if (~there & TOP_BITS)
			return NULL;
		group = (group + 1) & (table->groups - 1);
	}
}

/* Enters an entry in the hash table. */
static void
enter(struct frequent_table *table, size_t index)
{
	uint64_t hash = table->entries[index].hash, gaps;
	size_t group = hash & (table->groups - 1), at;

	while (!(gaps = ~table->tags[group] & TOP_BITS))
		group = (group + 1) & (table->groups - 1);
	at = (size_t)__builtin_ctzll(gaps) / 8;
	table->tags[group] |= tag_of(hash) << (at * 8);
	table->slots[group * GROUP + at] = (uint16_t)index;
}

static void
enter_all(struct frequent_table *table)
{
	memset(table->tags, 0, table->groups * sizeof(*table->tags));
	for (size_t i = 0; i < table->count; i++)
		enter(table, i);
}

static void
resize(struct frequent_table *table, size_t cap)
{
	table->cap = cap;
	table->groups = SPARE * cap / GROUP;
	table->entries =
	    xrealloc(table->entries, cap * sizeof(*table->entries));
	table->labels = xrealloc(table->labels, cap * sizeof(*table->labels));
	table->tags =
	    xrealloc(table->tags, table->groups * sizeof(*table->tags));
	table->slots =
	    xrealloc(table->slots, SPARE * cap * sizeof(*table->slots));
	enter_all(table);
}

static struct frequent_table *
get_table(struct frequent *frequent)
{
	if (!frequent->table) {
		frequent->table = xcalloc(1, sizeof(*frequent->table));
		resize(frequent->table, FIRST);
	}
	return frequent->table;
}

static int
by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* A count that about half of the entries do not exceed; one does not. */
static uint64_t
middling_count(const struct frequent_table *table)
{
	uint64_t counts[PROBES];

	for (size_t i = 0; i < PROBES; i++)
		counts[i] = table->entries[i * (table->count / PROBES)].count;
	qsort(counts, PROBES, sizeof(*counts), by_number);
	return counts[PROBES / 2];
}

/* Takes a middling count from all entries; about half of them go. */
static void
purge(struct frequent_table *table)
{
	uint64_t middling = middling_count(table);
	size_t left = 0;

	for (size_t i = 0; i < table->count; i++) {
		if (table->entries[i].count <= middling)
			continue;
		table->entries[left] = table->entries[i];
		table->labels[left] = table->labels[i];
		table->entries[left++].count -= middling;
	}
	table->count = left;
	table->taken += middling;
	table->purges += table->sampled;
	enter_all(table);
}

/* Takes a value in, whatever has to go for it. */
static void
insert(struct frequent_table *table, struct frequent_value value)
{
	struct label *label;

	if (table->count == FREQUENT_VALUES)
		purge(table);
	else if (table->count == table->cap)
		resize(table, 2 * table->cap);
	table->entries[table->count] = (struct entry){value.hash, value.count};
	label = &table->labels[table->count];
	label->len = value.cut || value.text.len > FREQUENT_TEXT
			 ? FREQUENT_TEXT + 1
			 : (uint32_t)value.text.len;
	memcpy(label->text, value.text.data,
	    label->len < FREQUENT_TEXT ? label->len : FREQUENT_TEXT);
	enter(table, table->count++);
}

/* True once in each stride of rows, at a place that is left to chance. */
static bool
is_chosen(struct frequent_table *table, uint64_t row)
{
	uint64_t at = row % FREQUENT_STRIDE;
	uint64_t stride = row / FREQUENT_STRIDE % 16;

	if (at == 0 && stride == 0)
		table->choices = rng_next(&table->state);
	return at == (table->choices >> 4 * stride) % FREQUENT_STRIDE;
}

/* A value that is not in the table. */
static void
add_new(
    struct frequent_table *table, struct slice text, uint64_t hash, bool chosen)
{
	table->full |= table->count == FREQUENT_VALUES;
	table->sampled |= table->full && table->row >= FREQUENT_ALL;
	if (chosen || !table->sampled)
		insert(table, (struct frequent_value){
				  .text = text, .hash = hash, .count = 1});
}

void
frequent_add(struct frequent *frequent, const struct slice *values,
    const uint64_t *hashes, size_t count)
{
	struct frequent_table *table = get_table(frequent);

	for (size_t i = 0; i < count; i++) {
		struct entry *entry = find(table, hashes[i]);
		bool chosen = is_chosen(table, table->row++);

		if (entry)
			entry->count++;
		else
			add_new(table, values[i], hashes[i], chosen);
	}
}

static struct frequent_value
value_at(const struct frequent_table *table, size_t i)
{
	const struct label *label = &table->labels[i];
	bool cut = label->len > FREQUENT_TEXT;

	return (struct frequent_value){
	    .text = {label->text, cut ? FREQUENT_TEXT : label->len},
	    .hash = table->entries[i].hash,
	    .count = table->entries[i].count,
	    .cut = cut,
	};
}

void
frequent_merge(struct frequent *frequent, const struct frequent *other)
{
	struct frequent_table *table = get_table(frequent);

	if (!other->table)
		return;
	for (size_t i = 0; i < other->table->count; i++) {
		const struct entry *more = &other->table->entries[i];
		struct entry *entry = find(table, more->hash);

		if (entry) {
			entry->count += more->count;
			continue;
		}
		table->full |= table->count == FREQUENT_VALUES;
		insert(table, value_at(other->table, i));
	}
	table->full |= other->table->full;
	table->sampled |= other->table->sampled;
	table->taken += other->table->taken;
	table->purges += other->table->purges;
	table->row += other->table->row;
}

size_t
frequent_count(const struct frequent *frequent)
{
	return frequent->table ? frequent->table->count : 0;
}

size_t
frequent_hashes(
    const struct frequent *frequent, uint64_t hashes[FREQUENT_VALUES])
{
	size_t count = frequent_count(frequent);

	for (size_t i = 0; i < count; i++)
		hashes[i] = frequent->table->entries[i].hash;
	return count;
}

uint64_t
frequent_error(const struct frequent *frequent)
{
	const struct frequent_table *table = frequent->table;

	if (!table || !table->full)
		return 0;
	if (!table->sampled)
		return table->taken;
	/*
	 * What is held loses what is taken. A value that is not held comes in
	 * with one of 16 occurrences, and a purge drives it out once at most:
	 * with twice as many as that allows for, it is held.
	 */
	return table->taken + UNSEEN + 2 * FREQUENT_STRIDE * table->purges;
}

/* An entry to be sorted. */
struct place {
	uint64_t count;
	size_t index; /* rises in the order of arrival */
};

static int
by_count(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return (x->index > y->index) - (x->index < y->index);
}

size_t
frequent_list(
    const struct frequent *frequent, struct frequent_value *list, size_t max)
{
	const struct frequent_table *table = frequent->table;
	struct place places[FREQUENT_VALUES];
	size_t count = frequent_count(frequent);

	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){table->entries[i].count, i};
	qsort(places, count, sizeof(*places), by_count);
	count = count < max ? count : max;
	for (size_t i = 0; i < count; i++)
		list[i] = value_at(table, places[i].index);
	return count;
}

void
frequent_release(struct frequent *frequent)
{
	if (!frequent->table)
		return;
	free(frequent->table->entries);
	free(frequent->table->labels);
	free(frequent->table->tags);
	free(frequent->table->slots);
	free(frequent->table);
	*frequent = (struct frequent){0};
}
