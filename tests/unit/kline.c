/* SPDX-License-Identifier: ISC */
#include "kline.h"
#include "check.h"

#include <string.h>

#include "clock.h"

static int64_t
ms(const char *text)
{
	int64_t time;

	if (clock_parse(slice_of(text), &time))
		return -1;
	return time / 1000;
}

static bool
ends(const char *interval, const char *open, const char *end)
{
	return kline_end(kline_interval(interval), ms(open)) == ms(end);
}

static bool
ceils(const char *interval, const char *time, const char *open)
{
	return kline_ceil(kline_interval(interval), ms(time)) == ms(open);
}

static void
check_intervals(void)
{
	CHECK(kline_interval("1m")->length == 60 * 1000);
	CHECK(kline_interval("1M")->length == 0);
	CHECK(!kline_interval("1y"));
	CHECK(!kline_interval("1H"));
	CHECK(!kline_interval(""));

	CHECK(ends("1s", "2024-01-01T00:00:59", "2024-01-01T00:01"));
	CHECK(ends("15m", "2024-01-01T23:45", "2024-01-02"));
	CHECK(ends("3d", "2024-02-28", "2024-03-02"));
	CHECK(ends("1w", "2024-12-30", "2025-01-06"));
	CHECK(ends("1M", "2024-02-01", "2024-03-01"));
	CHECK(ends("1M", "2025-02-01", "2025-03-01"));
	CHECK(ends("1M", "2024-12-01", "2025-01-01"));
	CHECK(ends("1M", "2024-01-15T12:00", "2024-02-15T12:00"));
	CHECK(ends("1h", "2018-02-09T09:28:14.788", "2018-02-09T10:28:14.788"));

	CHECK(ceils("1h", "2024-01-01T10:00", "2024-01-01T10:00"));
	CHECK(ceils("1h", "2024-01-01T10:00:00.001", "2024-01-01T11:00"));
	CHECK(ceils("1w", "2024-01-01", "2024-01-01"));
	CHECK(ceils("1w", "2024-01-02", "2024-01-08"));
	CHECK(ceils("1M", "2024-01-01", "2024-01-01"));
	CHECK(ceils("1M", "2024-12-02", "2025-01-01"));
	CHECK(kline_ceil(kline_interval("1h"), -1) == 0);
	CHECK(kline_ceil(kline_interval("1d"), -86400000) == -86400000);
}

/* The result of mapping a header, with the reason or what was found. */
static bool
maps(const char *list, bool by_name, const char *want)
{
	struct cols header = {0};
	struct buf text = {0};
	size_t at[KLINE_COLUMNS];
	const char *reason;
	bool same;

	cols_from_list(&header, list, &reason);
	if (!kline_map(&header, by_name, at, &text)) {
		for (size_t i = 0; i < KLINE_COLUMNS; i++)
			buf_printf(&text, "%zu ", at[i]);
	}
	same = !strcmp(buf_text(&text), want);
	if (!same)
		printf("# %s\n", buf_text(&text));
	buf_release(&text);
	cols_release(&header);
	return same;
}

#define PRICES "open_time,open,high,low,close,volume,close_time"
#define IN_ORDER "0 1 2 3 4 5 6 7 8 9 10 "

static void
check_counts(void)
{
	const struct kline_interval *week = kline_interval("1w");
	const struct kline_interval *month = kline_interval("1M");
	/* 1969-12-01, 1970-02-01 and 2024-03-01 */
	int64_t before = -2678400000, february = 2678400000;
	int64_t march = INT64_C(1709251200000);

	CHECK(kline_previous(week, 345600000) == -259200000);
	CHECK(kline_count(week, -259200000, 345600000) == 1);
	CHECK(kline_previous(month, 0) == before);
	CHECK(kline_previous(month, march) == INT64_C(1706745600000));
	CHECK(kline_count(month, before, february) == 2);
	CHECK(kline_count(month, february, march) == 649);
	CHECK(kline_count(month, march, march) == 0);
}

static void
check_header(void)
{
	CHECK(maps(PRICES ",quote_asset_volume,num_of_trades,"
			  "taker_buy_base_asset_volume,"
			  "taker_buy_quote_asset_volume",
	    false, IN_ORDER));
	CHECK(maps(PRICES ",quote_volume,count,taker_buy_volume,"
			  "taker_buy_quote_volume,ignore",
	    false, IN_ORDER));
	CHECK(maps(PRICES ",qav,Number of trades,taker_buy_base,"
			  "taker_buy_quote,ignore,symbol",
	    false, IN_ORDER));
	CHECK(maps("ignore," PRICES ",qav,n_trades,taker_buy_base,"
		   "taker_buy_quote",
	    false,
	    "column 1 is 'ignore', expected 'open_time' "
	    "(--by-name takes columns by name)"));
	CHECK(maps("trades,ignore," PRICES ",qav,taker_buy_base,"
		   "taker_buy_quote",
	    true, "2 3 4 5 6 7 8 9 0 10 11 "));
	CHECK(maps(PRICES ",qav,number_of_trades,taker_buy_base", true,
	    "no column 'taker_buy_quote_asset_volume'"));
	CHECK(maps(PRICES ",qav,count,taker_buy_base,taker_buy_quote,trades",
	    false, "'count' and 'trades' are the same column"));
}

/* The error of a candle in which one value is replaced, or "" if it is good. */
static const char *
error_of(enum kline_column column, const char *value, struct kline *kline)
{
	static char error[256];
	static const char *const good[KLINE_COLUMNS] = {"1704067200000", "1",
	    "1.5", "0.5", "1", "0", "1704070799999", "0.0", "0", "0", "1e-7"};
	struct buf text = {0};

	for (size_t i = 0; i < KLINE_COLUMNS; i++)
		kline->values[i] = slice_of(good[i]);
	kline->values[column] = slice_of(value);
	kline_check(kline, &text);
	snprintf(error, sizeof(error), "%s", buf_text(&text));
	buf_release(&text);
	return error;
}

static void
check_values(void)
{
	static const char *const bad_times[] = {"", "170406720000",
	    "17040672000000", "17040672000000000", "+170406720000",
	    "0704067200000", "1704067200.00", "170406720000000x"};
	struct kline kline;

	CHECK(!*error_of(KLINE_OPEN, "1", &kline));
	CHECK(kline.open_time == INT64_C(1704067200000));
	CHECK(kline.close_time == INT64_C(1704070799999));
	CHECK(!*error_of(KLINE_CLOSE_TIME, "1704070799999999", &kline));
	CHECK(kline.close_time == INT64_C(1704070799999));
	CHECK(slice_equal(
	    kline.values[KLINE_CLOSE_TIME], slice_of("1704070799999")));
	for (size_t i = 0; i < sizeof(bad_times) / sizeof(bad_times[0]); i++)
		CHECK(*error_of(KLINE_OPEN_TIME, bad_times[i], &kline));

	CHECK(!*error_of(KLINE_VOLUME, "-0.00", &kline));
	CHECK(!strcmp(error_of(KLINE_VOLUME, "-0.01", &kline),
	    "volume: '-0.01' is not a decimal of 0 or more"));
	CHECK(*error_of(KLINE_LOW, "", &kline));
	CHECK(*error_of(KLINE_HIGH, "nan", &kline));
	CHECK(!strcmp(error_of(KLINE_TRADES, "1.0", &kline),
	    "num_of_trades: '1.0' is not a whole number of 0 or more"));
	CHECK(*error_of(KLINE_TRADES, "-1", &kline));
}

int
main(void)
{
	check_intervals();
	check_counts();
	check_header();
	check_values();
	return check_done();
}
