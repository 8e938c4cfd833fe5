/* SPDX-License-Identifier: ISC */
/*
 * kline_filter - which candles are wanted, and of which interval they are
 */
#ifndef KLINE_FILTER_H
#define KLINE_FILTER_H

#include "kline.h"

/* Begin with KLINE_FILTER_ALL. Times are microseconds of the epoch. */
struct kline_filter {
	int64_t since, until, after;           /* bounds of the open time */
	int64_t closed_by;                     /* bound of the end */
	const struct kline_interval *interval; /* of all candles, or NULL */
	uint64_t candles, whole;               /* private */
};

#define KLINE_FILTER_ALL \
	{ \
		.since = INT64_MIN, .until = INT64_MAX, .after = INT64_MIN, \
		.closed_by = INT64_MAX \
	}

/* True if a checked candle is within the bounds. */
bool kline_filter_wants(
    const struct kline_filter *filter, const struct kline *kline);

/*
 * Judges a checked candle's length: 0, or -1 with a reason appended to error
 * if it is longer than the interval. A shorter one is good: a halt of trading
 * cuts candles short.
 */
int kline_filter_length(
    struct kline_filter *filter, const struct kline *kline, struct buf *error);

/*
 * Judges all candles of an input together: 0, or -1 with a reason if there
 * were several and less than half were as long as the interval.
 */
int kline_filter_end(struct kline_filter *filter, struct buf *error);

#endif
