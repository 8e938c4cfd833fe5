/* SPDX-License-Identifier: ISC */
/*
 * source - an input that is read more than once
 *
 * A regular file is opened or sought again, and must not have changed in
 * between. Anything else, such as a pipe, is copied to an unlinked temporary
 * file in $TMPDIR, or /tmp, when it is first opened.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/* {0} is a source that has not been opened. */
struct source {
	bool opened;
	bool copied;
	int copy;    /* the temporary file, if copied */
	off_t start; /* where standard input stood */
	struct stat state;
	char problem[256]; /* private */
};

/*
 * Opens path ("-" is standard input), the same in every call, for reading
 * from its beginning. Returns a descriptor for the caller to close, unless it
 * is 0, or -1 with the reason in *reason (static).
 */
int source_open(struct source *source, const char *path, const char **reason);

/*
 * Tells whether the file behind fd is still as it was when it was first
 * opened. Returns NULL, or the reason (static).
 */
const char *source_changed(const struct source *source, int fd);

/* Frees the copy. */
void source_release(struct source *source);

#endif
