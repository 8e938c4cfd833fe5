/* SPDX-License-Identifier: ISC */
/*
 * window - the last bytes of a stream, kept until they are acknowledged
 *
 * One thread adds bytes; another sends them, and may have to send some of
 * them again. Offsets count from the beginning of the stream. What was
 * acknowledged is kept on as long as there is room, so that a short stream
 * can be sent from its beginning to the end.
 *
 * The writer waits for room, the sender for bytes. Either may end it.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

struct window;

/* A window that holds so many bytes. window_free() frees. */
struct window *window_new(size_t size);
void window_free(struct window *window);

/*
 * For the writer. Adds bytes, as room is made. After window_close() they are
 * dropped, and it returns -1.
 */
int window_add(struct window *window, const void *data, size_t len);

/* For the writer: there are no more bytes. */
void window_end(struct window *window);

/* How many bytes were added; ended (unless NULL) if those are all. */
uint64_t window_added(struct window *window, bool *ended);

/*
 * For the sender. Waits until there are more than so many bytes from offset
 * on, or the end is known. Returns the bytes there are from offset on, and
 * whether those are the last; -1 after window_close().
 */
int64_t window_wait(
    struct window *window, uint64_t offset, size_t more, bool *last);

/*
 * For the sender: whether the bytes from offset on are still there; then they
 * stay until they are acknowledged again.
 */
bool window_holds(struct window *window, uint64_t offset);

/*
 * The bytes at an offset, which are there, as one or two pieces: returns how
 * many. They stay until they are acknowledged.
 */
size_t window_pieces(
    struct window *window, uint64_t offset, size_t len, struct slice pieces[2]);

/* For the sender: the bytes before offset need not be kept. */
void window_acknowledge(struct window *window, uint64_t offset);

/* For both: nobody sends any more; who waits is woken up. */
void window_close(struct window *window);

#endif
