/* SPDX-License-Identifier: ISC */
/*
 * kline_page - candles out of an answer to GET /api/v3/klines
 *
 * An answer is an array of candles, each an array of 12: integers bare,
 * decimals as strings. Anything else is an error, since a page that is passed
 * over is a hole that nobody comes back to.
 */
#ifndef KLINE_PAGE_H
#define KLINE_PAGE_H

#include "kline.h"

/* {0} is an empty page. */
struct kline_page {
	struct kline *klines; /* checked, ascending */
	size_t count;
	struct json *root; /* private, as is texts: the values */
	char *texts;
};

/*
 * Parses the body of the answer to startTime=from and endTime=until; open
 * times must ascend within these. Returns 0, or -1 with a reason appended to
 * error. kline_page_release() is due in either case.
 */
int kline_page_parse(struct kline_page *page, struct slice body, int64_t from,
    int64_t until, struct buf *error);
void kline_page_release(struct kline_page *page);

#endif
