/* SPDX-License-Identifier: ISC */
/*
 * kline-get - candles from the exchange's REST interface
 *
 * A page that fails fails the run: a hole is never come back to.
 */
#include "clock.h"
#include "cols.h"
#include "io.h"
#include "kline.h"
#include "kline_rest.h"
#include "num.h"
#include "opt.h"
#include "progress.h"

static const struct option_row options[] = {
    {'S', "since", "TIME", "from the candle that opens at TIME"},
    {'U', "until", "TIME", "up to the candle that opens at TIME"},
    {'a', "after", "TIME", "from behind the candle that opens at TIME"},
    {'i', "interval", "INTERVAL", "1s 1m 3m 5m 15m 30m 1h ... 1d 3d 1w 1M"},
    {'m', "max-time", "SECONDS", "for each page, repeats included; 120"},
    {'s', "symbol", "SYMBOL", "such as BTCUSDT"},
    {'u', "url", "URL", "another server; repeat it for the next to try"},
};

static const struct tool tool = {
    .name = "kline-get",
    .synopsis = "[-S TIME] [-U TIME] [-a TIME] [-m SECONDS] [-u URL]..."
		" -s SYMBOL -i INTERVAL",
    .summary = "get candles from the exchange as CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "kline-get -s BTCUSDT -i 1h --since 2024-01-01 > klines.csv\n"
		"kline-get -s BTCUSDT -i 1m --after 1704067200000",
};

struct get {
	struct kline_query query;
	int64_t since, after; /* in microseconds */
	struct cols servers;
	int seconds;
};

static void
write_page(const struct kline_page *page, struct out *out)
{
	for (size_t i = 0; i < page->count; i++)
		kline_write(&page->klines[i], out);
	/* it must be out before the next answer is waited for, or we die */
	out_flush(out);
}

static void
get_all(struct get *get, struct out *out)
{
	struct kline_query *query = &get->query;
	struct kline_rest *rest = kline_rest_new(&get->servers, get->seconds);
	struct progress progress = {0};
	struct buf error = {0};
	char time[CLOCK_SIZE];

	kline_write_header(out);
	while (!query->done && !out->error) {
		struct kline_page page;
		enum status status =
		    kline_rest_next(rest, query, &page, &error);

		if (status != STATUS_DONE) {
			progress_end(&progress);
			die(status, "%s", buf_text(&error));
		}
		write_page(&page, out);
		kline_page_release(&page);
		clock_format(query->from * 1000, time);
		progress_show(&progress, "%s %s up to %.16s", query->symbol,
		    query->interval->name, time);
	}
	progress_end(&progress);
	buf_release(&error);
	kline_rest_free(rest);
}

static void
take_option(struct get *get, int letter, const char *arg)
{
	switch (letter) {
	case 'S':
		get->since = clock_option("-S", arg);
		break;
	case 'U':
		get->query.until = clock_option("-U", arg) / 1000;
		break;
	case 'a':
		get->after = clock_option("-a", arg);
		break;
	case 'i':
		get->query.interval = kline_interval_option("-i", arg);
		break;
	case 'm':
		get->seconds = (int)num_option("-m", arg, 1, 1000000);
		break;
	case 's':
		get->query.symbol = arg;
		break;
	case 'u':
		cols_add(&get->servers, slice_of(arg));
		break;
	}
}

/* Completes what the options left open. */
static void
plan(struct get *get, const struct opts *opts)
{
	struct kline_query *query = &get->query;
	int64_t since = (get->since + 999) / 1000, next = get->after / 1000 + 1;

	if (!query->symbol)
		opt_usage(opts, "-s SYMBOL is missing");
	if (!query->interval)
		opt_usage(opts, "-i INTERVAL is missing");
	if (opts->argc)
		opt_usage(opts, "unexpected operand '%s'", opts->argv[0]);
	query->from = since > next ? since : next;
	query->done = query->from > query->until;
}

int
main(int argc, char **argv)
{
	struct get get = {
	    .query.until = INT64_MAX,
	    .after = -1000,
	    .seconds = 120,
	};
	struct opts opts;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1)
		take_option(&get, letter, opts.arg);
	plan(&get, &opts);
	out_stdout(&out);
	get_all(&get, &out);
	cols_release(&get.servers);
	return (int)out_finish(&out, STATUS_DONE);
}
