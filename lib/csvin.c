/* SPDX-License-Identifier: ISC */
#include "csvin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "csvscan.h"
#include "source.h"

enum { BUFFER_SIZE = 256 * 1024 };

struct csvin {
	char *const *paths;
	int npaths;
	int current;            /* index of the open input */
	struct source *sources; /* of the inputs, for CSVIN_REWIND, or NULL */
	unsigned flags;
	struct out *tied;

	int fd; /* -1 while no input is open */
	bool at_end;
	bool begun; /* the place of a BOM lies behind */
	char *data;
	size_t cap;
	size_t start; /* first byte of the record being read */
	size_t len;

	struct csvscan scan; /* of the record */
	const char *broken;  /* reason why it is skipped, or NULL */
	uint64_t lines;      /* LFs before start */
	uint64_t records;    /* delivered from this input */

	size_t columns;    /* of the header */
	struct buf header; /* of the first input, terminator left out */
	struct arena values;
	struct buf error;
};

static char *const standard_input[] = {(char[]){"-"}};

struct csvin *
csvin_new(char *const *paths, int npaths, unsigned flags)
{
	struct csvin *in = xcalloc(1, sizeof(*in));

	in->paths = npaths ? paths : standard_input;
	in->npaths = npaths ? npaths : 1;
	in->current = -1;
	in->flags = flags;
	in->fd = -1;
	in->cap = BUFFER_SIZE;
	in->data = xmalloc(in->cap);
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
	free(in->data);
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
	buf_clear(&in->header);
}

const char *
csvin_error(const struct csvin *in)
{
	return buf_text(&in->error);
}

const char *
csvin_name(const struct csvin *in)
{
	return io_name(in->paths[in->current < 0 ? 0 : in->current]);
}

struct slice
csvin_field(const struct csvin_record *record, size_t i)
{
	size_t from = i ? record->end[i - 1] + 1 : 0;

	return (struct slice){record->data + from, record->end[i] - from};
}

/* Sets the error to "FILE: line N: record M: reason"; returns -1. */
static int
fail_at(struct csvin *in, uint64_t line, const char *reason)
{
	buf_clear(&in->error);
	buf_printf(&in->error, "%s: line %" PRIu64 ": record %" PRIu64 ": %s",
	    csvin_name(in), line, in->records + 1, reason);
	return -1;
}

static int
fail_input(struct csvin *in, const char *reason)
{
	buf_clear(&in->error);
	buf_printf(&in->error, "%s: %s", csvin_name(in), reason);
	return -1;
}

/* The physical line of the byte at offset, from the record's start. */
static uint64_t
line_of(const struct csvin *in, size_t offset)
{
	const char *at = in->data + in->start, *end = at + offset;
	uint64_t line = in->lines + 1;

	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		line++;
		at++;
	}
	return line;
}

static int
next_input(struct csvin *in)
{
	const char *path = in->paths[++in->current];
	const char *reason = NULL;

	if (in->sources)
		in->fd = source_open(&in->sources[in->current], path, &reason);
	else
		in->fd = io_open(path);
	if (in->fd < 0)
		return fail_input(in, reason ? reason : strerror(errno));
#ifdef POSIX_FADV_SEQUENTIAL
	posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
	in->at_end = in->begun = false;
	in->start = in->len = 0;
	in->lines = in->records = 0;
	return 0;
}

static int
fail_too_long(struct csvin *in)
{
	char reason[128];
	int mib = CSVIN_RECORD_LIMIT >> 20;

	if (csvscan_quoted(&in->scan))
		snprintf(reason, sizeof(reason),
		    "longer than %d MiB; quote opened at line %" PRIu64
		    " not closed?",
		    mib, line_of(in, in->scan.quote));
	else
		snprintf(reason, sizeof(reason), "longer than %d MiB%s", mib,
		    in->records ? "" : "; no LF found, CR line ends?");
	return fail_at(in, in->lines + 1, reason);
}

/* Moves the unfinished record to the front and doubles a full buffer. */
static int
make_room(struct csvin *in)
{
	if (in->start) {
		memmove(in->data, in->data + in->start, in->len - in->start);
		in->len -= in->start;
		in->start = 0;
	}
	if (in->len < in->cap)
		return 0;
	if (in->cap >= CSVIN_RECORD_LIMIT)
		return fail_too_long(in);
	in->cap *= 2;
	in->data = xrealloc(in->data, in->cap);
	return 0;
}

static int
check_tied(struct csvin *in)
{
	struct out *out = in->tied;

	if (!out)
		return 0;
	if (out->len && io_would_block(in->fd))
		out_flush(out);
	if (!out->error)
		return 0;
	buf_clear(&in->error);
	buf_printf(&in->error, "%s: %s", out->name, strerror(out->error));
	return -1;
}

static const char bom[] = {'\xef', '\xbb', '\xbf'};

/* True if what has been read may be the beginning of a BOM. */
static bool
may_be_bom(const struct csvin *in)
{
	return !in->begun && in->len < sizeof(bom) &&
	       !memcmp(in->data, bom, in->len);
}

/* Reads more: 1, or 0 at the end of this input, or -1. */
static int
fill(struct csvin *in)
{
	size_t before;
	ssize_t got;

	if (check_tied(in) || make_room(in))
		return -1;
	before = in->len;
	do {
		got = io_read(in->fd, in->data + in->len, in->cap - in->len);
		if (got < 0)
			return fail_input(in, strerror(errno));
		in->len += (size_t)got;
	} while (got > 0 && may_be_bom(in));
	in->at_end = got == 0;
	if (!in->begun && in->len >= sizeof(bom) &&
	    !memcmp(in->data, bom, sizeof(bom)))
		in->start = sizeof(bom);
	in->begun = true;
	return in->len > before;
}

