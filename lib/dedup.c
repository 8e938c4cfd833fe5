/* SPDX-License-Identifier: ISC */
#include "dedup.h"

#include <stdlib.h>
#include <string.h>

#include "csvout.h"
#include "scratch.h"

enum { SPOOL_BUFFER = 256 * 1024 };

struct dedup {
	const struct dedup_plan *plan;
	struct csvin *in;
	struct out *out, *dups;

	size_t *key_at; /* the fields of the key */
	size_t by_at;
	struct winners *winners;

	struct winners_row rows[KEYSET_BATCH];
	struct buf keys; /* of rows, if they have several parts */
	uint64_t judged; /* rows written, or spooled */
	bool leading;    /* the key is the first column, and all we need */

	bool spooling;
	struct scratch spool; /* a length and a record with its LF each */
	uint64_t spooled;     /* number of the first row in it */
};

unsigned
dedup_flags(const struct dedup_plan *plan)
{
	return plan->winners.keep == KEEP_FIRST ? 0 : CSVIN_REWIND;
}

static void
find_columns(struct dedup *dedup, const struct csvin_record *header)
{
	const struct dedup_plan *plan = dedup->plan;
	struct cols names = {0};

	cols_from_header(&names, dedup->in, header);
	dedup->key_at = xcalloc(plan->key.count, sizeof(size_t));
	for (size_t i = 0; i < plan->key.count; i++)
		dedup->key_at[i] =
		    cols_require(&names, dedup->in, plan->key.names[i]);
	if (plan->by)
		dedup->by_at = cols_require(&names, dedup->in, plan->by);
	cols_release(&names);
	dedup->leading =
	    plan->key.count == 1 && dedup->key_at[0] == 0 && !plan->by;
}

/* The first field of a record, as it stands in the input. */
static struct slice
leading_field(struct slice record)
{
	const char *at = record.data, *end = at + record.len;

	if (at < end && *at == '"') {
		/* behind each pair of quotes is a quote, or the end */
		do
			at = (const char *)memchr(
				 at + 1, '"', (size_t)(end - at - 1)) +
			     1;
		while (at < end && *at == '"');
	} else {
		at = memchr(at, ',', record.len);
		if (!at)
			return record;
	}
	return (struct slice){record.data, (size_t)(at - record.data)};
}

static struct slice
value_of(struct dedup *dedup, const struct csvin_batch *batch, size_t record,
    size_t field)
{
	return csvin_value(dedup->in, csvin_batch_field(batch, record, field));
}

/* The key of a record; one of several parts is put behind keys. */
static struct slice
key_of(struct dedup *dedup, const struct csvin_batch *batch, size_t record)
{
	size_t before = dedup->keys.len;

	if (dedup->leading) {
		struct slice field =
		    leading_field(csvin_batch_slice(batch, record));

		return batch->quoted ? csvin_value(dedup->in, field) : field;
	}
	if (dedup->plan->key.count == 1)
		return value_of(dedup, batch, record, dedup->key_at[0]);
	for (size_t i = 0; i < dedup->plan->key.count; i++)
		keyset_part(&dedup->keys,
		    value_of(dedup, batch, record, dedup->key_at[i]));
	/* where it will lie is known when all of them are made */
	return (struct slice){NULL, dedup->keys.len - before};
}

static void
place_keys(struct dedup *dedup, size_t count)
{
	const char *at = dedup->keys.data;

	if (dedup->plan->key.count == 1)
		return;
	for (size_t i = 0; i < count; i++) {
		dedup->rows[i].key.data = at;
		at += dedup->rows[i].key.len;
	}
}

static _Noreturn void
die_of(const struct dedup *dedup, const char *reason)
{
	out_flush(dedup->out);
	die(STATUS_TROUBLE, "%s", reason);
}

/* Adds records from on to the winners. */
static void
add(struct dedup *dedup, const struct csvin_batch *batch, size_t from,
    size_t count)
{
	buf_clear(&dedup->keys);
	for (size_t i = 0; i < count; i++) {
		struct winners_row *row = &dedup->rows[i];

		row->key = key_of(dedup, batch, from + i);
		if (dedup->plan->by)
			row->value =
			    value_of(dedup, batch, from + i, dedup->by_at);
		if (dedup->plan->winners.compare)
			row->record = csvin_batch_slice(batch, from + i);
	}
	place_keys(dedup, count);
	if (winners_add(dedup->winners, dedup->rows, count))
		die_of(dedup, winners_error(dedup->winners));
}

/* The header has been read: its record's fields are not needed further. */
static void
begin_records(struct dedup *dedup)
{
	if (dedup->leading)
		csvin_records_only(dedup->in);
}

/* Writes records from to below to. */
static void
copy(struct out *out, const struct csvin_batch *batch, size_t from, size_t to)
{
	size_t begin = csvin_batch_begin(batch, from);

	if (!out || from == to)
		return;
	if (!batch->crlf) {
		out_write(out, batch->base + begin,
		    csvin_batch_begin(batch, to) - begin);
		return;
	}
	for (size_t i = from; i < to; i++) {
		out_slice(out, csvin_batch_slice(batch, i));
		out_putc(out, '\n');
	}
}

static void
check_spool(const struct dedup *dedup)
{
	if (!dedup->spool.error)
		return;
	out_flush(dedup->out);
	die(STATUS_TROUBLE, "%s: %s", scratch_folder(),
	    strerror(dedup->spool.error));
}

