/* SPDX-License-Identifier: ISC */
#include "kline_dirt.h"

#include <string.h>

#include "kline.h"
#include "rng.h"

/* The gap lies in the first half of its block, other dirt in the second. */
enum { BLOCK = 256, HALF = BLOCK / 2, GAP_BLOCK = 1, GAP_MOST = 7 };

/* A number below most, the same whenever the same is asked. */
static uint64_t
pick(uint64_t seed, uint64_t index, uint64_t most)
{
	return rng_mix(rng_mix(seed, index), most) % most;
}

/* What befalls a candle. */
enum dirt {
	NONE,
	ABSENT,    /* in the gap */
	REPEATED,  /* stands twice */
	MALFORMED, /* with a malformed version of itself */
	PARTIAL,   /* behind a partial version of itself */
};

static enum dirt
dirt_at(uint64_t seed, uint64_t index)
{
	static const enum dirt turns[] = {REPEATED, MALFORMED, PARTIAL};
	uint64_t block = index / BLOCK, at = index % BLOCK;
	uint64_t gap = pick(seed, block, HALF - GAP_MOST);

	if (block == GAP_BLOCK && at >= gap &&
	    at <= gap + pick(seed, block, GAP_MOST))
		return ABSENT;
	return at == HALF + pick(seed, block, HALF) ? turns[block % 3] : NONE;
}

/* A kind of malformed record: one field between two texts, or replaced. */
static const struct kind {
	enum kline_column column;
	const char *before, *after;
	bool replaced;
} kinds[] = {
    {KLINE_VOLUME, "", "n/a", true},
    {KLINE_CLOSE, "", "", true},
    {KLINE_VOLUME, "-", "", false},
    {KLINE_LOW, "9", "", false},
    {KLINE_OPEN_TIME, "", "000", false},
    {KLINE_TAKER_QUOTE_VOLUME, "", ",0", false},
};
enum { NKINDS = sizeof(kinds) / sizeof(kinds[0]) };

static void
write_malformed(
    const struct kline_sim_candle *candle, uint64_t index, struct out *out)
{
	const struct kind *kind = &kinds[index / BLOCK / 3 % NKINDS];
	char row[KLINE_SIM_ROW];
	struct slice record = kline_sim_format(candle, row);
	const char *at = record.data, *end = at + record.len, *behind;

	for (size_t i = 0; i < kind->column; i++)
		at = (const char *)memchr(at, ',', (size_t)(end - at)) + 1;
	behind = at;
	while (*behind != ',' && *behind != '\n')
		behind++;
	out_write(out, record.data, (size_t)(at - record.data));
	out_puts(out, kind->before);
	if (!kind->replaced)
		out_write(out, at, (size_t)(behind - at));
	out_puts(out, kind->after);
	out_write(out, behind, (size_t)(end - behind));
}

void
kline_dirt_write_partial(const struct kline_sim_candle *candle, uint64_t seed,
    uint64_t index, struct out *out)
{
	unsigned part = 32 + (unsigned)pick(seed, index, 192);
	struct kline_sim_candle partial = kline_sim_partial(candle, part);

	kline_sim_write(&partial, out);
}

void
kline_dirt_write(const struct kline_sim_candle *candle, uint64_t seed,
    uint64_t index, struct out *out)
{
	switch (dirt_at(seed, index)) {
	case NONE:
		break;
	case ABSENT:
		return;
	case REPEATED:
		kline_sim_write(candle, out);
		break;
	case MALFORMED:
		write_malformed(candle, index, out);
		break;
	case PARTIAL:
		kline_dirt_write_partial(candle, seed, index, out);
		break;
	}
	kline_sim_write(candle, out);
}
