/* SPDX-License-Identifier: ISC */
/*
 * kline_dirt - made-up candles with the faults of real ones
 *
 * Which candle of a series is struck, and how, depends on its index and the
 * seed alone: one in 256, by turns repeated, accompanied by a malformed
 * version of itself, and preceded by a partial version of itself; and behind
 * the first 256 there is a gap of one to seven candles.
 *
 * The malformed records are of six kinds in turn, each of which a schema of
 * candles rejects: text for a number, a missing value, a negative volume, a
 * low above all else, a time in microseconds, a field too many.
 */
#ifndef KLINE_DIRT_H
#define KLINE_DIRT_H

#include <stdint.h>

#include "kline_sim.h"

/* Writes candle number index of a series: no, one or two records. */
void kline_dirt_write(const struct kline_sim_candle *candle, uint64_t seed,
    uint64_t index, struct out *out);

/* Writes a candle as it was before its end. */
void kline_dirt_write_partial(const struct kline_sim_candle *candle,
    uint64_t seed, uint64_t index, struct out *out);

#endif
