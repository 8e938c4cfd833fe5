/* SPDX-License-Identifier: ISC */
#include "window.h"
#include "check.h"

#include <pthread.h>
#include <string.h>

#include "rng.h"

enum { SIZE = 64, TOTAL = 100000 };

static char
byte_at(uint64_t offset)
{
	return (char)(offset * 7 + offset / 256);
}

static bool
right(struct window *window, uint64_t offset, size_t len)
{
	struct slice pieces[2];
	size_t n = window_pieces(window, offset, len, pieces), there = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < pieces[i].len; j++, there++) {
			if (pieces[i].data[j] != byte_at(offset + there))
				return false;
		}
	}
	return there == len;
}

/* What one thread sees: what is kept, and until when. */
static void
check_alone(void)
{
	struct window *window = window_new(SIZE);
	char data[SIZE];
	bool last = true;

	for (uint64_t i = 0; i < SIZE; i++)
		data[i] = byte_at(i);
	CHECK(!window_add(window, data, SIZE));
	CHECK(window_wait(window, 0, SIZE - 1, &last) == SIZE && !last);
	CHECK(window_wait(window, 60, 0, &last) == 4);
	CHECK(right(window, 0, SIZE) && right(window, 60, 4));
	window_acknowledge(window, 10);
	CHECK(window_holds(window, 0));
	window_acknowledge(window, 10);
	for (uint64_t i = 0; i < 10; i++)
		data[i] = byte_at(SIZE + i);
	CHECK(!window_add(window, data, 10));
	CHECK(!window_holds(window, 9) && window_holds(window, 10));
	CHECK(right(window, 10, SIZE));
	CHECK(window_added(window, &last) == SIZE + 10 && !last);
	window_end(window);
	CHECK(window_wait(window, 70, 1000, &last) == 4 && last);
	CHECK(window_wait(window, 74, 1000, &last) == 0 && last);
	CHECK(window_added(window, &last) == SIZE + 10 && last);
	window_close(window);
	CHECK(window_wait(window, 70, 0, &last) == -1);
	CHECK(window_add(window, data, 1) == -1);
	window_free(window);
	window_free(NULL);
}

static void *
write_all(void *user)
{
	uint64_t state = 1, offset = 0;
	char data[3 * SIZE];

	while (offset < TOTAL) {
		size_t len = rng_next(&state) % sizeof(data);

		if (len > TOTAL - offset)
			len = TOTAL - offset;
		for (size_t i = 0; i < len; i++)
			data[i] = byte_at(offset + i);
		if (window_add(user, data, len))
			return NULL;
		offset += len;
	}
	window_end(user);
	return NULL;
}

/*
 * A sender that gets less acknowledged than it sent, and now and then less
 * than was acknowledged before, sees the bytes that were written.
 */
static void
check_together(void)
{
	struct window *window = window_new(SIZE);
	uint64_t state = 2, at = 0, back = 0;
	bool same = true, last = false;
	pthread_t writer;
	int64_t there;

	CHECK(!pthread_create(&writer, NULL, write_all, window));
	while ((there = window_wait(window, at, 15, &last)) > 0) {
		uint64_t to = at + 1 + rng_next(&state) % (uint64_t)there;

		same = same && right(window, at, (size_t)there);
		window_acknowledge(window, to);
		at = to;
		to -= to < 5 ? 0 : rng_next(&state) % 5;
		if (to < at && window_holds(window, to)) {
			same = same && right(window, to, (size_t)(at - to));
			back++;
			window_acknowledge(window, to);
			at = to;
		}
	}
	CHECK(same && at == TOTAL && last && back > 100);
	CHECK(!pthread_join(writer, NULL));
	window_free(window);
}

/* A writer that waits for room is let go. */
static void
check_close(void)
{
	struct window *window = window_new(SIZE);
	pthread_t writer;
	bool last;

	CHECK(!pthread_create(&writer, NULL, write_all, window));
	CHECK(window_wait(window, 0, SIZE - 1, &last) == SIZE);
	window_close(window);
	CHECK(!pthread_join(writer, NULL));
	window_free(window);
}

int
main(void)
{
	check_alone();
	check_together();
	check_close();
	return check_done();
}
