/* SPDX-License-Identifier: ISC */
#include "kline.h"

#include <string.h>

#include "clock.h"
#include "csvout.h"
#include "decimal.h"
#include "num.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const struct kline_interval intervals[] = {
    {"1s", SECOND, 0},
    {"1m", MINUTE, 0},
    {"3m", 3 * MINUTE, 0},
    {"5m", 5 * MINUTE, 0},
    {"15m", 15 * MINUTE, 0},
    {"30m", 30 * MINUTE, 0},
    {"1h", HOUR, 0},
    {"2h", 2 * HOUR, 0},
    {"4h", 4 * HOUR, 0},
    {"6h", 6 * HOUR, 0},
    {"8h", 8 * HOUR, 0},
    {"12h", 12 * HOUR, 0},
    {"1d", DAY, 0},
    {"3d", 3 * DAY, 0},
    /* the epoch is a Thursday */
    {"1w", 7 * DAY, 4 * DAY},
    {"1M", 0, 0},
};
enum { NINTERVALS = sizeof(intervals) / sizeof(intervals[0]) };

const struct kline_interval *
kline_interval(const char *name)
{
	for (size_t i = 0; i < NINTERVALS; i++) {
		if (!strcmp(intervals[i].name, name))
			return &intervals[i];
	}
	return NULL;
}

const struct kline_interval *
kline_interval_option(const char *option, const char *text)
{
	const struct kline_interval *interval = kline_interval(text);
	struct buf list = {0};

	if (interval)
		return interval;
	for (size_t i = 0; i < NINTERVALS; i++)
		buf_printf(&list, " %s", intervals[i].name);
	die(STATUS_TROUBLE, "%s: '%s' is none of the intervals%s", option, text,
	    buf_text(&list));
}

/* Milliseconds from the first of the month to a time. */
static int64_t
into_month(int64_t time, struct civil *first)
{
	*first = clock_to_civil(time * 1000);
	first->day = 1;
	return time - clock_from_civil(*first) / 1000;
}

static int64_t
month_after(struct civil first)
{
	first.month++;
	return clock_from_civil(first) / 1000;
}

int64_t
kline_end(const struct kline_interval *interval, int64_t open_time)
{
	struct civil first;
	int64_t into;

	if (interval->length)
		return open_time + interval->length;
	into = into_month(open_time, &first);
	return month_after(first) + into;
}

int64_t
kline_ceil(const struct kline_interval *interval, int64_t time)
{
	struct civil first;
	int64_t into;

	if (!interval->length) {
		into = into_month(time, &first);
		return into ? month_after(first) : time;
	}
	into = (time - interval->phase) % interval->length;
	if (into > 0)
		into -= interval->length;
	return time - into;
}

int64_t
kline_previous(const struct kline_interval *interval, int64_t time)
{
	struct civil first;

	if (interval->length)
		return time - interval->length;
	first = clock_to_civil(time * 1000);
	first.month--;
	return clock_from_civil(first) / 1000;
}

int64_t
kline_count(const struct kline_interval *interval, int64_t from, int64_t to)
{
	struct civil a, b;

	if (interval->length)
		return (to - from) / interval->length;
	a = clock_to_civil(from * 1000);
	b = clock_to_civil(to * 1000);
	return (b.year - a.year) * 12 + b.month - a.month;
}

/* The name we write, then others that are read as the same. */
static const char *const names[KLINE_COLUMNS][7] = {
    [KLINE_OPEN_TIME] = {"open_time"},
    [KLINE_OPEN] = {"open"},
    [KLINE_HIGH] = {"high"},
    [KLINE_LOW] = {"low"},
    [KLINE_CLOSE] = {"close"},
    [KLINE_VOLUME] = {"volume"},
    [KLINE_CLOSE_TIME] = {"close_time"},
    [KLINE_QUOTE_VOLUME] = {"quote_asset_volume", "quote_volume", "qav"},
    [KLINE_TRADES] = {"num_of_trades", "count", "number_of_trades", "trades",
	"num_trades", "n_trades", "Number of trades"},
    [KLINE_TAKER_VOLUME] = {"taker_buy_base_asset_volume", "taker_buy_volume",
	"taker_buy_base"},
    [KLINE_TAKER_QUOTE_VOLUME] = {"taker_buy_quote_asset_volume",
	"taker_buy_quote_volume", "taker_buy_quote"},
};
enum { NNAMES = sizeof(names[0]) / sizeof(names[0][0]) };

void
kline_write_header(struct out *out)
{
	for (size_t i = 0; i < KLINE_COLUMNS; i++) {
		if (i)
			out_putc(out, ',');
		out_puts(out, names[i][0]);
	}
	out_putc(out, '\n');
}

