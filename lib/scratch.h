/* SPDX-License-Identifier: ISC */
/*
 * scratch - a temporary file that is written once and then read, in order
 *
 * It stands in $TMPDIR, or /tmp, and is unlinked as soon as it is made, so
 * that nothing stays behind however the program ends.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stdint.h>

#include "buf.h"

/* The folder of temporary files: $TMPDIR, or /tmp. */
const char *scratch_folder(void);

/* An unlinked temporary file: a descriptor, or -1 with errno. */
int scratch_file(void);

struct scratch {
	int fd;
	int error; /* errno of the first failure, or 0 */
	char *data;
	size_t start, len, cap; /* of data: what is to be read, or written */
	bool reading;
};

/*
 * Makes the file, with a buffer of size bytes. A failure here or later is kept
 * in error, and what is written then is dropped. scratch_release() frees.
 */
void scratch_init(struct scratch *scratch, size_t size);
void scratch_release(struct scratch *scratch);

/* Appends bytes. */
void scratch_write(struct scratch *scratch, const void *data, size_t len);

/* Ends writing, or reading: the next byte read is the first one. */
void scratch_rewind(struct scratch *scratch);

/*
 * The next len bytes, borrowed until the next call, or NULL: at the end, or
 * with error set. The buffer grows to hold them.
 */
const char *scratch_read(struct scratch *scratch, size_t len);

#endif
