/* SPDX-License-Identifier: ISC */
#include "kline_sim.h"

#include "rng.h"

/* 1 in fixed point: logarithms, shares and factors */
#define ONE INT64_C(65536)
#define HOUR INT64_C(3600000)

/*
 * What is usual in a minute, whatever the price: a volume of 200,000.00 in the
 * quote asset, and a change of 0.06 % of the price, in 2^-24.
 */
#define QUOTE_A_MINUTE INT64_C(20000000)
enum { VOLATILITY_A_MINUTE = 10066 };
/* A trade is of 150.0000000 of quote asset where range plays no part. */
#define QUOTE_A_TRADE INT64_C(1500000000)

/* Binary logarithm of the activity in each hour of the day, in 2^-16. */
static const int32_t season[24] = {9000, -2000, -9000, -16000, -22000, -26000,
    -24000, -14000, -4000, 2000, 3000, 4000, 12000, 24000, 36000, 34000, 28000,
    18000, 10000, 6000, 4000, 2000, 0, 4000};

/* The integer square root, by Newton's method from above. */
static int64_t
root(int64_t square)
{
	int64_t guess = square, better = (square + 1) / 2;

	while (better < guess) {
		guess = better;
		better = (guess + square / guess) / 2;
	}
	return guess;
}

void
kline_sim_init(struct kline_sim *sim, const char *symbol,
    const struct kline_interval *interval, int64_t since, uint64_t seed)
{
	int64_t seconds =
	    interval->length ? interval->length / 1000 : INT64_C(30) * 86400;

	for (const char *at = symbol; *at; at++)
		seed = rng_mix(seed, (unsigned char)*at);
	*sim = (struct kline_sim){.interval = interval};
	/* from 1,000.00 to 65,000.00 */
	sim->level = 100000 + (int64_t)(rng_mix(seed, 0) % 6400000);
	for (const char *at = interval->name; *at; at++)
		seed = rng_mix(seed, (unsigned char)*at);
	sim->rng = seed;
	sim->open_time = kline_ceil(interval, since);
	sim->price = sim->level;
	sim->volume = QUOTE_A_MINUTE * 100000 / sim->level * seconds / 60;
	sim->volatility =
	    VOLATILITY_A_MINUTE * root(seconds * 1000000 / 60) / 1000;
	/* a range of four times the usual change is worth the usual trades */
	sim->range_rate = QUOTE_A_MINUTE * 100000 / QUOTE_A_TRADE * seconds /
			  60 * ONE / (sim->level * sim->volatility >> 22);
}

/* A number around 0 with a variance of 1, near to normal, in 2^-16. */
static int64_t
normal(struct kline_sim *sim)
{
	uint64_t bits = rng_next(&sim->rng);
	int64_t sum = (int64_t)((bits & 0xffff) + (bits >> 16 & 0xffff) +
				(bits >> 32 & 0xffff) + (bits >> 48));

	/* the sum of four has a standard deviation of 2^16 / sqrt(3) */
	return (sum - 2 * (ONE - 1)) * 1774 / 1024;
}

/* 2 to the power of x, both in 2^-16; x is held within -8 and 4. */
static int64_t
power(int64_t x)
{
	int64_t whole, part;

	if (x < -8 * ONE)
		x = -8 * ONE;
	if (x > 4 * ONE)
		x = 4 * ONE;
	whole = (x + 8 * ONE) / ONE;
	part = (x + 8 * ONE) % ONE;
	/* a parabola through 2^0 and 2^1, at most 0.3% away in between */
	return (ONE + part * (43024 + part * 22512 / ONE) / ONE) *
	       (INT64_C(1) << whole) / 256;
}

