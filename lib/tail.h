/* SPDX-License-Identifier: ISC */
/*
 * tail - where the last records of CSV begin, found from the end backwards
 *
 * A LF ends a record if it stands outside quotes, and the end of the input
 * does. In well-formed CSV every quote changes between inside and outside, a
 * doubled one twice, so a LF is outside if an even number of quotes follows
 * it: nothing in front of the records has to be read. Behind a syntax error
 * the count may be odd, and what is found then begins in the wrong place.
 */
#ifndef TAIL_H
#define TAIL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct tail {
	off_t begin;    /* where the input begins, with its header */
	bool drop;      /* an empty line at the very end is no record */
	uint64_t count; /* of records wanted; then of those found */
	off_t at;       /* where the first of them begins; 0 if at the header */
};

/*
 * Sets at and count. If the input holds no more records than wanted, the
 * header not counted, at is 0. Returns 0, or -1 with errno: ESPIPE if fd is
 * not a regular file. fd's offset stays where it is.
 */
int tail_find(int fd, struct tail *tail);

#endif
