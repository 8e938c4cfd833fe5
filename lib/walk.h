/* SPDX-License-Identifier: ISC */
/*
 * walk - the files below a directory, in the order of their names' bytes
 *
 * A name is the path below the directory. Only regular files count; symbolic
 * links are not followed. Memory holds the names in the folders that the walk
 * is in the middle of.
 */
#ifndef WALK_H
#define WALK_H

#include <stdint.h>
#include <sys/stat.h>

struct walk;

/*
 * A walk over the files below dir whose names begin with prefix, without
 * those in the folder hidden of dir. A directory that does not exist holds
 * nothing. The strings are borrowed; walk_free() frees.
 */
struct walk *walk_new(const char *dir, const char *prefix, const char *hidden);
void walk_free(struct walk *walk);

/*
 * The next file: 1 with its name and what lstat(2) says of it, or 0 at the
 * end. On failure -1, with the reason in errno and the name of what could not
 * be read. *name is borrowed until the next call.
 */
int walk_next(struct walk *walk, const char **name, struct stat *st);

/* How many entries were passed over so far, as they are no regular files. */
int64_t walk_passed_over(const struct walk *walk);

#endif