/* The column that a header calls name, or KLINE_COLUMNS. */
static size_t
column_of(const char *name)
{
	for (size_t i = 0; i < KLINE_COLUMNS; i++) {
		for (size_t j = 0; j < NNAMES && names[i][j]; j++) {
			if (!strcmp(names[i][j], name))
				return i;
		}
	}
	return KLINE_COLUMNS;
}

/* Appends the names of the columns that were not found. */
static int
check_complete(const bool found[KLINE_COLUMNS], struct buf *error)
{
	const char *before = "no column ";
	int result = 0;

	for (size_t i = 0; i < KLINE_COLUMNS; i++) {
		if (found[i])
			continue;
		buf_printf(error, "%s'%s'", before, names[i][0]);
		before = ", ";
		result = -1;
	}
	return result;
}

static int
check_order(const struct cols *header, struct buf *error)
{
	for (size_t i = 0; i < KLINE_COLUMNS; i++) {
		if (column_of(header->names[i]) == i)
			continue;
		buf_printf(error,
		    "column %zu is '%s', expected '%s' "
		    "(--by-name takes columns by name)",
		    i + 1, header->names[i], names[i][0]);
		return -1;
	}
	return 0;
}

int
kline_map(const struct cols *header, bool by_name, size_t at[KLINE_COLUMNS],
    struct buf *error)
{
	bool found[KLINE_COLUMNS] = {false};

	for (size_t i = 0; i < header->count; i++) {
		size_t column = column_of(header->names[i]);

		if (column == KLINE_COLUMNS)
			continue;
		if (found[column]) {
			buf_printf(error, "'%s' and '%s' are the same column",
			    header->names[at[column]], header->names[i]);
			return -1;
		}
		found[column] = true;
		at[column] = i;
	}
	if (check_complete(found, error))
		return -1;
	return by_name ? 0 : check_order(header, error);
}

bool
kline_xheader(struct csvin *in, const struct csvin_record *row, bool by_name,
    size_t at[KLINE_COLUMNS])
{
	struct cols header = {0};
	struct buf error = {0};

	if (!row->len || row->data[0] < '0' || row->data[0] > '9') {
		cols_from_header(&header, in, row);
		if (kline_map(&header, by_name, at, &error))
			csvin_die(in, row, "%s", buf_text(&error));
		cols_release(&header);
		return true;
	}
	/* the archives' 12th column is unused */
	if (row->nfields != KLINE_COLUMNS && row->nfields != KLINE_COLUMNS + 1)
		csvin_die(in, row, "%zu columns without a header, expected 12",
		    row->nfields);
	for (size_t i = 0; i < KLINE_COLUMNS; i++)
		at[i] = i;
	return false;
}

/* Cuts a time to 13 digits, which drops what is below a millisecond. */
static bool
take_time(struct slice *value, int64_t *time)
{
	if ((value->len != 13 && value->len != 16) ||
	    memchr("+-0", value->data[0], 3) || num_int64(*value, time))
		return false;
	if (value->len == 16)
		*time /= 1000;
	value->len = 13;
	return true;
}

static bool
is_whole(struct slice value)
{
	int64_t number;

	return !num_int64(value, &number) && number >= 0;
}

static bool
is_amount(struct slice value)
{
	static const struct slice zero = {"0", 1};

	return decimal_valid(value) &&
	       (value.data[0] != '-' || decimal_compare(value, zero) == 0);
}

/* What a column wants that the value is not, or NULL. */
static const char *
wanted(struct kline *kline, size_t column)
{
	struct slice *value = &kline->values[column];
	bool opens = column == KLINE_OPEN_TIME;

	if (opens || column == KLINE_CLOSE_TIME) {
		int64_t *time = opens ? &kline->open_time : &kline->close_time;

		return take_time(value, time)
			   ? NULL
			   : "epoch milliseconds (13 digits) or microseconds "
			     "(16 digits)";
	}
	if (column == KLINE_TRADES)
		return is_whole(*value) ? NULL : "a whole number of 0 or more";
	return is_amount(*value) ? NULL : "a decimal of 0 or more";
}

int
kline_check(struct kline *kline, struct buf *error)
{
	for (size_t i = 0; i < KLINE_COLUMNS; i++) {
		const char *want = wanted(kline, i);
		struct slice value = kline->values[i];

		if (!want)
			continue;
		buf_printf(error, "%s: '%.*s' is not %s", names[i][0],
		    (int)value.len, value.data, want);
		return -1;
	}
	return 0;
}

void
kline_write(const struct kline *kline, struct out *out)
{
	for (size_t i = 0; i < KLINE_COLUMNS; i++) {
		if (i)
			out_putc(out, ',');
		out_slice(out, kline->values[i]);
	}
	out_putc(out, '\n');
}

void
kline_pass(const struct kline *kline, struct out *out)
{
	for (size_t i = 0; i < KLINE_COLUMNS; i++) {
		if (i)
			out_putc(out, ',');
		csvout_value(out, kline->values[i]);
	}
	out_putc(out, '\n');
}
