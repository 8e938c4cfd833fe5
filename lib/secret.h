/* SPDX-License-Identifier: ISC */
/*
 * secret - bytes that must not stay behind in memory, nor be left on a disk
 *
 * Keys and tokens are held in buffers with enough room from the start, since
 * one that grows leaves its old memory behind, and are wiped before they are
 * freed. What a library keeps of them, libjq in its trees and libcurl in its
 * buffers, is out of reach.
 */
#ifndef SECRET_H
#define SECRET_H

#include <sys/types.h>

#include "buf.h"

/* Overwrites bytes, whatever a compiler thinks of that. */
void secret_wipe(void *data, size_t len);

/* Wipes the buffer, and frees its memory; it is empty and valid after it. */
void secret_release(struct buf *buf);

/* Gives an empty buffer room for len bytes. */
void secret_reserve(struct buf *buf, size_t len);

/* The most that a file with a secret may hold. */
enum { SECRET_FILE_MAX = 256 * 1024 };

/*
 * Reads a whole file, into an empty buffer; *mode gets its permissions, or 0
 * for what is no regular file. Returns 0, or -1 with errno.
 */
int secret_read(const char *path, struct buf *buf, mode_t *mode);

/*
 * Warns that a file with a secret is open to others, if its mode says so: the
 * first time, in this process and those that it forked after secret_share().
 */
void secret_warn(const char *path, mode_t mode);
void secret_share(void);

/*
 * From now on this process, and those it starts, leave no core dump, as with
 * ulimit -S -c 0.
 */
void secret_no_core(void);

#endif
