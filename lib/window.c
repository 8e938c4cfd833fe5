/* SPDX-License-Identifier: ISC */
#include "window.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct window {
	pthread_mutex_t lock; /* of all but the bytes that are there */
	pthread_cond_t moved; /* any of the below changed */
	char *data;           /* offset o lies at o modulo size */
	size_t size;
	uint64_t added;        /* the end of the bytes */
	uint64_t claimed;      /* and of those that are just being added */
	uint64_t acknowledged; /* the first that has to be kept */
	bool ended;
	bool closed;
};

struct window *
window_new(size_t size)
{
	struct window *window = xcalloc(1, sizeof(*window));

	pthread_mutex_init(&window->lock, NULL);
	pthread_cond_init(&window->moved, NULL);
	window->data = xmalloc(size);
	window->size = size;
	return window;
}

void
window_free(struct window *window)
{
	if (!window)
		return;
	pthread_cond_destroy(&window->moved);
	pthread_mutex_destroy(&window->lock);
	free(window->data);
	free(window);
}

/* Waits for room for some of len bytes: how many, or 0 if it is closed. */
static size_t
claim(struct window *window, size_t len)
{
	size_t at = (size_t)(window->added % window->size), room = 0;

	pthread_mutex_lock(&window->lock);
	while (!window->closed && !room) {
		room = window->size -
		       (size_t)(window->added - window->acknowledged);
		if (!room)
			pthread_cond_wait(&window->moved, &window->lock);
	}
	if (window->closed)
		room = 0;
	if (room > len)
		room = len;
	if (room > window->size - at)
		room = window->size - at;
	window->claimed = window->added + room;
	pthread_mutex_unlock(&window->lock);
	return room;
}

int
window_add(struct window *window, const void *data, size_t len)
{
	const char *from = data;

	while (len) {
		size_t n = claim(window, len);

		if (!n)
			return -1;
		memcpy(window->data + window->added % window->size, from, n);
		from += n;
		len -= n;
		pthread_mutex_lock(&window->lock);
		window->added += n;
		pthread_cond_broadcast(&window->moved);
		pthread_mutex_unlock(&window->lock);
	}
	return 0;
}

void
window_end(struct window *window)
{
	pthread_mutex_lock(&window->lock);
	window->ended = true;
	pthread_cond_broadcast(&window->moved);
	pthread_mutex_unlock(&window->lock);
}

uint64_t
window_added(struct window *window, bool *ended)
{
	uint64_t added;

	pthread_mutex_lock(&window->lock);
	added = window->added;
	if (ended)
		*ended = window->ended;
	pthread_mutex_unlock(&window->lock);
	return added;
}

int64_t
window_wait(struct window *window, uint64_t offset, size_t more, bool *last)
{
	int64_t there;

	pthread_mutex_lock(&window->lock);
	while (
	    window->added - offset <= more && !window->ended && !window->closed)
		pthread_cond_wait(&window->moved, &window->lock);
	*last = window->ended;
	there = window->closed ? -1 : (int64_t)(window->added - offset);
	pthread_mutex_unlock(&window->lock);
	return there;
}

bool
window_holds(struct window *window, uint64_t offset)
{
	bool holds;

	pthread_mutex_lock(&window->lock);
	holds = window->claimed - offset <= window->size;
	/* from now on the writer may not take the room of these */
	if (holds && offset < window->acknowledged)
		window->acknowledged = offset;
	pthread_mutex_unlock(&window->lock);
	return holds;
}

size_t
window_pieces(
    struct window *window, uint64_t offset, size_t len, struct slice pieces[2])
{
	size_t at = (size_t)(offset % window->size);
	size_t first = window->size - at;

	if (len <= first) {
		pieces[0] = (struct slice){window->data + at, len};
		return 1;
	}
	pieces[0] = (struct slice){window->data + at, first};
	pieces[1] = (struct slice){window->data, len - first};
	return 2;
}

void
window_acknowledge(struct window *window, uint64_t offset)
{
	pthread_mutex_lock(&window->lock);
	window->acknowledged = offset;
	pthread_cond_broadcast(&window->moved);
	pthread_mutex_unlock(&window->lock);
}

void
window_close(struct window *window)
{
	pthread_mutex_lock(&window->lock);
	window->closed = true;
	pthread_cond_broadcast(&window->moved);
	pthread_mutex_unlock(&window->lock);
}
