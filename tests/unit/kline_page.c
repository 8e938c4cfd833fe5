/* SPDX-License-Identifier: ISC */
#include "kline_page.h"
#include "check.h"

#include <string.h>

#define CANDLE(time, trades) \
	"[" time ",\"1.0\",\"2\",\"0.5\",\"1\",\"3.00\",1704070799999," \
	"\"3\"," trades ",\"1\",\"1\",\"0\"]"

/* The error of a body asked for from 1704067200000 on, or "" if it is good. */
static const char *
error_of(const char *body, size_t *count)
{
	static char error[512];
	struct kline_page page;
	struct buf text = {0};

	kline_page_parse(&page, slice_of(body), INT64_C(1704067200000),
	    INT64_C(1704074400000), &text);
	*count = page.count;
	snprintf(error, sizeof(error), "%s", buf_text(&text));
	kline_page_release(&page);
	buf_release(&text);
	return error;
}

static bool
refuses(const char *body, const char *want)
{
	size_t count;
	const char *error = error_of(body, &count);

	if (!strcmp(error, want))
		return true;
	printf("# %s\n", error);
	return false;
}

static void
check_shape(void)
{
	size_t count;

	CHECK(!*error_of("[]", &count) && count == 0);
	CHECK(!*error_of("[" CANDLE("1704067200000", "7") "," CANDLE(
			     "1704070800000", "0") "]",
		  &count) &&
	      count == 2);
	CHECK(refuses("", "not an array of candles: ''"));
	CHECK(refuses(" []", "not an array of candles: ' []'"));
	CHECK(refuses(
	    "{\"code\":-1121}", "not an array of candles: '{\"code\":-1121}'"));
	CHECK(!strncmp(error_of("[[1,2", &count), "not JSON: ", 10));
	CHECK(refuses("[1]", "candle 1 of 1: not an array of 12"));
	CHECK(refuses("[[1,2]]", "candle 1 of 1: not an array of 12"));
}

static void
check_candles(void)
{
	CHECK(refuses("[" CANDLE("\"1704067200000\"", "7") "]",
	    "candle 1 of 1: element 0 is not an integer"));
	CHECK(refuses("[" CANDLE("1704067200000", "7.5") "]",
	    "candle 1 of 1: element 8 is not an integer"));
	CHECK(refuses("[" CANDLE("1704067200000", "9007199254740993") "]",
	    "candle 1 of 1: element 8 is not an integer"));
	CHECK(refuses("[" CANDLE("1704067200000", "1,2") "]",
	    "candle 1 of 1: not an array of 12"));
	CHECK(refuses("[" CANDLE("1704067200000", "1") "," CANDLE(
			  "1704067200000", "1") "]",
	    "candle 2 of 2: open time 1704067200000 is before 1704067200001"));
	CHECK(refuses("[" CANDLE("1704078000000", "1") "]",
	    "candle 1 of 1: open time 1704078000000 is after 1704074400000"));
	CHECK(refuses("[" CANDLE("17040672000", "1") "]",
	    "candle 1 of 1: open_time: '17040672000' is not epoch milliseconds "
	    "(13 digits) or microseconds (16 digits)"));
}

int
main(void)
{
	check_shape();
	check_candles();
	return check_done();
}
