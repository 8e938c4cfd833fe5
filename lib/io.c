/* SPDX-License-Identifier: ISC */
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
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

static bool
same_file(const struct stat *one, const struct stat *two)
{
	return one->st_dev == two->st_dev && one->st_ino == two->st_ino;
}

bool
io_same_file(int fd, int other)
{
	struct stat one, two;

	return !fstat(fd, &one) && S_ISREG(one.st_mode) &&
	       !fstat(other, &two) && same_file(&one, &two);
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

int
io_sync_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent = xstrdup(path);
	int fd, error = 0;

	if (slash)
		parent[slash == path ? 1 : slash - path] = '\0';
	fd = open(slash ? parent : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* EINVAL: the file system has no such operation */
	if (fd < 0 || (fsync(fd) && errno != EINVAL))
		error = errno;
	if (fd >= 0)
		close(fd);
	free(parent);
	errno = error;
	return error ? -1 : 0;
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

/*
 * Locks the temporary file: 0, -1 with errno, or 1 if another process gave it
 * its name, or removed it, between open and flock.
 */
static int
lock_temporary(int fd, const char *path)
{
	struct stat mine, there;

	if (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno == EWOULDBLOCK)
			errno = EBUSY;
		return -1;
	}
	if (fstat(fd, &mine))
		return -1;
	return lstat(path, &there) || !same_file(&mine, &there);
}

/* Opens the temporary file, empty and locked: the descriptor, or -1. */
static int
open_temporary(const char *path)
{
	for (;;) {
		int fd = open(
		    path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
		int locked = fd < 0 ? -1 : lock_temporary(fd, path), reason;

		if (!locked && !ftruncate(fd, 0))
			return fd;
		reason = errno;
		if (fd >= 0)
			close(fd);
		errno = reason;
		if (locked <= 0)
			return -1;
	}
}

static char *
temporary_of(const char *path)
{
	struct buf temporary = {0};

	buf_printf(&temporary, "%s.tmp", path);
	return temporary.data;
}

int
out_file(struct out *out, const char *path)
{
	struct stat st;
	bool there = !stat(path, &st);

	*out = (struct out){.name = path};
	if (there && !S_ISREG(st.st_mode)) {
		out->fd = open(path, O_WRONLY | O_CLOEXEC);
	} else if (there && !(st.st_mode & 0222)) {
		errno = EACCES;
		return -1;
	} else {
		out->temporary = temporary_of(path);
		out->fd = open_temporary(out->temporary);
	}
	if (out->fd < 0) {
		int reason = errno;

		free(out->temporary);
		out->temporary = NULL;
		errno = reason;
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

/* Gives the file its name, under the lock. */
static void
publish(struct out *out)
{
	if (!out->error && rename(out->temporary, out->name))
		out->error = errno;
	if (out->error)
		unlink(out->temporary);
	else if (io_sync_parent(out->name))
		out->error = errno;
	free(out->temporary);
	out->temporary = NULL;
}

int
out_sync(struct out *out)
{
	out_flush(out);
	/* a pipe or a device cannot be synced, nor does it need to be */
	if (!out->error && out->temporary && fsync(out->fd))
		out->error = errno;
	errno = out->error;
	return out->error ? -1 : 0;
}

int
out_commit(struct out *out)
{
	out_sync(out);
	if (out->temporary)
		publish(out);
	close_out(out);
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

void
out_xwhole(const char *path, struct slice content)
{
	struct out out;

	out_xfile(&out, path);
	out_slice(&out, content);
	out_xcommit(&out);
}
