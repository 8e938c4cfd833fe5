/* SPDX-License-Identifier: ISC */
/*
 * kline - the exchange's candles: intervals, columns, values
 *
 * A candle covers one interval; within a symbol and an interval its open time
 * is its identity. Times here are milliseconds of the epoch. The formats are
 * those of https://github.com/binance/binance-spot-api-docs (REST) and
 * https://github.com/binance/binance-public-data (archives).
 */
#ifndef KLINE_H
#define KLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "cols.h"
#include "io.h"

/* The times of 13 digits: from September 2001 into November 2286. */
#define KLINE_FIRST INT64_C(1000000000000)
#define KLINE_LAST INT64_C(9999999999999)

struct kline_interval {
	const char *name; /* case matters: 1m is a minute, 1M a month */
	int64_t length;   /* milliseconds; of 1M: 0, a calendar month */
	int64_t phase;    /* an open time on the grid: weeks begin on Monday */
};

/* One of the 16 intervals by name, or NULL. */
const struct kline_interval *kline_interval(const char *name);

/* An option's interval: returns it, or dies saying which there are. */
const struct kline_interval *kline_interval_option(
    const char *option, const char *text);

/*
 * When the interval of a candle ends, which is when the next one opens. An
 * open time off the grid is taken as it is: old archives have such.
 */
int64_t kline_end(const struct kline_interval *interval, int64_t open_time);

/* The first open time on the grid that is not before time. */
int64_t kline_ceil(const struct kline_interval *interval, int64_t time);

/* The open time on the grid before one on the grid. */
int64_t kline_previous(const struct kline_interval *interval, int64_t time);

/* How many open times on the grid there are in [from, to), both on the grid. */
int64_t kline_count(
    const struct kline_interval *interval, int64_t from, int64_t to);

/* The canonical columns, in their order. */
enum kline_column {
	KLINE_OPEN_TIME,
	KLINE_OPEN,
	KLINE_HIGH,
	KLINE_LOW,
	KLINE_CLOSE,
	KLINE_VOLUME,
	KLINE_CLOSE_TIME,
	KLINE_QUOTE_VOLUME,
	KLINE_TRADES,
	KLINE_TAKER_VOLUME,
	KLINE_TAKER_QUOTE_VOLUME,
	KLINE_COLUMNS,
};

/* Writes the canonical header. */
void kline_write_header(struct out *out);

/*
 * Finds the columns in a header, by their canonical names or the aliases that
 * archives and tools use: at[c] is the index of column c. Unless by_name, they
 * must stand in the canonical order, and what is unknown behind them. Returns
 * 0, or -1 with a reason appended to error.
 */
int kline_map(const struct cols *header, bool by_name, size_t at[KLINE_COLUMNS],
    struct buf *error);

/*
 * Finds the columns of an archive by its first record: true if that was a
 * header, false if it begins with a digit and so is a candle already. Dies
 * with file and line if the columns are not those of candles.
 */
bool kline_xheader(struct csvin *in, const struct csvin_record *row,
    bool by_name, size_t at[KLINE_COLUMNS]);

struct kline {
	struct slice values[KLINE_COLUMNS]; /* borrowed */
	int64_t open_time, close_time;
};

/*
 * Checks a candle's values and makes them canonical: of a time, 13 digits of
 * milliseconds or 16 of microseconds, 13 are left and set in open_time or
 * close_time; the trades must be a whole number, all else decimals, none of
 * them negative. Returns 0, or -1 with a reason appended to error.
 */
int kline_check(struct kline *kline, struct buf *error);

/* Writes a checked candle as a record. */
void kline_write(const struct kline *kline, struct out *out);

/* Writes values that kline_check() refused as a record, quoted if need be. */
void kline_pass(const struct kline *kline, struct out *out);

#endif
