/* SPDX-License-Identifier: ISC */
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipe.h"

void
io_guard_standard(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* open() takes the lowest free number, which is fd */
		if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			_exit(STATUS_TROUBLE);
	}
}

const char *
io_name(const char *path)
{
	return strcmp(path, "-") ? path : "standard input";
}

int
io_open(const char *path)
{
	struct stat st;
	int fd;

	if (!strcmp(path, "-")) {
		pipe_widen(STDIN_FILENO);
		return STDIN_FILENO;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &st) && S_ISDIR(st.st_mode)) {
		close(fd);
		errno = EISDIR;
		return -1;
	}
	return fd;
}

/* Waits until fd is ready; true if the failed call is worth repeating. */
static bool
try_again(int fd, short events)
{
	struct pollfd ready = {.fd = fd, .events = events};

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN && errno != EWOULDBLOCK)
		return false;
	return poll(&ready, 1, -1) >= 0 || errno == EINTR;
}

ssize_t
io_read(int fd, void *data, size_t size)
{
	ssize_t got;

	do
		got = read(fd, data, size);
	while (got < 0 && try_again(fd, POLLIN));
	return got;
}

int
io_write(int fd, const void *data, size_t size)
{
	const char *next = data;

	while (size) {
		ssize_t put = write(fd, next, size);

		if (put < 0) {
			if (!try_again(fd, POLLOUT))
				return -1;
			continue;
		}
		next += put;
		size -= (size_t)put;
	}
	return 0;
}

bool
io_would_block(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};

	return poll(&ready, 1, 0) == 0;
}

int
io_read_all(int fd, struct buf *buf)
{
	char block[16 * 1024];
	ssize_t got;

	while ((got = io_read(fd, block, sizeof(block))) > 0) {
		buf_add(buf, block, (size_t)got);
		if (buf_failed(buf)) {
			errno = EFBIG;
			return -1;
		}
	}
	return got < 0 ? -1 : 0;
}

int
io_read_file(const char *path, struct buf *buf)
{
	int fd = io_open(path), result, reason;

	if (fd < 0)
		return -1;
	result = io_read_all(fd, buf);
	reason = errno;
	if (fd != STDIN_FILENO)
		close(fd);
	errno = reason;
	return result;
}

void
out_stdout(struct out *out)
{
	*out = (struct out){
	    .fd = STDOUT_FILENO,
	    .name = "standard output",
	    .data = xmalloc(OUT_SIZE + OUT_SLACK),
	};
	pipe_widen(out->fd);
}

int
out_file(struct out *out, const char *path)
{
	struct stat st;
	bool special = !stat(path, &st) && !S_ISREG(st.st_mode);
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC;

	*out = (struct out){.name = path};
	if (!special) {
		struct buf temporary = {0};

		buf_printf(&temporary, "%s.tmp", path);
		out->temporary = temporary.data;
		flags |= O_TRUNC;
	}
	out->fd = open(special ? path : out->temporary, flags, 0666);
	if (out->fd < 0) {
		free(out->temporary);
		out->temporary = NULL;
		return -1;
	}
	out->data = xmalloc(OUT_SIZE + OUT_SLACK);
	return 0;
}

static void
put(struct out *out, const void *data, size_t len)
{
	if (!out->error && io_write(out->fd, data, len))
		out->error = errno;
}

void
out_flush(struct out *out)
{
	put(out, out->data, out->len);
	out->len = 0;
}

void
out_write(struct out *out, const void *data, size_t len)
{
	if (len > OUT_SIZE - out->len) {
		out_flush(out);
		if (len >= OUT_SIZE) {
			put(out, data, len);
			return;
		}
	}
	if (len)
		memcpy(out->data + out->len, data, len);
	out->len += len;
}

void
out_slice(struct out *out, struct slice slice)
{
	out_write(out, slice.data, slice.len);
}

void
out_puts(struct out *out, const char *text)
{
	out_write(out, text, strlen(text));
}

void
out_putc(struct out *out, char byte)
{
	out_write(out, &byte, 1);
}

static void
close_out(struct out *out)
{
	out_flush(out);
	free(out->data);
	out->data = NULL;
	if (close(out->fd) && !out->error && errno != EINTR)
		out->error = errno;
}

enum status
out_finish(struct out *out, enum status status)
{
	close_out(out);
	if (!out->error)
		return status;
	warning("%s: %s", out->name, strerror(out->error));
	return STATUS_TROUBLE;
}

int
out_commit(struct out *out)
{
	out_flush(out);
	/* a pipe or a device cannot be synced, nor does it need to be */
	if (!out->error && out->temporary && fsync(out->fd))
		out->error = errno;
	close_out(out);
	if (out->temporary) {
		if (!out->error && rename(out->temporary, out->name))
			out->error = errno;
		if (out->error)
			unlink(out->temporary);
		free(out->temporary);
		out->temporary = NULL;
	}
	errno = out->error;
	return out->error ? -1 : 0;
}

void
out_xfile(struct out *out, const char *path)
{
	if (out_file(out, path))
		die(STATUS_TROUBLE, "%s: %s", path, strerror(errno));
}

void
out_xcommit(struct out *out)
{
	if (out_commit(out))
		die(STATUS_TROUBLE, "%s: %s", out->name, strerror(errno));
}
