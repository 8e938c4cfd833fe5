/* SPDX-License-Identifier: ISC */
#include "split.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "csvout.h"
#include "keyset_hash.h"
#include "num.h"

enum { MILLION = 1000000 };

void
split_at_option(const char *option, const char *text, struct split *split)
{
	size_t len = strlen(text);

	split->by = SPLIT_AT;
	split->share = -1;
	if (len && text[len - 1] == '%')
		split->share = num_share_option(option, text);
	else
		split->rows = (uint64_t)num_option(option, text, 0, INT64_MAX);
}

void
split_part_option(const char *option, const char *text, struct split *split)
{
	const char *slash = strchr(text, '/');
	struct slice part = {text, slash ? (size_t)(slash - text) : 0};
	int64_t k, n;

	if (!slash || num_int64(part, &k) ||
	    num_int64(slice_of(slash + 1), &n) || k < 1 || k > n)
		die(STATUS_TROUBLE, "%s: '%s' is not a part like 1/4 or 4/4",
		    option, text);
	split->part = (uint64_t)k - 1;
	split->parts = (uint64_t)n;
}

unsigned
split_flags(const struct split *split)
{
	if (split->by != SPLIT_AT)
		return 0;
	return CSVIN_RECORDS | (split->share < 0 ? 0 : CSVIN_REWIND);
}

/* What is known of an input. */
struct run {
	const struct split *split;
	struct csvin *in;
	size_t *at;    /* the fields of the time, or of the key */
	uint64_t rows; /* that are still to be in the first part */
	struct buf key;
};

static void
find_columns(struct run *run, const struct csvin_record *header)
{
	const struct split *split = run->split;
	struct cols names = {0};

	cols_from_header(&names, run->in, header);
	run->at = xcalloc(split->key.count + 1, sizeof(*run->at));
	if (split->by == SPLIT_BEFORE)
		run->at[0] = cols_require(&names, run->in, split->column);
	for (size_t i = 0; i < split->key.count; i++)
		run->at[i] = cols_require(&names, run->in, split->key.names[i]);
	cols_release(&names);
}

/* Sets how many records are in the first part; reads them, if need be. */
static void
count_rows(struct run *run)
{
	const struct split *split = run->split;
	struct csvin_record header;
	struct csvin_batch batch;
	uint64_t count = 0;

	run->rows = split->rows;
	if (split->by != SPLIT_AT || split->share < 0)
		return;
	while (csvin_xnext_batch(run->in, &batch))
		count += batch.nrecords;
	csvin_rewind(run->in);
	csvin_xnext(run->in, &header);
	run->rows = count / MILLION * (uint64_t)split->share +
		    count % MILLION * (uint64_t)split->share / MILLION;
}

static struct slice
value_of(struct run *run, const struct csvin_batch *batch, size_t row, size_t i)
{
	return csvin_value(run->in, csvin_batch_field(batch, row, run->at[i]));
}

static bool
is_before(struct run *run, const struct csvin_batch *batch, size_t row)
{
	struct slice value = value_of(run, batch, row, 0);
	struct csvin_record record;
	int64_t time;

	if (!clock_parse(value, &time))
		return time < run->split->before;
	csvin_batch_record(run->in, batch, row, &record);
	csvin_die(run->in, &record, "%s: '%.*s' is not a time",
	    run->split->column, (int)value.len, value.data);
}

static void
add_length(struct buf *key, uint64_t len)
{
	for (int i = 0; i < 8; i++, len >>= 8)
		buf_putc(key, (char)(len & 0xff));
}

static bool
is_in_part(struct run *run, const struct csvin_batch *batch, size_t row)
{
	const struct split *split = run->split;
	struct slice key = value_of(run, batch, row, 0);
	uint64_t hash;

	if (split->key.count > 1) {
		buf_clear(&run->key);
		for (size_t i = 0; i < split->key.count; i++) {
			struct slice value = value_of(run, batch, row, i);

			add_length(&run->key, value.len);
			buf_add_slice(&run->key, value);
		}
		key = buf_slice(&run->key);
	}
	keyset_hash(&key, 1, &hash);
	return hash % split->parts == split->part;
}

/* True if the next record is in the first part. */
static bool
is_first(struct run *run, const struct csvin_batch *batch, size_t row)
{
	switch (run->split->by) {
	case SPLIT_BEFORE:
		return is_before(run, batch, row);
	case SPLIT_HASH:
		return is_in_part(run, batch, row);
	default:
		return run->rows && run->rows--;
	}
}

/* Copies the records from one up to another, at once if it can. */
static void
copy_rows(
    const struct csvin_batch *batch, size_t from, size_t to, struct out *out)
{
	size_t begin = csvin_batch_begin(batch, from);

	if (!out || from == to)
		return;
	if (!batch->crlf) {
		out_write(
		    out, batch->base + begin, batch->end[to - 1] + 1 - begin);
		return;
	}
	for (; from < to; from++) {
		out_slice(out, csvin_batch_slice(batch, from));
		out_putc(out, '\n');
	}
}

static void
split_batch(struct run *run, const struct csvin_batch *batch, struct out *first,
    struct out *rest)
{
	size_t from = 0;
	bool was_first = false;

	for (size_t i = 0; i < batch->nrecords; i++) {
		bool now_first = is_first(run, batch, i);

		if (now_first == was_first)
			continue;
		copy_rows(batch, from, i, was_first ? first : rest);
		from = i;
		was_first = now_first;
	}
	copy_rows(batch, from, batch->nrecords, was_first ? first : rest);
}

void
split_records(const struct split *split, struct csvin *in, struct out *first,
    struct out *rest)
{
	/* a key is no longer than its record and the lengths of its parts */
	struct run run = {.split = split, .in = in, .key = {.limit = SIZE_MAX}};
	struct csvin_record header;
	struct csvin_batch batch;

	if (!csvin_xnext(in, &header))
		return;
	find_columns(&run, &header);
	csvout_record(first, &header);
	if (rest)
		csvout_record(rest, &header);
	count_rows(&run);
	while (csvin_xnext_batch(in, &batch))
		split_batch(&run, &batch, first, rest);
	free(run.at);
	buf_release(&run.key);
}
