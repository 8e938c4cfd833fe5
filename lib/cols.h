/* SPDX-License-Identifier: ISC */
/*
 * cols - column names of a header, and lists of names on a command line
 */
#ifndef COLS_H
#define COLS_H

#include "csvin.h"

/* Names in order; {0} is an empty list. */
struct cols {
	char **names;
	size_t count;
	size_t cap;
	char ***sorted; /* private: places in names, by name; or NULL */
	size_t nsorted;
};

/* Appends a copy of a name. */
void cols_add(struct cols *cols, struct slice name);

/* Frees the names. */
void cols_release(struct cols *cols);

/*
 * Takes the names of a header record. Dies with the file and line if a name
 * stands twice.
 */
void cols_from_header(
    struct cols *cols, struct csvin *in, const struct csvin_record *header);

/*
 * Takes the names of a list as in "-k symbol,open_time": one CSV record, so a
 * name with a comma is quoted. Returns 0, or -1 with a reason in *reason
 * (static) if it is malformed, empty, or holds an empty name or one twice.
 */
int cols_from_list(struct cols *cols, const char *list, const char **reason);

/* cols_from_list() that dies with "OPTION: 'LIST': reason". */
void cols_option(struct cols *cols, const char *option, const char *list);

/* The index of a name, or -1. */
long cols_find(const struct cols *cols, struct slice name);

/*
 * The index of a name in the header of in, or dies with "FILE: no column
 * 'NAME'; it has a, b, c".
 */
size_t cols_require(
    const struct cols *cols, const struct csvin *in, const char *name);

#endif
