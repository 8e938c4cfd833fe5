/* SPDX-License-Identifier: ISC */
#include "source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "scratch.h"

/* Copies all of one descriptor to another: 0, or -1 with errno. Then *written
 * tells that it was writing that failed. */
static int
copy(int from, int to, bool *written)
{
	char block[64 * 1024];
	ssize_t got;

	while ((got = io_read(from, block, sizeof(block))) > 0) {
		if (io_write(to, block, (size_t)got)) {
			*written = true;
			return -1;
		}
	}
	return got < 0 ? -1 : 0;
}

static int
open_first(struct source *source, const char *path)
{
	int fd = io_open(path), result;
	bool elsewhere;

	if (fd < 0 || fstat(fd, &source->state))
		return -1;
	source->opened = true;
	source->start = lseek(fd, 0, SEEK_CUR);
	if (S_ISREG(source->state.st_mode) && source->start >= 0)
		return fd;
	source->copy = scratch_file();
	source->copied = source->copy >= 0;
	elsewhere = !source->copied;
	result = source->copied ? copy(fd, source->copy, &elsewhere) : -1;
	if (elsewhere)
		snprintf(source->problem, sizeof(source->problem),
		    "no copy in %s: %s", scratch_folder(), strerror(errno));
	if (fd != STDIN_FILENO)
		close(fd);
	if (result || fstat(source->copy, &source->state))
		return -1;
	source->start = lseek(source->copy, 0, SEEK_SET);
	return dup(source->copy);
}

static int
open_again(const struct source *source, const char *path)
{
	int fd = source->copied ? dup(source->copy) : io_open(path);

	if (fd >= 0 && lseek(fd, source->start, SEEK_SET) < 0)
		return -1;
	return fd;
}

int
source_open(struct source *source, const char *path, const char **reason)
{
	int fd = source->opened ? open_again(source, path)
				: open_first(source, path);

	if (fd < 0) {
		*reason = *source->problem ? source->problem : strerror(errno);
		return -1;
	}
	*reason = source_changed(source, fd);
	return *reason ? -1 : fd;
}

const char *
source_changed(const struct source *source, int fd)
{
	const struct stat *first = &source->state;
	struct stat now;

	if (fstat(fd, &now))
		return strerror(errno);
	if (now.st_dev == first->st_dev && now.st_ino == first->st_ino &&
	    now.st_size == first->st_size &&
	    now.st_mtim.tv_sec == first->st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == first->st_mtim.tv_nsec)
		return NULL;
	return "changed while it was read";
}

void
source_release(struct source *source)
{
	if (source->copied)
		close(source->copy);
	source->copied = false;
}
