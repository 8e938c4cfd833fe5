/* SPDX-License-Identifier: ISC */
#include "tail.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024 };

/* Reads size bytes at an offset, which are there unless the file shrank. */
static int
read_at(int fd, char *data, size_t size, off_t offset)
{
	while (size) {
		ssize_t got = pread(fd, data, size, offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got ? errno : EIO;
			return -1;
		}
		data += got;
		offset += got;
		size -= (size_t)got;
	}
	return 0;
}

/* Steps back over an empty line, if there is one at the end. */
static int
drop_empty_line(int fd, off_t begin, off_t *end)
{
	char last[3];
	size_t size = *end - begin < 3 ? (size_t)(*end - begin) : 3;

	if (read_at(fd, last, size, *end - (off_t)size))
		return -1;
	if (size >= 2 && !memcmp(last + size - 2, "\n\n", 2))
		*end -= 1;
	else if (size == 3 && !memcmp(last, "\n\r\n", 3))
		*end -= 2;
	return 0;
}

/* Where the search stands. */
struct search {
	uint64_t wanted, ends; /* ends of records, but for the last one */
	off_t end;
	bool inside;
};

/* Looks through a block from its end; true if the last record was found. */
static bool
look_through(struct search *search, const char *block, size_t size,
    off_t offset, off_t *at)
{
	for (size_t i = size; i-- > 0;) {
		off_t behind = offset + (off_t)i + 1;

		search->inside ^= block[i] == '"';
		if (block[i] != '\n' || search->inside || behind == search->end)
			continue;
		if (++search->ends == search->wanted) {
			*at = behind;
			return true;
		}
	}
	return false;
}

int
tail_find(int fd, struct tail *tail)
{
	static char block[BLOCK];
	struct search search = {.wanted = tail->count};
	struct stat st;
	off_t offset;

	if (fstat(fd, &st))
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = ESPIPE;
		return -1;
	}
	search.end = st.st_size;
	if (tail->drop && drop_empty_line(fd, tail->begin, &search.end))
		return -1;
	for (offset = search.end; offset > tail->begin;) {
		size_t size = offset - tail->begin < BLOCK
				  ? (size_t)(offset - tail->begin)
				  : BLOCK;

		offset -= (off_t)size;
		if (read_at(fd, block, size, offset))
			return -1;
		if (look_through(&search, block, size, offset, &tail->at))
			return 0;
	}
	/* as many ends as records behind the header */
	tail->count = search.ends;
	tail->at = 0;
	return 0;
}
