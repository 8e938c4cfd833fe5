/* SPDX-License-Identifier: ISC */
/*
 * store_dir - a store in a directory
 *
 * The object NAME is the file DIR/NAME, read-only; whatever regular file lies
 * below DIR is an object. Its time of publication is the file's time of
 * modification, and its generation is that in microseconds. A directory that
 * does not exist is an empty store; the first put creates it.
 *
 * A put writes a file in DIR/.tmp, syncs it and links it to its name: link(2)
 * fails where the name exists, so that of two puts at once one wins. The
 * writer holds a lock (flock) on its file until it is done, and each put
 * first removes the files there that nobody holds, which a killed one left.
 *
 * A remove takes along the folders that it leaves empty. It looks at the
 * generation just before: one that is removed and put anew by others in that
 * instant is removed all the same.
 *
 * An object cannot be in the way of a folder: with "a" there cannot be "a/b",
 * nor the other way round. A list keeps the names of the folders that it is
 * in the middle of in memory.
 */
#ifndef STORE_DIR_H
#define STORE_DIR_H

#include "store.h"

/* A store in dir; the caller fills in location. */
struct store *store_dir_new(const char *dir);

#endif
