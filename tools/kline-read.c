/* SPDX-License-Identifier: ISC */
/*
 * kline-read - archive candles as canonical CSV
 *
 * Archives differ in header, names and unit of time, and change after they
 * are published; what is not known for certain is refused.
 */
#include "clock.h"
#include "csvin.h"
#include "io.h"
#include "kline_filter.h"
#include "opt.h"

static const struct option_row options[] = {
    {'S', "since", "TIME", "only candles that open at TIME or later"},
    {'U', "until", "TIME", "only candles that open at TIME or earlier"},
    {'a', "after", "TIME", "only candles that open after TIME"},
    {'c', "closed-by", "TIME", "only candles that were closed by TIME"},
    {'i', "interval", "INTERVAL", "of the candles: 1s 1m ... 1d 3d 1w 1M"},
    {'n', "by-name", NULL, "take columns by name, in any order"},
    {'p', "pass", NULL, "pass bad values, for csv-validate to reject"},
};

static const struct tool tool = {
    .name = "kline-read",
    .synopsis = "[-np] [-S TIME] [-U TIME] [-a TIME] [-c TIME] [-i INTERVAL]"
		" [FILE...]",
    .summary = "turn archive candles into canonical CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples =
	"kline-read BTCUSDT-1h-2024-12.csv BTCUSDT-1h-2025-01.csv\n"
	"kline-read -i 1h --closed-by 2025-09-21T02:30:00Z < download.csv",
};

struct run {
	struct kline_filter filter;
	bool by_name, pass;
};

static void
take_option(struct run *run, int letter, const char *arg)
{
	switch (letter) {
	case 'S':
		run->filter.since = clock_option("-S", arg);
		break;
	case 'U':
		run->filter.until = clock_option("-U", arg);
		break;
	case 'a':
		run->filter.after = clock_option("-a", arg);
		break;
	case 'c':
		run->filter.closed_by = clock_option("-c", arg);
		break;
	case 'i':
		run->filter.interval = kline_interval_option("-i", arg);
		break;
	case 'n':
		run->by_name = true;
		break;
	case 'p':
		run->pass = true;
		break;
	}
}

/* Takes the record apart; true if it is a candle, or dies if it must be. */
static bool
take_candle(struct csvin *in, const struct csvin_record *row,
    const struct run *run, const size_t at[KLINE_COLUMNS], struct kline *kline)
{
	struct buf error = {0};
	bool good;

	for (size_t i = 0; i < KLINE_COLUMNS; i++)
		kline->values[i] = csvin_value(in, csvin_field(row, at[i]));
	good = !kline_check(kline, &error);
	if (!good && !run->pass)
		csvin_die(in, row, "%s", buf_text(&error));
	buf_release(&error);
	return good;
}

static void
read_all(struct csvin *in, struct run *run, struct out *out)
{
	struct kline_filter filter = run->filter;
	struct csvin_record row;
	struct buf error = {0};
	size_t at[KLINE_COLUMNS];
	struct kline kline;

	while (csvin_xnext(in, &row)) {
		if (row.number == 1 &&
		    kline_xheader(in, &row, run->by_name, at))
			continue;
		if (!take_candle(in, &row, run, at, &kline)) {
			kline_pass(&kline, out);
			continue;
		}
		if (kline_filter_length(&filter, &kline, &error))
			csvin_die(in, &row, "%s", buf_text(&error));
		if (kline_filter_wants(&filter, &kline))
			kline_write(&kline, out);
	}
	if (kline_filter_end(&filter, &error))
		die(STATUS_TROUBLE, "%s: %s", csvin_name(in), buf_text(&error));
}

int
main(int argc, char **argv)
{
	struct run run = {.filter = KLINE_FILTER_ALL};
	struct opts opts;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1)
		take_option(&run, letter, opts.arg);
	out_stdout(&out);
	kline_write_header(&out);
	/* headerless files differ in their first record: a reader for each */
	for (int i = 0; i == 0 || i < opts.argc; i++) {
		struct csvin *in = csvin_new(&opts.argv[i], opts.argc > 0, 0);

		csvin_tie(in, &out);
		read_all(in, &run, &out);
		csvin_free(in);
	}
	return (int)out_finish(&out, STATUS_DONE);
}
