/* SPDX-License-Identifier: ISC */
/*
 * faults - makes one call of a program fail, for tests
 *
 * A shared object to be preloaded. The call number FAULT_N, from 1, of the
 * kind FAULT_CALL fails: "malloc" (calloc and realloc count too), "read" or
 * "write" (pread and pwrite count too; standard error is spared). The file
 * FAULT_MARK is then made, so that a run in which nothing failed is known.
 * For the GNU C library, whose own names of the real functions are used.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
ssize_t __read(int fd, void *data, size_t size);
ssize_t __write(int fd, const void *data, size_t size);
ssize_t __pread64(int fd, void *data, size_t size, off_t at);
ssize_t __pwrite64(int fd, const void *data, size_t size, off_t at);
ssize_t pread64(int fd, void *data, size_t size, off_t at);
ssize_t pwrite64(int fd, const void *data, size_t size, off_t at);

static const char *wanted, *mark;
static long left;

/* Runs behind the libraries' own beginnings, which are not ours to test. */
__attribute__((constructor)) static void
begin(void)
{
	wanted = getenv("FAULT_CALL");
	mark = getenv("FAULT_MARK");
	left = wanted && mark ? atol(getenv("FAULT_N")) : 0;
}

/* True if this call, of that kind, is the one to fail; errno is then set. */
static bool
fails(const char *kind, int reason)
{
	int fd;

	if (left == 0 || strcmp(wanted, kind) || --left)
		return false;
	fd = open(mark, O_WRONLY | O_CREAT, 0666);
	if (fd >= 0)
		close(fd);
	errno = reason;
	return true;
}

void *
malloc(size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_realloc(old, size);
}

ssize_t
read(int fd, void *data, size_t size)
{
	return fails("read", EIO) ? -1 : __read(fd, data, size);
}

ssize_t
pread64(int fd, void *data, size_t size, off_t at)
{
	return fails("read", EIO) ? -1 : __pread64(fd, data, size, at);
}

ssize_t
write(int fd, const void *data, size_t size)
{
	if (fd != STDERR_FILENO && fails("write", ENOSPC))
		return -1;
	return __write(fd, data, size);
}

ssize_t
pwrite64(int fd, const void *data, size_t size, off_t at)
{
	return fails("write", ENOSPC) ? -1 : __pwrite64(fd, data, size, at);
}
