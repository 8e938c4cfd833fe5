/* SPDX-License-Identifier: ISC */
/*
 * gz - bytes into gzip and out of it, as they come (RFC 1952, zlib)
 *
 * The same bytes always make the same gzip with one version of zlib, in
 * whatever pieces they come: the header has no time, name or system.
 *
 * Out of it come the bytes of all members, one behind another. Data that end
 * in the middle of a member, or have anything else behind one, are an error,
 * and so is no member at all.
 *
 * Memory is constant, about 400 KiB.
 */
#ifndef GZ_H
#define GZ_H

#include <stddef.h>

struct gz;

/*
 * take() is called with what comes out, never no bytes; if it returns other
 * than 0 that is a failure. gz_free() frees.
 */
struct gz *gz_deflate(
    int (*take)(void *user, const void *data, size_t len), void *user);
struct gz *gz_inflate(
    int (*take)(void *user, const void *data, size_t len), void *user);
void gz_free(struct gz *gz);

/*
 * Takes in more bytes, or their end. Returns 0, or -1; after that, it is only
 * to be freed. With user and data, gz_write() is a take() itself.
 */
int gz_write(void *gz, const void *data, size_t len);
int gz_finish(struct gz *gz);

/* What is wrong with the data (static), or NULL if it was take() that failed.
 */
const char *gz_reason(const struct gz *gz);

#endif