static void
spool(struct dedup *dedup, const struct csvin_batch *batch, size_t from,
    size_t count)
{
	if (!dedup->spooling) {
		scratch_init(&dedup->spool, SPOOL_BUFFER);
		dedup->spooling = true;
		dedup->spooled = dedup->judged;
	}
	for (size_t i = from; i < from + count; i++) {
		struct slice record = csvin_batch_slice(batch, i);
		uint32_t len = (uint32_t)record.len + 1;

		scratch_write(&dedup->spool, &len, sizeof(len));
		scratch_write(&dedup->spool, record.data, record.len);
		scratch_write(&dedup->spool, "\n", 1);
	}
	check_spool(dedup);
}

/* A run of records that go the same way is written as one. */
struct run {
	size_t from;
	bool stays;
};

static void
end_run(struct dedup *dedup, const struct csvin_batch *batch, struct run *run,
    size_t to)
{
	copy(run->stays ? dedup->out : dedup->dups, batch, run->from, to);
	run->from = to;
}

/* Goes through a batch of which add() tells what stays. */
static void
stream(struct dedup *dedup, const struct csvin_batch *batch)
{
	struct run run = {0};

	for (size_t i = 0; i < batch->nrecords; i += KEYSET_BATCH) {
		size_t left = batch->nrecords - i;
		size_t count = left < KEYSET_BATCH ? left : KEYSET_BATCH;
		bool spilled = winners_spilled(dedup->winners);

		add(dedup, batch, i, count);
		if (spilled) {
			end_run(dedup, batch, &run, i);
			run.from = i + count;
			spool(dedup, batch, i, count);
			continue;
		}
		for (size_t j = 0; j < count; j++) {
			if (dedup->rows[j].stays == run.stays)
				continue;
			end_run(dedup, batch, &run, i + j);
			run.stays = dedup->rows[j].stays;
		}
		dedup->judged += count;
	}
	end_run(dedup, batch, &run, batch->nrecords);
}

/* Goes through a batch when it is known what stays. */
static void
choose(struct dedup *dedup, const struct csvin_batch *batch)
{
	struct run run = {0};

	for (size_t i = 0; i < batch->nrecords; i++) {
		bool stays = winners_has(dedup->winners, dedup->judged++);

		if (stays == run.stays)
			continue;
		end_run(dedup, batch, &run, i);
		run.stays = stays;
	}
	end_run(dedup, batch, &run, batch->nrecords);
}

static void
settle(struct dedup *dedup)
{
	if (winners_settle(dedup->winners))
		die_of(dedup, winners_error(dedup->winners));
}

/* Writes what was spooled. */
static void
unspool(struct dedup *dedup)
{
	struct scratch *file = &dedup->spool;
	const char *data;
	uint32_t len;

	scratch_rewind(file);
	for (uint64_t row = dedup->spooled;
	     (data = scratch_read(file, sizeof(len))); row++) {
		struct out *out =
		    winners_has(dedup->winners, row) ? dedup->out : dedup->dups;

		memcpy(&len, data, sizeof(len));
		data = scratch_read(file, len);
		if (data && out)
			out_write(out, data, len);
	}
	check_spool(dedup);
	scratch_release(file);
}

static void
write_header(struct dedup *dedup, const struct csvin_record *header)
{
	csvout_record(dedup->out, header);
	if (dedup->dups)
		csvout_record(dedup->dups, header);
}

static void
keep_first(struct dedup *dedup, const struct csvin_record *header)
{
	struct csvin_batch batch;

	write_header(dedup, header);
	while (csvin_xnext_batch(dedup->in, &batch))
		stream(dedup, &batch);
	settle(dedup);
	if (dedup->spooling)
		unspool(dedup);
}

static void
keep_best(struct dedup *dedup)
{
	struct csvin_batch batch;
	struct csvin_record header;

	while (csvin_xnext_batch(dedup->in, &batch)) {
		for (size_t i = 0; i < batch.nrecords; i += KEYSET_BATCH) {
			size_t left = batch.nrecords - i;

			add(dedup, &batch, i,
			    left < KEYSET_BATCH ? left : KEYSET_BATCH);
		}
	}
	settle(dedup);
	csvin_rewind(dedup->in);
	csvin_xnext(dedup->in, &header);
	write_header(dedup, &header);
	begin_records(dedup);
	while (csvin_xnext_batch(dedup->in, &batch))
		choose(dedup, &batch);
}

struct winners_counts
dedup_xrun(const struct dedup_plan *plan, struct csvin *in, struct out *out,
    struct out *dups)
{
	/* keys are no longer than their records and the lengths of parts */
	struct dedup dedup = {
	    .plan = plan,
	    .in = in,
	    .out = out,
	    .dups = dups,
	    .keys = {.limit = SIZE_MAX},
	};
	struct winners_counts counts = {0};
	struct csvin_record header;

	if (!csvin_xnext(in, &header))
		return counts;
	find_columns(&dedup, &header);
	dedup.winners = winners_xnew(&plan->winners);
	begin_records(&dedup);
	if (plan->winners.keep == KEEP_FIRST)
		keep_first(&dedup, &header);
	else
		keep_best(&dedup);
	counts = winners_counts(dedup.winners);
	winners_free(dedup.winners);
	free(dedup.key_at);
	buf_release(&dedup.keys);
	return counts;
}
