/* SPDX-License-Identifier: ISC */
/*
 * kline-sim - made-up candles, clean or with the faults of real ones
 *
 * The records of a candle depend on nothing behind it, so that what a run
 * with more rows adds is what a source has new.
 */
#include "clock.h"
#include "io.h"
#include "kline.h"
#include "kline_dirt.h"
#include "kline_sim.h"
#include "num.h"
#include "opt.h"

static const struct option_row options[] = {
    {'S', "since", "TIME", "from the candle that opens at TIME; 2024-01-01"},
    {'a', "after", "TIME", "leave out what opens at TIME or earlier"},
    {'d', "dirty", NULL, "with the faults of real candles"},
    {'i', "interval", "INTERVAL", "1s 1m 3m 5m 15m 30m 1h ... 1d 3d 1w 1M"},
    {'n', "rows", "ROWS", "how many candles"},
    {'o', "no-open", NULL, "with -d: without the open candle at the end"},
    {'r', "seed", "NUMBER", "another series for each; 1"},
    {'s', "symbol", "SYMBOL", "such as BTCUSDT"},
};

static const struct tool tool = {
    .name = "kline-sim",
    .synopsis = "[-S TIME] [-a TIME] [-d [-o]] [-r NUMBER] -s SYMBOL"
		" -i INTERVAL -n ROWS",
    .summary = "make up candles as CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples =
	"kline-sim -s BTCUSDT -i 1m -n 10000 > klines.csv\n"
	"kline-sim -s BTCUSDT -i 1h -n 1000 --dirty --seed 7 | csv-validate ...",
};

struct plan {
	const char *symbol;
	const struct kline_interval *interval;
	int64_t since, after; /* in milliseconds */
	int64_t rows;         /* -1: not given */
	int64_t seed;
	bool dirty, no_open;
};

static void
simulate(const struct plan *plan, struct out *out)
{
	uint64_t seed = (uint64_t)plan->seed, rows = (uint64_t)plan->rows;
	struct kline_sim_candle candle;
	struct kline_sim sim;

	kline_write_header(out);
	kline_sim_init(&sim, plan->symbol, plan->interval, plan->since, seed);
	for (uint64_t i = 0; i < rows && !out->error; i++) {
		candle = kline_sim_next(&sim);
		if (candle.open_time <= plan->after)
			continue;
		if (plan->dirty)
			kline_dirt_write(&candle, seed, i, out);
		else
			kline_sim_write(&candle, out);
	}
	candle = kline_sim_next(&sim);
	if (plan->dirty && !plan->no_open && candle.open_time > plan->after)
		kline_dirt_write_partial(&candle, seed, rows, out);
}

static void
take_option(struct plan *plan, int letter, const char *arg)
{
	switch (letter) {
	case 'S':
		plan->since = (clock_option("-S", arg) + 999) / 1000;
		break;
	case 'a':
		plan->after = clock_option("-a", arg) / 1000;
		break;
	case 'd':
		plan->dirty = true;
		break;
	case 'i':
		plan->interval = kline_interval_option("-i", arg);
		break;
	case 'n':
		plan->rows = num_option("-n", arg, 0, INT64_MAX);
		break;
	case 'o':
		plan->no_open = true;
		break;
	case 'r':
		plan->seed = num_option("-r", arg, 0, INT64_MAX);
		break;
	case 's':
		plan->symbol = arg;
		break;
	}
}

/* Complains of what is missing, and of times that have no 13 digits. */
static void
check(const struct plan *plan, const struct opts *opts)
{
	int64_t longest;

	if (!plan->symbol)
		opt_usage(opts, "-s SYMBOL is missing");
	if (!plan->interval)
		opt_usage(opts, "-i INTERVAL is missing");
	if (plan->rows < 0)
		opt_usage(opts, "-n ROWS is missing");
	if (opts->argc)
		opt_usage(opts, "unexpected operand '%s'", opts->argv[0]);
	longest = plan->interval->length;
	if (!longest)
		longest = INT64_C(31) * 86400 * 1000;
	if (plan->since < KLINE_FIRST ||
	    plan->rows >= (KLINE_LAST - plan->since) / longest)
		die(STATUS_TROUBLE,
		    "candles would open before 2001-09-09T01:46:40 or after 2286-11-20");
}

int
main(int argc, char **argv)
{
	struct plan plan = {
	    .since = INT64_C(1704067200000),
	    .rows = -1,
	    .seed = 1,
	};
	struct opts opts;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1)
		take_option(&plan, letter, opts.arg);
	check(&plan, &opts);
	out_stdout(&out);
	simulate(&plan, &out);
	return (int)out_finish(&out, STATUS_DONE);
}
