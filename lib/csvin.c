/* SPDX-License-Identifier: ISC */
#include "csvin.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "csvin_input.h"
#include "hook.h"

enum { BUFFER_SIZE = 256 * 1024 };

static char *const standard_input[] = {(char[]){"-"}};

struct csvin *
csvin_new(char *const *paths, int npaths, unsigned flags)
{
	struct csvin *in = xcalloc(1, sizeof(*in));
	const char *code = hook_text("SLUICE_TEST_CODE");

	in->paths = npaths ? paths : standard_input;
	in->npaths = npaths ? npaths : 1;
	in->current = -1;
	in->flags = flags;
	in->fd = -1;
	in->code = code ? csvscan_named(code) : csvscan_best();
	if (!in->code)
		die(STATUS_TROUBLE, "no code '%s' for this processor", code);
	in->read_size = hook_size("SLUICE_TEST_READ", BUFFER_SIZE);
	csvin_resize(in, hook_size("SLUICE_TEST_BUFFER", BUFFER_SIZE));
	in->header.limit = CSVIN_RECORD_LIMIT;
	if (flags & CSVIN_REWIND)
		in->sources = xcalloc((size_t)in->npaths, sizeof(*in->sources));
	return in;
}

void
csvin_free(struct csvin *in)
{
	if (!in)
		return;
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	for (int i = 0; in->sources && i < in->npaths; i++)
		source_release(&in->sources[i]);
	free(in->sources);
	buf_release(&in->header);
	arena_release(&in->values);
	csvscan_release(&in->scan);
	buf_release(&in->error);
	free(in->end);
	free(in->room);
	free(in);
}

void
csvin_tie(struct csvin *in, struct out *out)
{
	in->tied = out;
}

void
csvin_rewind(struct csvin *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = -1;
	in->current = -1;
	in->columns = 0;
	in->next = in->batch.nrecords = 0;
	buf_clear(&in->header);
}

int
csvin_seek(struct csvin *in, off_t offset)
{
	in->next = in->batch.nrecords = 0;
	return csvin_jump(in, offset);
}

void
csvin_records_only(struct csvin *in)
{
	in->flags |= CSVIN_RECORDS;
	in->scan.fields = false;
	in->head = 0;
	csvscan_restart(&in->scan, in->start);
}

const char *
csvin_error(const struct csvin *in)
{
	return buf_text(&in->error);
}

void
csvin_call(struct csvin *in, char *const *names)
{
	in->names = names;
}

const char *
csvin_name(const struct csvin *in)
{
	int current = in->current < 0 ? 0 : in->current;

	return in->names ? in->names[current] : io_name(in->paths[current]);
}

struct slice
csvin_field(const struct csvin_record *record, size_t i)
{
	size_t from = i ? record->end[i - 1] + 1 : 0;

	return (struct slice){record->data + from, record->end[i] - from};
}

/* Makes record i of the batch, which begins in that line. */
static void
make_record(struct csvin *in, const struct csvin_batch *batch, size_t i,
    uint64_t line, struct csvin_record *record)
{
	struct slice bytes = csvin_batch_slice(batch, i);
	size_t fields = batch->sep ? batch->ncolumns : 0;
	const uint32_t *sep = fields ? batch->sep + i * fields : NULL;
	size_t begin = csvin_batch_begin(batch, i);

	while (in->end_cap < fields)
		in->end =
		    xgrow(in->end, in->end_cap, &in->end_cap, sizeof(*in->end));
	for (size_t j = 0; j < fields; j++)
		in->end[j] = sep[j] - begin;
	if (fields)
		in->end[fields - 1] = bytes.len;
	*record = (struct csvin_record){
	    .data = bytes.data,
	    .len = bytes.len,
	    .end = in->end,
	    .nfields = fields,
	    .number = batch->first_number + i,
	    .line = line,
	    .error = batch->error,
	};
}

