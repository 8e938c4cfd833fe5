/* SPDX-License-Identifier: ISC */
/* Decimals on three lines: an order, and that of doubles and integers. */
#include "decimal.h"
#include "fuzz.h"

#include "num.h"

static int
order(struct slice a, struct slice b)
{
	int diff = decimal_compare(a, b), sign = (diff > 0) - (diff < 0);
	struct buf x = {0}, y = {0};
	bool brief = a.len + b.len <= 16; /* a double tells them apart */
	double c, d;
	int64_t i, j;

	if (!num_double(a, &c) && !num_double(b, &d))
		PROPERTY(sign == (c > d) - (c < d) ||
			 (c == d && !(brief && c > 1e-300)));
	if (!num_int64(a, &i) && !num_int64(b, &j))
		PROPERTY(sign == (i > j) - (i < j));
	if (!decimal_canon(a, &x) && !decimal_canon(b, &y))
		PROPERTY(!sign == slice_equal(buf_slice(&x), buf_slice(&y)));
	buf_release(&x);
	buf_release(&y);
	return sign;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice c = {(const char *)data, size};
	struct slice a = fuzz_cut(&c, '\n'), b = fuzz_cut(&c, '\n');

	if (!decimal_valid(a) || !decimal_valid(b) || !decimal_valid(c))
		return 0;
	PROPERTY(order(a, b) == -order(b, a) && order(a, a) == 0);
	PROPERTY(order(a, b) > 0 || order(b, c) > 0 || order(a, c) <= 0);
	return 0;
}
