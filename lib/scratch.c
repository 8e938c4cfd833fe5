/* SPDX-License-Identifier: ISC */
#include "scratch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"

const char *
scratch_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder && *folder ? folder : "/tmp";
}

int
scratch_file(void)
{
	struct buf path = {0};
	int fd;

	buf_printf(&path, "%s/sluice.XXXXXX", scratch_folder());
	fd = mkstemp(path.data);
	if (fd >= 0)
		unlink(path.data);
	buf_release(&path);
	return fd;
}

void
scratch_init(struct scratch *scratch, size_t size)
{
	*scratch = (struct scratch){
	    .fd = scratch_file(),
	    .data = xmalloc(size),
	    .cap = size,
	};
	if (scratch->fd < 0)
		scratch->error = errno;
}

void
scratch_release(struct scratch *scratch)
{
	if (scratch->fd >= 0)
		close(scratch->fd);
	free(scratch->data);
	*scratch = (struct scratch){.fd = -1};
}

static void
put(struct scratch *scratch, const void *data, size_t len)
{
	if (!scratch->error && io_write(scratch->fd, data, len))
		scratch->error = errno;
}

void
scratch_write(struct scratch *scratch, const void *data, size_t len)
{
	if (len > scratch->cap - scratch->len) {
		put(scratch, scratch->data, scratch->len);
		scratch->len = 0;
		if (len >= scratch->cap) {
			put(scratch, data, len);
			return;
		}
	}
	if (len)
		memcpy(scratch->data + scratch->len, data, len);
	scratch->len += len;
}

void
scratch_rewind(struct scratch *scratch)
{
	if (!scratch->reading)
		put(scratch, scratch->data, scratch->len);
	scratch->reading = true;
	scratch->start = scratch->len = 0;
	if (!scratch->error && lseek(scratch->fd, 0, SEEK_SET) < 0)
		scratch->error = errno;
}

/* Moves what is left to the front and sees to room for len bytes. */
static void
make_room(struct scratch *scratch, size_t len)
{
	scratch->len -= scratch->start;
	memmove(scratch->data, scratch->data + scratch->start, scratch->len);
	scratch->start = 0;
	if (len > scratch->cap) {
		scratch->cap = len;
		scratch->data = xrealloc(scratch->data, len);
	}
}

const char *
scratch_read(struct scratch *scratch, size_t len)
{
	const char *data;

	if (scratch->len - scratch->start < len)
		make_room(scratch, len);
	while (!scratch->error && scratch->len - scratch->start < len) {
		ssize_t got = io_read(scratch->fd, scratch->data + scratch->len,
		    scratch->cap - scratch->len);

		if (got < 0)
			scratch->error = errno;
		if (got <= 0)
			return NULL;
		scratch->len += (size_t)got;
	}
	if (scratch->error)
		return NULL;
	data = scratch->data + scratch->start;
	scratch->start += len;
	return data;
}
