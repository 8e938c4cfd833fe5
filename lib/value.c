/* SPDX-License-Identifier: ISC */
#include "value.h"

#include <string.h>

#include "clock.h"
#include "decimal.h"

int
value_compare(struct slice a, struct slice b)
{
	size_t shared = a.len < b.len ? a.len : b.len;
	int64_t x, y;
	int diff;

	if (decimal_valid(a) && decimal_valid(b))
		return decimal_compare(a, b);
	if (!clock_parse(a, &x) && !clock_parse(b, &y))
		return (x > y) - (x < y);
	diff = shared ? memcmp(a.data, b.data, shared) : 0;
	return diff ? diff : (a.len > b.len) - (a.len < b.len);
}
