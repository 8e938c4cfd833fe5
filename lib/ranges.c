/* SPDX-License-Identifier: ISC */
#include "ranges.h"

#include <stdlib.h>

/* a = the value, as an integer of any size at a scale not below its own */
static void
widen(struct bigint *a, const struct ranges_value *value, size_t scale)
{
	if (value->is_wide)
		bigint_set(a, &value->wide);
	else
		bigint_set_int64(a, value->mantissa);
	/* beyond the limit it stays as it is, among values as absurd */
	(void)bigint_scale(a, scale - value->scale);
}

static int
compare_wide(const struct ranges_value *a, const struct ranges_value *b)
{
	size_t scale = a->scale > b->scale ? a->scale : b->scale;
	struct bigint left = {0}, right = {0};
	int order;

	widen(&left, a, scale);
	widen(&right, b, scale);
	order = bigint_compare(&left, &right);
	bigint_release(&left);
	bigint_release(&right);
	return order;
}

static int
compare(const struct ranges_value *a, const struct ranges_value *b)
{
	int128 left = a->mantissa, right = b->mantissa;

	if (a->is_wide || b->is_wide || a->scale > MANTISSA_DIGITS ||
	    b->scale > MANTISSA_DIGITS)
		return compare_wide(a, b);
	if (a->scale < b->scale)
		left *= mantissa_power((unsigned)(b->scale - a->scale));
	else
		right *= mantissa_power((unsigned)(a->scale - b->scale));
	return (left > right) - (left < right);
}

/* The value of a row; what is wide in it is borrowed. */
static struct ranges_value
value_at(const struct decimals *values, size_t row)
{
	if (values->wide && values->wide[row].used)
		return (struct ranges_value){.wide = values->wide[row].value,
		    .is_wide = true,
		    .scale = values->wide[row].scale};
	return (struct ranges_value){
	    .mantissa = values->mantissas[row], .scale = values->scales[row]};
}

static void
keep(struct ranges_value *end, const struct ranges_value *value)
{
	struct bigint room = end->wide;

	if (value->is_wide)
		bigint_set(&room, &value->wide);
	*end = *value;
	end->wide = room;
}

void
ranges_add(struct ranges *ranges, size_t i, const char *column,
    const struct decimals *values, size_t rows)
{
	struct range *range;

	if (i == ranges->count) {
		ranges->columns = xgrow(ranges->columns, ranges->count,
		    &ranges->cap, sizeof(*ranges->columns));
		ranges->columns[ranges->count++] =
		    (struct range){.column = xstrdup(column)};
	}
	range = &ranges->columns[i];
	for (size_t r = 0; r < rows; r++) {
		struct ranges_value value = value_at(values, r);

		if (!range->seen || compare(&value, &range->ends[0]) < 0)
			keep(&range->ends[0], &value);
		if (!range->seen || compare(&value, &range->ends[1]) > 0)
			keep(&range->ends[1], &value);
		range->seen = true;
	}
}

void
ranges_release(struct ranges *ranges)
{
	for (size_t i = 0; i < ranges->count; i++) {
		free(ranges->columns[i].column);
		bigint_release(&ranges->columns[i].ends[0].wide);
		bigint_release(&ranges->columns[i].ends[1].wide);
	}
	free(ranges->columns);
	*ranges = (struct ranges){0};
}

void
ranges_text(const struct ranges_value *value, struct buf *out)
{
	struct bigint whole = {0};

	widen(&whole, value, value->scale);
	bigint_text(&whole, value->scale, out);
	bigint_release(&whole);
}