/* A syntax error: -1, or 0 if the record is to be skipped instead. */
static int
refuse(struct csvin *in)
{
	const char *record = in->data + in->start;
	const char *reason = csvscan_reason(&in->scan, record);
	bool unclosed = csvscan_quoted(&in->scan) && record[in->scan.at];

	if (in->lines == 0 && in->scan.at < 4 && !record[in->scan.at])
		reason = "NUL byte; is it UTF-16?";
	/* what follows an unclosed quote has been read to its end */
	if (unclosed || !(in->flags & CSVIN_RECOVER))
		return fail_at(in, line_of(in, in->scan.at), reason);
	in->broken = reason;
	csvscan_skip(&in->scan);
	return 0;
}

/* Scans what is there of the record; at the end of the input, all of it. */
static enum csvscan_result
scan(struct csvin *in, bool last)
{
	size_t len = in->len - in->start;
	enum csvscan_result result =
	    csvscan_run(&in->scan, in->data + in->start, len);

	return result == CSVSCAN_MORE && last ? csvscan_last(&in->scan, len)
					      : result;
}

/* Finds the next record's end: 1, or 0 at the end of the input, or -1. */
static int
find_record(struct csvin *in)
{
	bool last = false;

	csvscan_begin(&in->scan);
	in->broken = NULL;
	for (;;) {
		enum csvscan_result result = scan(in, last);

		if (last && in->start == in->len)
			return 0;
		if (result == CSVSCAN_RECORD)
			return 1;
		if (result == CSVSCAN_WRONG && refuse(in))
			return -1;
		if (result == CSVSCAN_MORE) {
			int filled = in->at_end ? 0 : fill(in);

			if (filled < 0)
				return -1;
			last = filled == 0;
		}
	}
}

/* Hands out the record that was found and steps behind it. */
static void
deliver(struct csvin *in, struct csvin_record *record)
{
	const char *data = in->data + in->start;
	size_t len = in->scan.at, end = len;
	bool lf = in->start + len < in->len;

	if (lf && end > 0 && data[end - 1] == '\r')
		end--;
	*record = (struct csvin_record){
	    .data = data,
	    .len = end,
	    .number = ++in->records,
	    .line = in->lines + 1,
	    .error = in->broken,
	};
	if (!in->broken) {
		csvscan_end_field(&in->scan, end);
		record->end = in->scan.end;
		record->nfields = in->scan.nend;
	}
	if (in->scan.quotes)
		in->lines = line_of(in, len) - 1;
	in->lines += lf;
	in->start += len + lf;
	arena_clear(&in->values);
}

/* True if nothing follows in this input; -1 if reading fails. */
static int
nothing_follows(struct csvin *in)
{
	int filled = 1;

	while (in->start == in->len && !in->at_end && filled > 0)
		filled = fill(in);
	return filled < 0 ? -1 : in->start == in->len;
}

/* Judges the shape of a record: 1 good, 0 the tolerated empty one, -1 bad. */
static int
check_shape(struct csvin *in, struct csvin_record *record)
{
	uint64_t line = record->line;
	char reason[80];
	int last;

	if (record->error || record->nfields == in->columns)
		return 1;
	if (record->len == 0) {
		last = nothing_follows(in);
		if (last)
			return last > 0 ? 0 : -1;
		record->data = in->data + in->start;
	}
	if (in->flags & CSVIN_RAGGED)
		return 1;
	if (record->len == 0)
		snprintf(reason, sizeof(reason),
		    "empty line, header has %zu fields", in->columns);
	else
		snprintf(reason, sizeof(reason), "%zu field%s, header has %zu",
		    record->nfields, record->nfields == 1 ? "" : "s",
		    in->columns);
	in->records--;
	return fail_at(in, line, reason);
}

/* The header of an input: 1 if it is delivered, 0 if it is a repeat. */
static int
take_header(struct csvin *in, const struct csvin_record *record)
{
	struct slice header = {record->data, record->len};

	if (record->error) {
		in->records--;
		return fail_at(in, record->line, record->error);
	}
	if (in->columns == 0) {
		in->columns = record->nfields;
		buf_add_slice(&in->header, header);
		return 1;
	}
	if (slice_equal(header, buf_slice(&in->header)))
		return 0;
	in->records--;
	return fail_at(
	    in, record->line, "header differs from the first file's");
}

/* Ends an input; 0, or -1 if it could not be closed. */
static int
end_input(struct csvin *in)
{
	int fd = in->fd;
	const char *reason = NULL;

	if (in->sources)
		reason = source_changed(&in->sources[in->current], fd);
	in->fd = -1;
	if (reason)
		return fail_input(in, reason);
	if (fd > STDIN_FILENO && close(fd) && errno != EINTR)
		return fail_input(in, strerror(errno));
	return 0;
}

int
csvin_next(struct csvin *in, struct csvin_record *record)
{
	for (;;) {
		int found;

		if (in->fd < 0) {
			if (in->current + 1 == in->npaths)
				return 0;
			if (next_input(in))
				return -1;
		}
		found = find_record(in);
		if (found < 0)
			return -1;
		if (found == 0) {
			if (end_input(in))
				return -1;
			continue;
		}
		deliver(in, record);
		found = record->number == 1 ? take_header(in, record)
					    : check_shape(in, record);
		if (found)
			return found;
	}
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

bool
csvin_xnext(struct csvin *in, struct csvin_record *record)
{
	int got = csvin_next(in, record);

	if (got < 0) {
		if (in->tied)
			out_flush(in->tied);
		die(STATUS_TROUBLE, "%s", csvin_error(in));
	}
	return got > 0;
}
