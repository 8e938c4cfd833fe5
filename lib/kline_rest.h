/* SPDX-License-Identifier: ISC */
/*
 * kline_rest - closed candles from the exchange's REST interface
 *
 * The cursor is the last open time + 1, so that pages neither overlap nor
 * leave holes, whatever gaps the series has. A candle is handed out only when
 * its interval is over by the exchange's own clock: before, its values are
 * not final.
 *
 * Servers are tried in order: one that refuses our location or our kind (HTTP
 * 451, 403) is left for the next, and the one that answers is kept.
 */
#ifndef KLINE_REST_H
#define KLINE_REST_H

#include "kline_page.h"

struct kline_rest;

/*
 * A session with the first of the servers, given as "https://HOST", that
 * serves us; an empty list means the exchange's own. Each page may take so
 * many seconds, repeats and the pauses that the server asks for included.
 * servers is borrowed; kline_rest_free() frees.
 */
struct kline_rest *kline_rest_new(const struct cols *servers, int seconds);
void kline_rest_free(struct kline_rest *rest);

/* Which candles; open times, both bounds inclusive, in milliseconds. */
struct kline_query {
	const char *symbol;
	const struct kline_interval *interval;
	int64_t from;  /* not negative; moves on with each page */
	int64_t until; /* INT64_MAX: no end */
	bool done;     /* no closed candle follows */
};

/*
 * Gets the next closed candles of a query that is not done. Returns
 * STATUS_DONE, or how the program should end, with "SERVER: reason" appended
 * to error. kline_page_release() is due in either case.
 */
enum status kline_rest_next(struct kline_rest *rest, struct kline_query *query,
    struct kline_page *page, struct buf *error);

#endif
