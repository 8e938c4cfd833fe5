/* SPDX-License-Identifier: ISC */
#include "io.h"
#include "check.h"
#include "dies.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONG = 1024 * 1024 };

static unsigned char
byte_at(size_t i)
{
	return (unsigned char)(i * 31 + i / 251);
}

static bool
opens_as(const char *path, int want)
{
	errno = 0;
	return io_open(path) == -1 && errno == want;
}

static void
check_open(void)
{
	int fd = io_open("/dev/null");

	CHECK(fd > 2 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	close(fd);
	CHECK(io_open("-") == STDIN_FILENO);
	CHECK(opens_as(".", EISDIR));
	CHECK(opens_as("missing", ENOENT));
	CHECK(!strcmp(io_name("-"), "standard input"));
	CHECK(!strcmp(io_name("a.csv"), "a.csv"));
}

static _Noreturn void
write_long(int fd)
{
	unsigned char *data = xmalloc(LONG);
	int result;

	for (size_t i = 0; i < LONG; i++)
		data[i] = byte_at(i);
	result = io_write(fd, data, LONG);
	free(data);
	_exit(result ? 1 : 0);
}

/* Neither end blocks, so both meet short counts and EAGAIN. */
static void
check_pipe(void)
{
	struct buf buf = {0};
	int ends[2], status = -1;
	size_t wrong = 0;
	pid_t child;

	fflush(stdout);
	CHECK(pipe(ends) == 0 && io_would_block(ends[0]));
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	fflush(stdout);
	child = fork();
	if (child == 0)
		write_long(ends[1]);
	close(ends[1]);
	CHECK(io_read_all(ends[0], &buf) == 0 && buf.len == LONG);
	CHECK(!io_would_block(ends[0]));
	for (size_t i = 0; i < buf.len; i++)
		wrong += (unsigned char)buf.data[i] != byte_at(i);
	CHECK(wrong == 0);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	close(ends[0]);
	buf_release(&buf);
}

static bool
file_holds(const char *path, const char *want)
{
	struct buf buf = {0};
	bool same = !io_read_file(path, &buf) && !strcmp(buf_text(&buf), want);

	buf_release(&buf);
	return same;
}

static bool
exists(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

static bool
written(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return false;
	fputs(text, file);
	return fclose(file) == 0;
}

static void
check_file(void)
{
	struct buf small = {.limit = 3};
	struct out out;

	CHECK(written("file", "old") && written("file.tmp", "a killed run's"));
	CHECK(out_file(&out, "file") == 0);
	out_slice(&out, slice_of("new"));
	out_putc(&out, '!');
	out_flush(&out);
	CHECK(file_holds("file", "old") && file_holds("file.tmp", "new!"));
	CHECK(out_commit(&out) == 0 && file_holds("file", "new!"));
	CHECK(!exists("file.tmp"));
	CHECK(io_read_file("file", &small) == -1 && errno == EFBIG);
	CHECK(out_file(&out, "no/such/file") == -1 && errno == ENOENT);
	buf_release(&small);
	unlink("file");
}

/* Of two writers of one file the second is refused, also in one process. */
static void
check_two_writers(void)
{
	struct out one, two;

	CHECK(out_file(&one, "file") == 0);
	out_puts(&one, "one");
	out_flush(&one);
	CHECK(out_file(&two, "file") == -1 && errno == EBUSY);
	CHECK(file_holds("file.tmp", "one"));
	CHECK(out_commit(&one) == 0 && file_holds("file", "one"));
	CHECK(out_file(&two, "file") == 0);
	CHECK(out_commit(&two) == 0 && file_holds("file", ""));
	unlink("file");
}

static void
check_not_replaced(void)
{
	struct out out;

	CHECK(written("file", "object") && chmod("file", 0444) == 0);
	CHECK(out_file(&out, "file") == -1 && errno == EACCES);
	CHECK(file_holds("file", "object") && !exists("file.tmp"));
	CHECK(unlink("file") == 0);
	CHECK(written("other", "kept") && symlink("other", "file.tmp") == 0);
	CHECK(out_file(&out, "file") == -1 && errno == ELOOP);
	CHECK(file_holds("other", "kept"));
	unlink("file.tmp");
	unlink("other");
}

static void
check_failed_commit(void)
{
	struct out out;

	CHECK(out_file(&out, "file") == 0 && mkdir("file", 0777) == 0);
	out_puts(&out, "lost");
	CHECK(out_commit(&out) == -1 && errno == EISDIR);
	CHECK(!exists("file.tmp") && rmdir("file") == 0);
}

/* A device is written as it is; behind the first error nothing is. */
static void
check_full(void)
{
	int after = open("after", O_WRONLY | O_CREAT, 0666);
	struct out out;

	CHECK(out_file(&out, "/dev/full") == 0 && !out.temporary);
	out_puts(&out, "lost");
	out_flush(&out);
	CHECK(out.error == ENOSPC);
	CHECK(dup2(after, out.fd) == out.fd);
	out_puts(&out, "also lost");
	CHECK(out_commit(&out) == -1 && errno == ENOSPC);
	CHECK(exists("/dev/full") && !exists("/dev/full.tmp"));
	CHECK(file_holds("after", ""));
	close(after);
	unlink("after");
}

/* Pieces of every size around the buffer's come out in order. */
static void
check_order(void)
{
	static const size_t sizes[] = {
	    1, 0, 65535, 65536, 65537, 3, 65533, 131072, 7};
	struct buf want = {0}, got = {0};
	struct out out;

	CHECK(out_file(&out, "order") == 0);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *piece = xmalloc(sizes[i]);

		memset(piece, 'a' + (int)i, sizes[i]);
		out_write(&out, piece, sizes[i]);
		buf_add(&want, piece, sizes[i]);
		free(piece);
	}
	CHECK(out_commit(&out) == 0);
	CHECK(io_read_file("order", &got) == 0);
	CHECK(slice_equal(buf_slice(&want), buf_slice(&got)));
	unlink("order");
	buf_release(&want);
	buf_release(&got);
}

int
main(void)
{
	char folder[] = "/tmp/sluice.XXXXXX";

	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	check_open();
	check_pipe();
	check_file();
	check_two_writers();
	check_not_replaced();
	check_failed_commit();
	check_full();
	check_order();
	rmdir(folder);
	return check_done();
}
