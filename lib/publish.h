/* SPDX-License-Identifier: ISC */
/*
 * publish - standard input, or what a command prints, as an object
 */
#ifndef PUBLISH_H
#define PUBLISH_H

#include <stdbool.h>

#include "store.h"

struct publish {
	const char *name; /* of the object */
	int argc;         /* the command; 0: none, it is standard input */
	char **argv;
	bool gzip; /* compressed */
};

/*
 * Publishes the input when it has come to its end and the command has exited
 * 0, and fills in the receipt. Otherwise closes the store, so that nothing is
 * left of the object, and dies with the reason; so it does if standard input
 * is empty.
 */
void publish_xput(struct store *store, const struct publish *publish,
    struct store_receipt *receipt);

#endif
