/* SPDX-License-Identifier: ISC */
#include "arena.h"

#include <stdlib.h>

#include "buf.h"

enum { BLOCK_SIZE = 4096 };

struct arena_block {
	struct arena_block *older;
	size_t len, cap;
	char data[];
};

char *
arena_room(struct arena *arena, size_t len)
{
	struct arena_block *block = arena->newest;
	char *room;

	if (!block || block->cap - block->len < len) {
		size_t cap = len > BLOCK_SIZE ? len : BLOCK_SIZE;

		block = xmalloc(sizeof(*block) + cap);
		block->older = arena->newest;
		block->len = 0;
		block->cap = cap;
		arena->newest = block;
	}
	room = block->data + block->len;
	block->len += len;
	return room;
}

static void
free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *older = block->older;

		free(block);
		block = older;
	}
}

void
arena_clear(struct arena *arena)
{
	struct arena_block *newest = arena->newest;

	if (!newest)
		return;
	free_blocks(newest->older);
	newest->older = NULL;
	newest->len = 0;
}

void
arena_release(struct arena *arena)
{
	free_blocks(arena->newest);
	arena->newest = NULL;
}
