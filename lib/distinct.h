/* SPDX-License-Identifier: ISC */
/*
 * distinct - no output file of a run is a file it reads, or another output
 *
 * Files are the same by device and number, whatever they are called; those
 * that do not exist yet, by their folder and name. An output is two files, as
 * in out_file(): itself and PATH.tmp. What is no regular file, such as a pipe
 * or /dev/null, is never the same as another.
 */
#ifndef DISTINCT_H
#define DISTINCT_H

#include <stddef.h>

/* The files of a run; {0} has none. */
struct distinct {
	struct distinct_file *files;
	size_t count, cap;
};

/* Adds a file that is read; "-" is standard input. */
void distinct_input(struct distinct *distinct, const char *path);

/* Adds the inputs as csvin_new() takes them: none is standard input. */
void distinct_inputs(struct distinct *distinct, char *const *paths, int npaths);

/*
 * Adds an output, unless path is NULL, or the file that standard output is.
 * Dies with "PATH: the same file as NAME" and STATUS_TROUBLE; also at "-",
 * which elsewhere is standard input.
 */
void distinct_xstdout(struct distinct *distinct);
void distinct_xoutput(struct distinct *distinct, const char *path);

void distinct_release(struct distinct *distinct);

#endif
