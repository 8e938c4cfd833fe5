/* SPDX-License-Identifier: ISC */
/*
 * place - a URL of an object, or of all below a folder, taken apart
 *
 * "gs://BUCKET/a/b" is b's place in the store gs://BUCKET. Where a directory's
 * store ends and a name begins cannot be seen in "file:x/y/z": if it lies in
 * $SLUICE_STORE that is the store, and otherwise the folder that z lies in is
 * one. With a slash at the end it is everything below.
 */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>

#include "buf.h"

struct place {
	const char *url; /* as given, borrowed */
	char *location;  /* of the store */
	char *name;      /* below it; of a folder: "", or with its slash */
	bool folder;
};

/*
 * Takes a URL apart. Returns 0, or -1 with a reason appended, if it is none or
 * is that of a whole store without a slash.
 */
int place_parse(struct place *place, const char *url, struct buf *reason);
void place_release(struct place *place);

/*
 * Appends the name that the object called name, of place from, gets in place
 * to: below a folder, what is behind from's folder, or the object's last part.
 */
void place_target(const struct place *from, const char *name,
    const struct place *to, struct buf *target);

/* True if inner lies below the folder outer, or is it, as they are spelled. */
bool place_holds(const struct place *outer, const struct place *inner);

#endif
