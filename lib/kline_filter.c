/* SPDX-License-Identifier: ISC */
#include "kline_filter.h"

#include <inttypes.h>

/* When the candle is final. */
static int64_t
end_of(const struct kline_filter *filter, const struct kline *kline)
{
	return filter->interval ? kline_end(filter->interval, kline->open_time)
				: kline->close_time + 1;
}

bool
kline_filter_wants(const struct kline_filter *filter, const struct kline *kline)
{
	int64_t open_time = kline->open_time * 1000;

	return open_time >= filter->since && open_time <= filter->until &&
	       open_time > filter->after &&
	       end_of(filter, kline) * 1000 <= filter->closed_by;
}

int
kline_filter_length(
    struct kline_filter *filter, const struct kline *kline, struct buf *error)
{
	int64_t excess = kline->close_time + 1 - end_of(filter, kline);

	filter->candles++;
	filter->whole += excess == 0;
	if (excess <= 0)
		return 0;
	buf_printf(error,
	    "the candle lasts %" PRId64 " ms longer than an interval of %s",
	    excess, filter->interval->name);
	return -1;
}

int
kline_filter_end(struct kline_filter *filter, struct buf *error)
{
	if (filter->candles < 2 || filter->whole * 2 >= filter->candles)
		return 0;
	buf_printf(error,
	    "only %" PRIu64 " of %" PRIu64
	    " candles are as long as the interval of %s",
	    filter->whole, filter->candles, filter->interval->name);
	return -1;
}
