/* SPDX-License-Identifier: ISC */
/*
 * arena - memory handed out in pieces and taken back all at once
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

struct arena_block;

/* {0} is valid and empty. */
struct arena {
	struct arena_block *newest;
};

/* Room for len bytes, which stays in its place until arena_clear(). */
char *arena_room(struct arena *arena, size_t len);

/* Takes all rooms back; keeps some memory for the next ones. */
void arena_clear(struct arena *arena);

/* Frees everything. */
void arena_release(struct arena *arena);

#endif
