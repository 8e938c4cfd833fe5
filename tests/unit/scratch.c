/* SPDX-License-Identifier: ISC */
#include "scratch.h"
#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is written in pieces of one size is read in pieces of another. */
static void
check_sizes(size_t buffer, size_t written, size_t read)
{
	enum { SIZE = 1000 };
	struct scratch scratch;
	char bytes[SIZE];
	size_t at = 0;

	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 7 % 251);
	scratch_init(&scratch, buffer);
	for (size_t i = 0; i + written <= SIZE; i += written)
		scratch_write(&scratch, bytes + i, written);
	for (int round = 0; round < 2; round++) {
		scratch_rewind(&scratch);
		for (at = 0; at + read <= SIZE / written * written;
		     at += read) {
			const char *data = scratch_read(&scratch, read);

			if (!data || memcmp(data, bytes + at, read))
				break;
		}
		CHECK(at + read > SIZE / written * written);
		CHECK(!scratch_read(&scratch, read) && !scratch.error);
	}
	scratch_release(&scratch);
}

static void
check_failures(void)
{
	struct scratch scratch;

	setenv("TMPDIR", "/nowhere", 1);
	CHECK(!strcmp(scratch_folder(), "/nowhere"));
	scratch_init(&scratch, 10);
	CHECK(scratch.error == ENOENT);
	scratch_write(&scratch, "0123456789abcdef", 16);
	scratch_rewind(&scratch);
	CHECK(!scratch_read(&scratch, 1));
	CHECK(scratch.error == ENOENT);
	scratch_release(&scratch);
	setenv("TMPDIR", "", 1);
	CHECK(!strcmp(scratch_folder(), "/tmp"));
}

int
main(void)
{
	static const size_t sizes[] = {1, 2, 7, 64, 99, 1000};

	for (size_t i = 0; i < 6; i++) {
		for (size_t j = 0; j < 6; j++) {
			check_sizes(64, sizes[i], sizes[j]);
			check_sizes(1, sizes[i], sizes[j]);
		}
	}
	check_failures();
	return check_done();
}
