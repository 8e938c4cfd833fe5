/* SPDX-License-Identifier: ISC */
/*
 * kline_sim - made-up candles that behave like real ones
 *
 * Price is a random walk that is pulled back to its level. Activity comes in
 * waves and follows the hour of the day; volume and volatility grow with it.
 * The number of trades follows from volume and range, at a rate that drifts
 * slowly, with noise: so that a linear regression explains most of it, and
 * what was recently seen explains some of the rest.
 *
 * All arithmetic is in integers: a seed gives the same candles on every
 * machine, and the first n of them do not depend on how many are made.
 */
#ifndef KLINE_SIM_H
#define KLINE_SIM_H

#include <stddef.h>
#include <stdint.h>

#include "kline.h"

/* A series; kline_sim_init() begins it. */
struct kline_sim {
	const struct kline_interval *interval;
	uint64_t rng;
	int64_t open_time;  /* of the next candle */
	int64_t price;      /* its open, in 0.01 */
	int64_t level;      /* that prices are pulled to */
	int64_t volume;     /* that is usual, in 0.00001 */
	int64_t volatility; /* usual change of price, in 2^-24 of it */
	int64_t range_rate; /* trades for a range of 0.01, in 2^-16 */
	/* binary logarithms, in 2^-16 */
	int64_t activity; /* of what is usual */
	int64_t drift;    /* of the rate of trades */
};

/* Begins a series at its first open time not before since. */
void kline_sim_init(struct kline_sim *sim, const char *symbol,
    const struct kline_interval *interval, int64_t since, uint64_t seed);

struct kline_sim_candle {
	int64_t open_time, close_time;
	int64_t open, high, low, close; /* in 0.01 */
	int64_t volume, taker_volume;   /* in 0.00001 */
	int64_t trades;
};

/* Makes the next candle. */
struct kline_sim_candle kline_sim_next(struct kline_sim *sim);

/* A candle as it was before its end, after part/256 of its trades. */
struct kline_sim_candle kline_sim_partial(
    const struct kline_sim_candle *candle, unsigned part);

enum { KLINE_SIM_ROW = 512 };

/*
 * Formats the candle as a canonical CSV record, with its line end, in row; the
 * slice of row that holds it is returned. Quote volumes are volumes at the
 * average of the four prices.
 */
struct slice kline_sim_format(
    const struct kline_sim_candle *candle, char row[KLINE_SIM_ROW]);

/* Writes that record. */
void kline_sim_write(const struct kline_sim_candle *candle, struct out *out);

#endif
