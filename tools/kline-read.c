/* SPDX-License-Identifier: ISC */
/*
 * kline-read - archive candles as canonical CSV
 *
 * Archives differ in header, names and unit of time, and change after they
 * are published; what is not known for certain is refused.
 */
#include "clock.h"
#include "cols.h"
#include "csvin.h"
#include "io.h"
#include "kline.h"
#include "opt.h"

static const struct option_row options[] = {
    {'S', "since", "TIME", "only candles that open at TIME or later"},
    {'U', "until", "TIME", "only candles that open at TIME or earlier"},
    {'a', "after", "TIME", "only candles that open after TIME"},
    {'c', "closed-by", "TIME", "only candles that were closed by TIME"},
    {'i', "interval", "INTERVAL", "for -c: 1s 1m 3m 5m ... 1d 3d 1w 1M"},
    {'n', "by-name", NULL, "take columns by name, in any order"},
};

static const struct tool tool = {
    .name = "kline-read",
    .synopsis = "[-n] [-S TIME] [-U TIME] [-a TIME] [-c TIME [-i INTERVAL]]"
		" [FILE...]",
    .summary = "turn archive candles into canonical CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples =
	"kline-read BTCUSDT-1h-2024-12.csv BTCUSDT-1h-2025-01.csv\n"
	"kline-read -i 1h --closed-by 2025-09-21T02:30:00Z < download.csv",
};

/* Which candles to keep, in microseconds of the epoch. */
struct filter {
	bool by_name;
	int64_t since, until, after, closed_by;
	const struct kline_interval *interval; /* or NULL */
};

static bool
is_wanted(const struct filter *filter, const struct kline *kline)
{
	int64_t open_time = kline->open_time * 1000;
	int64_t end = filter->interval
			  ? kline_end(filter->interval, kline->open_time)
			  : kline->close_time + 1;

	return open_time >= filter->since && open_time <= filter->until &&
	       open_time > filter->after && end * 1000 <= filter->closed_by;
}

/* Finds the columns; true if the record was a header and not a candle. */
static bool
take_header(struct csvin *in, const struct csvin_record *row, bool by_name,
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

static void
read_all(struct csvin *in, const struct filter *filter, struct out *out)
{
	struct csvin_record row;
	struct buf error = {0};
	size_t at[KLINE_COLUMNS];

	while (csvin_xnext(in, &row)) {
		struct kline kline;

		if (row.number == 1 &&
		    take_header(in, &row, filter->by_name, at))
			continue;
		for (size_t i = 0; i < KLINE_COLUMNS; i++)
			kline.values[i] =
			    csvin_value(in, csvin_field(&row, at[i]));
		if (kline_check(&kline, &error))
			csvin_die(in, &row, "%s", buf_text(&error));
		if (is_wanted(filter, &kline))
			kline_write(&kline, out);
	}
}

int
main(int argc, char **argv)
{
	struct filter filter = {
	    .since = INT64_MIN,
	    .until = INT64_MAX,
	    .after = INT64_MIN,
	    .closed_by = INT64_MAX,
	};
	struct opts opts;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		switch (letter) {
		case 'S':
			filter.since = clock_option("-S", opts.arg);
			break;
		case 'U':
			filter.until = clock_option("-U", opts.arg);
			break;
		case 'a':
			filter.after = clock_option("-a", opts.arg);
			break;
		case 'c':
			filter.closed_by = clock_option("-c", opts.arg);
			break;
		case 'i':
			filter.interval = kline_interval_option("-i", opts.arg);
			break;
		case 'n':
			filter.by_name = true;
			break;
		}
	}
	out_stdout(&out);
	kline_write_header(&out);
	/* headerless files differ in their first record: a reader for each */
	for (int i = 0; i == 0 || i < opts.argc; i++) {
		struct csvin *in = csvin_new(&opts.argv[i], opts.argc > 0, 0);

		csvin_tie(in, &out);
		read_all(in, &filter, &out);
		csvin_free(in);
	}
	return (int)out_finish(&out, STATUS_DONE);
}
