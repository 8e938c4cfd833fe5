/* SPDX-License-Identifier: ISC */
#include "csvin_input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	FRONT = 64, /* bytes before data, of which the last is a LF */
	BEHIND = 2 + CSVIN_SLACK, /* two for csvin_terminate() */
};

void
csvin_resize(struct csvin *in, size_t cap)
{
	in->cap = cap < CSVIN_RECORD_LIMIT ? cap : CSVIN_RECORD_LIMIT;
	in->room = xrealloc(in->room, FRONT + in->cap + BEHIND);
	in->data = in->room + FRONT;
}

int
csvin_fail_at(struct csvin *in, uint64_t line, const char *reason)
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

uint64_t
csvin_line(const struct csvin *in, size_t at)
{
	return in->lines + 1 +
	       in->code->lines(in->data + in->start, at - in->start);
}

size_t
csvin_open_quote(const struct csvin *in)
{
	size_t open = in->start, closed = SIZE_MAX;
	bool inside = false;

	for (size_t i = in->start; i < in->len; i++) {
		if (in->data[i] != '"')
			continue;
		if (inside)
			closed = i;
		else if (closed != i - 1) /* else "" goes on */
			open = i;
		inside = !inside;
	}
	return open;
}

int
csvin_open(struct csvin *in)
{
	const char *reason = NULL;
	const char *path;

	if (in->current + 1 == in->npaths)
		return 0;
	path = in->paths[++in->current];
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
	in->start = in->len = in->head = 0;
	in->lines = in->records = 0;
	in->broken = NULL;
	in->step = CSVIN_FIRST_STEP;
	in->data[-1] = '\n'; /* a field may begin behind it */
	in->scan.fields = true;
	csvscan_restart(&in->scan, 0);
	return 1;
}

int
csvin_close(struct csvin *in)
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

static int
fail_too_long(struct csvin *in)
{
	char reason[128];
	int mib = CSVIN_RECORD_LIMIT >> 20;

	if (in->scan.inside)
		snprintf(reason, sizeof(reason),
		    "longer than %d MiB; quote opened at line %" PRIu64
		    " not closed?",
		    mib, csvin_line(in, csvin_open_quote(in)));
	else
		snprintf(reason, sizeof(reason), "longer than %d MiB%s", mib,
		    in->records ? "" : "; no LF found, CR line ends?");
	return csvin_fail_at(in, in->lines + 1, reason);
}

/* Moves the unfinished record to the front and doubles a full buffer. */
static int
make_room(struct csvin *in)
{
	if (in->start) {
		in->len -= in->start;
		memmove(in->data, in->data + in->start, in->len);
		csvscan_drop(&in->scan, in->head, in->start, in->data);
		in->skipped -= in->broken ? in->start : 0;
		in->start = in->head = 0;
	}
	if (in->len < in->cap)
		return 0;
	if (in->cap >= CSVIN_RECORD_LIMIT)
		return fail_too_long(in);
	csvin_resize(in, in->cap * 2);
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

/* Steps over a BOM. */
static void
begin(struct csvin *in)
{
	if (!in->begun && in->len >= sizeof(bom) &&
	    !memcmp(in->data, bom, sizeof(bom))) {
		in->start = sizeof(bom);
		in->data[in->start - 1] = '\n';
		csvscan_restart(&in->scan, in->start);
	}
	in->begun = true;
}

int
csvin_fill(struct csvin *in)
{
	size_t before;
	ssize_t got;

	if (check_tied(in) || make_room(in))
		return -1;
	before = in->len;
	do {
		size_t room = in->cap - in->len;

		got = io_read(in->fd, in->data + in->len,
		    room < in->read_size ? room : in->read_size);
		if (got < 0)
			return fail_input(in, strerror(errno));
		in->len += (size_t)got;
	} while (got > 0 && may_be_bom(in));
	in->at_end = got == 0;
	begin(in);
	return in->len > before;
}

void
csvin_terminate(struct csvin *in)
{
	if (in->data[in->len - 1] == '\r')
		in->data[in->len++] = '\r';
	in->data[in->len++] = '\n';
}