/* The line of record i, counted from the one that was asked for before. */
static uint64_t
place(struct csvin *in, const struct csvin_batch *batch, size_t i)
{
	size_t from, to = csvin_batch_begin(batch, i);

	if (!batch->quoted)
		return batch->first_line + i;
	if (in->placed == 0 || in->placed > i) {
		in->placed = 0;
		in->placed_line = batch->first_line;
	}
	from = csvin_batch_begin(batch, in->placed);
	in->placed_line += in->code->lines(batch->base + from, to - from);
	in->placed = i;
	return in->placed_line;
}

void
csvin_batch_record(struct csvin *in, const struct csvin_batch *batch, size_t i,
    struct csvin_record *record)
{
	make_record(in, batch, i, place(in, batch, i), record);
}

int
csvin_next(struct csvin *in, struct csvin_record *record)
{
	struct csvin_batch *batch = &in->batch;

	if (in->next == batch->nrecords) {
		int found = csvin_find(in, batch);

		in->next = 0;
		batch->nrecords = found > 0 ? batch->nrecords : 0;
		if (found <= 0)
			return found;
		in->next_line = batch->first_line;
	}
	arena_clear(&in->values);
	make_record(in, batch, in->next++, in->next_line, record);
	in->next_line++;
	if (batch->quoted)
		in->next_line += in->code->lines(record->data, record->len);
	return 1;
}

/* Takes the records off the batch that csvin_next() has delivered. */
static void
take_rest(struct csvin *in, struct csvin_batch *batch)
{
	size_t begin = csvin_batch_begin(&in->batch, in->next);
	size_t nrecords = in->batch.nrecords - in->next;
	struct csvscan *scan = &in->scan;
	uint32_t *end = scan->end + (in->batch.end - scan->end) + in->next;

	*batch = in->batch;
	batch->base += begin;
	batch->nrecords = nrecords;
	batch->first_number += in->next;
	batch->first_line = in->next_line;
	batch->end = end;
	for (size_t i = 0; i < nrecords; i++)
		end[i] -= (uint32_t)begin;
	if (batch->sep) {
		uint32_t *sep = scan->sep + (in->batch.sep - scan->sep) +
				in->next * batch->ncolumns;

		batch->sep = sep;
		for (size_t i = 0; i < nrecords * batch->ncolumns; i++)
			sep[i] -= (uint32_t)begin;
	}
}

int
csvin_next_batch(struct csvin *in, struct csvin_batch *batch)
{
	int found = 1;

	arena_clear(&in->values);
	if (in->next < in->batch.nrecords)
		take_rest(in, batch);
	else
		found = csvin_find(in, batch);
	in->next = in->batch.nrecords = 0;
	in->placed = 0;
	return found;
}

struct slice
csvin_value(struct csvin *in, struct slice field)
{
	const char *at, *end;
	char *room, *to;

	if (field.len < 2 || field.data[0] != '"')
		return field;
	at = field.data + 1;
	end = field.data + field.len - 1;
	if (!memchr(at, '"', (size_t)(end - at)))
		return (struct slice){at, (size_t)(end - at)};
	room = to = arena_room(&in->values, (size_t)(end - at));
	while (at < end) {
		*to++ = *at;
		at += *at == '"' ? 2 : 1;
	}
	return (struct slice){room, (size_t)(to - room)};
}

void
csvin_die(const struct csvin *in, const struct csvin_record *record,
    const char *fmt, ...)
{
	char reason[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	if (in->tied)
		out_flush(in->tied);
	die(STATUS_TROUBLE, "%s: line %" PRIu64 ": record %" PRIu64 ": %s",
	    csvin_name(in), record->line, record->number, reason);
}

/* True if there was something, and false at the end; dies at an error. */
static bool
found_or_die(const struct csvin *in, int found)
{
	if (found < 0) {
		if (in->tied)
			out_flush(in->tied);
		die(STATUS_TROUBLE, "%s", csvin_error(in));
	}
	return found > 0;
}

bool
csvin_xnext(struct csvin *in, struct csvin_record *record)
{
	return found_or_die(in, csvin_next(in, record));
}

bool
csvin_xnext_batch(struct csvin *in, struct csvin_batch *batch)
{
	return found_or_die(in, csvin_next_batch(in, batch));
}
