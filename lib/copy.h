/* SPDX-License-Identifier: ISC */
/*
 * copy - an object from one store to another
 *
 * The copy appears whole, after the last byte was read and verified, or not
 * at all; an object that is there is never overwritten, and if it has the
 * same bytes that is a success. Objects of more than 1 MiB are compared
 * first, by the stores' checksums where they keep them.
 *
 * What a store keeps compressed (content encoding gzip) is copied as
 * store_get() inflates it.
 */
#ifndef COPY_H
#define COPY_H

#include <stdint.h>

#include "buf.h"
#include "store.h"

struct copy {
	struct store *from, *to;
	/* what a list or store_stat() told of it, all but the times and sums */
	struct store_object object;
	const char *name; /* it gets */
};

/*
 * Copies the object, of this generation. Returns NULL, or the store that has
 * the reason of the failure. After a failure both are to be closed. Sums in
 * the receipt that nobody knows, as neither object was read, are "".
 */
struct store *copy_object(
    const struct copy *copy, struct store_receipt *receipt);

/* Appends the receipt as one line of JSON; tool is a name and version. */
void copy_receipt_print(const struct copy *copy,
    const struct store_receipt *receipt, const char *tool, struct buf *text);

#endif
