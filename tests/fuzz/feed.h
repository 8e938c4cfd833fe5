/* SPDX-License-Identifier: ISC */
/*
 * feed - the reader on a text that comes in pieces of the harness's choice
 *
 * The harness is linked with --wrap=io_read.
 */
#ifndef FEED_H
#define FEED_H

#include "buf.h"

/*
 * From now on reads give this text, in pieces whose sizes the bytes of sizes
 * tell in turn ('0' is 1, '1' is 2, ...), without them in one. Both are
 * borrowed. In a build with SLUICE_TEST a new reader has then another code and
 * the smallest of buffers for pieces.
 */
void feed(struct slice text, struct slice sizes);

/*
 * Appends all that the reader says of what is fed, to the end or an error: by
 * csvin_next() alone, or by it and csvin_next_batch() in turn.
 */
void feed_tell(struct buf *told, unsigned flags, bool batches);

#endif
