/* SPDX-License-Identifier: ISC */
#include "kline_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"

/* Room for an integer below 2^53; the exchange's 12th column is unused. */
enum { TEXT_SIZE = 24, ELEMENTS = KLINE_COLUMNS + 1 };

static bool
is_integer(size_t column)
{
	return column == KLINE_OPEN_TIME || column == KLINE_CLOSE_TIME ||
	       column == KLINE_TRADES;
}

/* Takes a value of the type that its column has: 0, or -1. */
static int
take_value(struct json *value, bool integer, char *text, struct slice *taken)
{
	double number = json_number(value);

	if (json_type(value) != (integer ? JSON_NUMBER : JSON_STRING))
		return -1;
	if (!integer) {
		*taken = json_string(value);
		return 0;
	}
	/* below 2^53 a double is the integer that was written */
	if (!(number >= 0 && number < 9007199254740992.0) ||
	    number != (double)(int64_t)number)
		return -1;
	snprintf(text, TEXT_SIZE, "%" PRId64, (int64_t)number);
	*taken = slice_of(text);
	return 0;
}

static int
take_candle(
    struct kline *kline, struct json *row, char *texts, struct buf *error)
{
	if (json_type(row) != JSON_ARRAY || json_count(row) != ELEMENTS) {
		buf_printf(error, "not an array of %d", ELEMENTS);
		return -1;
	}
	for (size_t i = 0; i < KLINE_COLUMNS; i++) {
		if (!take_value(json_at(row, i), is_integer(i),
			texts + i * TEXT_SIZE, &kline->values[i]))
			continue;
		buf_printf(error, "element %zu is not %s", i,
		    is_integer(i) ? "an integer" : "a string");
		return -1;
	}
	return kline_check(kline, error);
}

/* Takes all candles: 0, or -1 with the reason why the last one is wrong. */
static int
take_candles(
    struct kline_page *page, int64_t from, int64_t until, struct buf *error)
{
	for (size_t i = 0; i < json_count(page->root); i++) {
		struct kline *kline = &page->klines[i];

		page->count++;
		if (take_candle(kline, json_at(page->root, i),
			page->texts + i * KLINE_COLUMNS * TEXT_SIZE, error))
			return -1;
		if (kline->open_time < from || kline->open_time > until) {
			bool early = kline->open_time < from;

			buf_printf(error,
			    "open time %" PRId64 " is %s %" PRId64,
			    kline->open_time, early ? "before" : "after",
			    early ? from : until);
			return -1;
		}
		from = kline->open_time + 1;
	}
	return 0;
}

int
kline_page_parse(struct kline_page *page, struct slice body, int64_t from,
    int64_t until, struct buf *error)
{
	struct buf reason = {0};
	size_t count;
	int result;

	*page = (struct kline_page){0};
	/* an error object with a good status has been taken for no candles */
	if (body.len == 0 || body.data[0] != '[') {
		buf_printf(error, "not an array of candles: '%.*s'",
		    (int)(body.len < 200 ? body.len : 200), body.data);
		return -1;
	}
	page->root = json_parse(body, error);
	if (!page->root)
		return -1;
	count = json_count(page->root);
	page->klines = xcalloc(count, sizeof(*page->klines));
	page->texts = xcalloc(count, KLINE_COLUMNS * TEXT_SIZE);
	result = take_candles(page, from, until, &reason);
	if (result)
		buf_printf(error, "candle %zu of %zu: %s", page->count, count,
		    buf_text(&reason));
	buf_release(&reason);
	return result;
}

void
kline_page_release(struct kline_page *page)
{
	json_free(page->root);
	free(page->klines);
	free(page->texts);
	*page = (struct kline_page){0};
}
