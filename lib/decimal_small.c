/* SPDX-License-Identifier: ISC */
#include "decimal_small.h"

#include <string.h>

bool
decimal_small(struct slice text, struct decimal_small *small)
{
	/* a sign, a point and 19 digits; zeros are neither */
	char room[DIGITS_MOST + 2 + 2 * DIGITS_WORD] = "";

	if (text.len == 0 || text.len > DIGITS_MOST + 2)
		return false;
	memcpy(room, text.data, text.len);
	return decimal_small_take(room, room + text.len, false, small);
}

/* A decimal at another scale: whole is its floor, more is true if it lacks. */
struct scaled {
	int64_t whole;
	bool more;
};

/* Beyond an int64_t it is the end of that, with more on the greater one. */
static struct scaled
scale_to(struct decimal_small small, int scale)
{
	int64_t power, whole;

	if (scale < small.scale) {
		power = (int64_t)digits_power[small.scale - scale];
		whole = small.mantissa / power;
		if (small.mantissa % power == 0)
			return (struct scaled){whole, false};
		return (struct scaled){whole - (small.mantissa < 0), true};
	}
	power = (int64_t)digits_power[scale - small.scale];
	if (small.mantissa > INT64_MAX / power)
		return (struct scaled){INT64_MAX, true};
	if (small.mantissa < -(INT64_MAX / power))
		return (struct scaled){INT64_MIN, false};
	return (struct scaled){small.mantissa * power, false};
}

int
decimal_small_order_scaled(struct decimal_small a, struct decimal_small b)
{
	struct scaled at = scale_to(b, a.scale);

	if (a.mantissa != at.whole)
		return a.mantissa < at.whole ? -1 : 1;
	return at.more ? -1 : 0;
}

void
decimal_range_all(struct decimal_range *range)
{
	for (int i = 0; i < DECIMAL_SMALL_SCALES; i++) {
		range->low[i] = INT64_MIN;
		range->high[i] = INT64_MAX;
	}
}

void
decimal_range_from(
    struct decimal_range *range, struct decimal_small bound, bool open)
{
	for (int i = 0; i < DECIMAL_SMALL_SCALES; i++) {
		struct scaled at = scale_to(bound, i);
		bool next = open || at.more;

		if (next && at.whole == INT64_MAX)
			range->high[i] = INT64_MIN;
		else if (at.whole + next > range->low[i])
			range->low[i] = at.whole + next;
	}
}

void
decimal_range_to(
    struct decimal_range *range, struct decimal_small bound, bool open)
{
	for (int i = 0; i < DECIMAL_SMALL_SCALES; i++) {
		struct scaled at = scale_to(bound, i);
		bool before = open && !at.more;

		/* no mantissa is as low as INT64_MIN */
		if (at.whole > INT64_MIN)
			at.whole -= before;
		if (at.whole < range->high[i])
			range->high[i] = at.whole;
	}
}
