/* SPDX-License-Identifier: ISC */
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"

void
secret_wipe(void *data, size_t len)
{
	volatile unsigned char *byte = data;

	while (len--)
		*byte++ = 0;
}

void
secret_release(struct buf *buf)
{
	if (buf->data)
		secret_wipe(buf->data, buf->cap);
	buf_release(buf);
}

void
secret_reserve(struct buf *buf, size_t len)
{
	secret_release(buf);
	buf->data = xcalloc(len + 1, 1);
	buf->cap = len + 1;
}

/* Fills the room of a buffer: 0 at the end of the file, or an errno. */
static int
read_all(int fd, struct buf *buf)
{
	while (buf->len <= SECRET_FILE_MAX) {
		ssize_t got = io_read(
		    fd, buf->data + buf->len, SECRET_FILE_MAX + 1 - buf->len);

		if (got <= 0)
			return got < 0 ? errno : 0;
		buf->len += (size_t)got;
	}
	return EFBIG;
}

int
secret_read(const char *path, struct buf *buf, mode_t *mode)
{
	struct stat st;
	int fd = io_open(path);

	if (fd < 0)
		return -1;
	*mode = !fstat(fd, &st) && S_ISREG(st.st_mode) ? st.st_mode & 07777 : 0;
	secret_reserve(buf, SECRET_FILE_MAX + 1);
	errno = read_all(fd, buf);
	if (fd != STDIN_FILENO) {
		int reason = errno;

		close(fd);
		errno = reason;
	}
	return errno ? -1 : 0;
}

/* A pipe that holds one byte, for the one who warns; -1: not made yet. */
static int turn = -1;

void
secret_share(void)
{
	int ends[2];

	if (turn >= 0 || pipe(ends))
		return;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	io_write(ends[1], "", 1);
	close(ends[1]);
	turn = ends[0];
}

void
secret_warn(const char *path, mode_t mode)
{
	char byte;

	if (!(mode & (S_IRWXG | S_IRWXO)))
		return;
	secret_share();
	if (io_read(turn, &byte, 1))
		warning("%s: a secret that others may use (mode %04o); chmod "
			"600 it",
		    path, (unsigned)mode);
}

void
secret_no_core(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit))
		return;
	limit.rlim_cur = 0;
	setrlimit(RLIMIT_CORE, &limit);
}
