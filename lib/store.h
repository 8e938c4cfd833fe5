/* SPDX-License-Identifier: ISC */
/*
 * store - immutable objects under names, in a directory or in the cloud
 *
 * An object is a run of bytes with a name. It appears whole, with a commit,
 * and is never overwritten; publishing the same bytes under the same name
 * again is a success that changes nothing. A location's scheme picks the
 * implementation, and who uses a store never learns which one it is.
 *
 * A store does one thing at a time: a put or a list lasts from its beginning to
 * its end, and the rest is one call. Functions that return int give 0, or -1
 * with the reason in the store; store_die() says it.
 * Memory is constant, but for a list: see the implementation.
 *
 * A name is 1 to 1024 bytes of UTF-8, of parts between slashes. No part is
 * empty, "." or "..", there are no control bytes, and
 * ".well-known/acme-challenge/" does not begin it; this is what Cloud Storage
 * takes and what is a path below a directory too.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "die.h"
#include "digest.h"

/* Texts are borrowed until the next call on the store. */
struct store_object {
	const char *name;
	int64_t bytes;
	int64_t generation; /* another one if the name was given anew */
	int64_t created;    /* time of publication, as in clock.h */
	/* what the store keeps beside the bytes, or NULL if it does not */
	const char *content_type;
	const char *content_encoding;
	const char *crc32c; /* as in digest.h */
	const char *sha256; /* as the object's writer declared it */
};

/* What a put came to. */
struct store_receipt {
	struct store_object object;
	struct digest_result digest;
	bool existed; /* the object was there already, with the same bytes */
};

struct store {
	const struct store_functions *functions;
	char *location;        /* as given, without slashes at the end */
	struct digest *digest; /* of the put under way, or NULL */
	struct buf reason;     /* of the last failure */
	enum status status;    /* that the last failure deserves */
	bool absent;           /* it was that there is no such object */
	int64_t passed_over;   /* by the list: what can be no object */
};

/*
 * Opens "file:DIR" or "gs://BUCKET[/PREFIX]"; nothing is touched yet. Returns
 * the store, or NULL with a reason appended to reason.
 */
struct store *store_open(const char *location, struct buf *reason);

/*
 * The store of an option -s, or with NULL that of $SLUICE_STORE. Dies if
 * neither names one, or what they name cannot be a store.
 */
struct store *store_option(const char *location);

/* Ends what is under way, an unfinished put without a trace, and frees all. */
void store_close(struct store *store);

/* Closes the store and dies with the reason and status of its last failure. */
_Noreturn void store_die(struct store *store);

/* Appends LOCATION/NAME. */
void store_url(const struct store *store, const char *name, struct buf *url);

/* What is to be published; borrowed until the end of the put. */
struct store_put {
	const char *name;         /* it is the name in the receipt, too */
	const char *content_type; /* NULL: application/octet-stream */
};

/*
 * A put: begin, any number of writes, and the commit, which publishes. A put
 * that is not committed, or that failed, ends with store_close().
 */
int store_put_begin(struct store *store, const struct store_put *put);
int store_put_write(struct store *store, const void *data, size_t len);
int store_put_commit(struct store *store, struct store_receipt *receipt);

/*
 * Appends the receipt as one line of JSON. created_at, the time that is part
 * of the name, may be NULL; tool is a name and version.
 */
void store_receipt_print(const struct store *store,
    const struct store_receipt *receipt, const char *created_at,
    const char *tool, struct buf *text);

/*
 * What to get. take() is called with the bytes in order, never none of them;
 * if it returns other than 0 the get ends and fails.
 */
struct store_get {
	const char *name;
	int64_t generation; /* of the name, or it is absent; 0: the newest */
	bool raw; /* as stored: content_encoding gzip is not inflated */
	int (*take)(void *user, const void *data, size_t len);
	void *user;
};

/*
 * Gets all bytes of one generation, compared with the checksum if the store
 * has one, and fills in the object. After a failure what was taken is worth
 * nothing.
 */
int store_get(struct store *store, const struct store_get *get,
    struct store_object *object);

/* Fills in the object of this name. */
int store_stat(
    struct store *store, const char *name, struct store_object *object);

/*
 * Removes the object, if it is of that generation; 0 is any. One that is
 * absent, or of another generation, is a failure.
 */
int store_remove(struct store *store, const char *name, int64_t generation);

/*
 * Lists the objects whose names begin with prefix ("" for all; any string, not
 * only a folder) in the order of their bytes. store_list_next() returns 1 and
 * an object, 0 at the end, or -1. At the end store->passed_over is how many
 * entries there were that can be no objects, such as symbolic links.
 */
int store_list_begin(struct store *store, const char *prefix);
int store_list_next(struct store *store, struct store_object *object);

/*
 * For implementations. Theirs is a struct that begins with a struct store.
 * The functions do what those above do; names are checked before, put_commit()
 * finds the digest in the receipt and completes the rest, and close() ends
 * what is under way and frees the struct, but not what a struct store owns.
 */
struct store_functions {
	int (*put_begin)(struct store *store, const struct store_put *put);
	int (*put_write)(struct store *store, const void *data, size_t len);
	int (*put_commit)(struct store *store, struct store_receipt *receipt);
	int (*get)(struct store *store, const struct store_get *get,
	    struct store_object *object);
	int (*stat)(
	    struct store *store, const char *name, struct store_object *object);
	int (*remove)(
	    struct store *store, const char *name, int64_t generation);
	int (*list_begin)(struct store *store, const char *prefix);
	int (*list_next)(struct store *store, struct store_object *object);
	void (*close)(struct store *store);
};

/*
 * Keeps "LOCATION/NAME: reason", or "LOCATION: reason" if name is NULL, as the
 * store's last failure. Returns -1.
 */
int store_fail(struct store *store, enum status status, const char *name,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Fails with "no such object", and store->absent. Returns -1. */
int store_fail_absent(struct store *store, const char *name);

#endif