static int64_t
clamp(int64_t value, int64_t least, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

/* Sets the prices, with changes of the given size; the last one is next. */
static void
walk(struct kline_sim *sim, struct kline_sim_candle *candle, int64_t change)
{
	int64_t open = sim->price, pull = (sim->level - open) / 2048;
	int64_t close = open + pull + change * normal(sim) / ONE;
	int64_t up = change * normal(sim) / (2 * ONE);
	int64_t down = change * normal(sim) / (2 * ONE);

	close = clamp(close, open - open / 3, open + open / 3);
	close = clamp(close, sim->level / 4, sim->level * 4);
	candle->open = open;
	candle->close = sim->price = close;
	candle->high = open > close ? open : close;
	candle->low = open < close ? open : close;
	candle->high += clamp(up < 0 ? -up : up, 0, candle->high / 4);
	candle->low -= clamp(down < 0 ? -down : down, 0, candle->low / 4);
}

static int64_t
average(const struct kline_sim_candle *candle)
{
	return (candle->open + candle->high + candle->low + candle->close) / 4;
}

struct kline_sim_candle
kline_sim_next(struct kline_sim *sim)
{
	struct kline_sim_candle candle = {.open_time = sim->open_time};
	int64_t activity, change, share, trades;

	sim->open_time = kline_end(sim->interval, sim->open_time);
	candle.close_time = sim->open_time - 1;
	/* waves of some 30 candles, and a drift of some 1000 */
	sim->activity = sim->activity * 31 / 32 + normal(sim) * 10 / 64;
	sim->drift = sim->drift * 1023 / 1024 + normal(sim) / 96;
	activity = sim->activity + normal(sim) / 3;
	if (sim->interval->length > 0 && sim->interval->length <= HOUR)
		activity += season[candle.open_time / HOUR % 24];
	candle.volume = 1 + sim->volume * power(activity) / ONE;
	change = sim->price * sim->volatility >> 24;
	change = change * power(activity / 2 + normal(sim) / 4) / ONE;
	walk(sim, &candle, change);
	share = ONE / 2 + normal(sim) / 12;
	if (change)
		share += (candle.close - candle.open) * (ONE / 24) / change;
	candle.taker_volume = candle.volume * clamp(share, 0, ONE) / ONE;
	trades = candle.volume * average(&candle) / QUOTE_A_TRADE +
		 (candle.high - candle.low) * sim->range_rate / ONE;
	candle.trades = 1 + trades * power(sim->drift + normal(sim) / 7) / ONE;
	return candle;
}

static int64_t
part_of(int64_t value, unsigned part)
{
	return value * (int64_t)part / 256;
}

struct kline_sim_candle
kline_sim_partial(const struct kline_sim_candle *candle, unsigned part)
{
	struct kline_sim_candle partial = *candle;
	int64_t open = candle->open;

	partial.high = open + part_of(candle->high - open, part);
	partial.low = open + part_of(candle->low - open, part);
	partial.close = open + part_of(candle->close - open, part);
	partial.volume = part_of(candle->volume, part);
	partial.taker_volume = part_of(candle->taker_volume, part);
	partial.trades = part_of(candle->trades, part);
	return partial;
}

/* Writes a whole number before at; returns where it begins. */
static char *
put_whole(char *at, int64_t value)
{
	uint64_t rest = (uint64_t)value;

	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	return at;
}

/* The same for units of 10^-places, as a decimal of 8 places and a comma. */
static char *
put_decimal(char *at, int64_t value, int places)
{
	uint64_t rest = (uint64_t)value;

	*--at = ',';
	for (int i = places; i < 8; i++)
		*--at = '0';
	for (int i = 0; i < places; i++, rest /= 10)
		*--at = (char)('0' + rest % 10);
	*--at = '.';
	return put_whole(at, (int64_t)rest);
}

struct slice
kline_sim_format(const struct kline_sim_candle *candle, char row[KLINE_SIM_ROW])
{
	char *end = row + KLINE_SIM_ROW, *at = end;
	int64_t price = average(candle);

	/* from the last field to the first: no number is reversed or moved */
	at = put_decimal(at, candle->taker_volume * price, 7);
	end[-1] = '\n';
	at = put_decimal(at, candle->taker_volume, 5);
	*--at = ',';
	at = put_whole(at, candle->trades);
	at = put_decimal(at, candle->volume * price, 7);
	*--at = ',';
	at = put_whole(at, candle->close_time);
	at = put_decimal(at, candle->volume, 5);
	at = put_decimal(at, candle->close, 2);
	at = put_decimal(at, candle->low, 2);
	at = put_decimal(at, candle->high, 2);
	at = put_decimal(at, candle->open, 2);
	*--at = ',';
	at = put_whole(at, candle->open_time);
	return (struct slice){at, (size_t)(end - at)};
}

void
kline_sim_write(const struct kline_sim_candle *candle, struct out *out)
{
	char row[KLINE_SIM_ROW];

	out_slice(out, kline_sim_format(candle, row));
}
