/* SPDX-License-Identifier: ISC */
#include "buf.h"
#include "check.h"
#include "dies.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void
check_empty(void)
{
	struct buf buf = {0};

	CHECK(!strcmp(buf_text(&buf), ""));
	CHECK(buf_slice(&buf).len == 0 && buf_slice(&buf).data);
	buf_add(&buf, NULL, 0);
	CHECK(buf.len == 0 && !buf_failed(&buf));
	buf_clear(&buf);
	buf_release(&buf);
}

static void
check_growth(void)
{
	struct buf buf = {0};

	for (int i = 0; i < 1000; i++)
		buf_printf(&buf, "%d", i % 10);
	buf_putc(&buf, '\0');
	buf_puts(&buf, "end");
	CHECK(buf.len == 1004);
	CHECK(!memcmp(buf.data + 990, "0123456789\0end", 15));
	buf_clear(&buf);
	CHECK(buf.len == 0 && !strcmp(buf_text(&buf), ""));
	buf_add_slice(&buf, slice_of("again"));
	CHECK(!strcmp(buf_text(&buf), "again"));
	buf_release(&buf);
}

static void
check_limit(void)
{
	struct buf buf = {.limit = 4};

	buf_puts(&buf, "1234");
	CHECK(!buf_failed(&buf) && buf.len == 4);
	buf_putc(&buf, '5');
	CHECK(buf_failed(&buf) && !strcmp(buf_text(&buf), "1234"));
	buf_clear(&buf);
	CHECK(!buf_failed(&buf));
	buf_printf(&buf, "%s", "12345");
	CHECK(buf_failed(&buf) && buf.len == 0);
	buf_release(&buf);
	CHECK(buf.limit == 4 && !buf_failed(&buf));
	buf_puts(&buf, "12345");
	CHECK(buf_failed(&buf));
	buf_release(&buf);
}

static void
check_slices(void)
{
	struct slice cut = {"abc", 2};
	char *copy = xslicedup(cut);

	CHECK(!strcmp(copy, "ab"));
	CHECK(slice_equal(cut, slice_of("ab")));
	CHECK(!slice_equal(cut, slice_of("abc")));
	CHECK(!slice_equal(cut, slice_of("ax")));
	CHECK(slice_equal((struct slice){NULL, 0}, slice_of("")));
	free(copy);
}

static void
check_grow(void)
{
	size_t cap = 0;
	int *items = NULL, wrong = 0;

	for (int i = 0; i < 1000; i++) {
		items = xgrow(items, (size_t)i, &cap, sizeof(*items));
		items[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		wrong += items[i] != i;
	CHECK(wrong == 0 && cap >= 1000 && cap < 2048);
	free(items);
}

static void
grow_too_far(void)
{
	size_t cap = SIZE_MAX / 16;

	xgrow(NULL, cap, &cap, 16);
}

int
main(void)
{
	check_empty();
	check_growth();
	check_limit();
	check_slices();
	check_grow();
	CHECK(dies_saying(grow_too_far, "sluice: out of memory\n"));
	return check_done();
}
