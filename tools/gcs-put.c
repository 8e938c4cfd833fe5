/* SPDX-License-Identifier: ISC */
/*
 * gcs-put - publish an object, whole or not at all
 *
 * It appears after the end of the input and the exit status 0 of its maker.
 */
#include <string.h>

#include "clock.h"
#include "http.h"
#include "io.h"
#include "opt.h"
#include "publish.h"
#include "store.h"

static const struct option_row options[] = {
    {'s', "store", "STORE", "the store; default: $SLUICE_STORE"},
    {'t', "time", "TIME", "append /created_at=TIME to the name"},
    {'v', "verbose", NULL, "tell requests and answers, without secrets"},
    {'z', "gzip", NULL, "publish the input compressed"},
};

static const struct tool tool = {
    .name = "gcs-put",
    .synopsis = "[-s STORE] [-t TIME] [-v] [-z] NAME [-- COMMAND...]",
    .summary = "publish an object, whole or not at all",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "gcs-put -s file:store a/2024.csv < 2024.csv\n"
		"gcs-put -t 2024-01-26 raw -- kline-get -s BTCUSDT -i 1h",
};

/* Takes NAME and the dashes; what is left in opts is the command. */
static const char *
take_name(struct opts *opts)
{
	const char *name;

	if (!opts->argc)
		opt_usage(opts, "NAME is missing");
	name = *opts->argv++;
	if (--opts->argc == 0)
		return name;
	if (strcmp(*opts->argv++, "--"))
		opt_usage(opts, "unexpected operand '%s'; a command follows --",
		    opts->argv[-1]);
	if (--opts->argc == 0)
		opt_usage(opts, "no command behind --");
	return name;
}

int
main(int argc, char **argv)
{
	char created_at[CLOCK_SIZE] = "", part[CLOCK_SIZE];
	const char *location = NULL;
	struct publish publish = {0};
	struct store_receipt receipt;
	struct buf name = {0}, text = {0};
	struct store *store;
	struct opts opts;
	struct out out;
	int64_t time;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		switch (letter) {
		case 's':
			location = opts.arg;
			break;
		case 't':
			time = clock_option("-t", opts.arg);
			clock_format(time, created_at);
			clock_object_name(time, part);
			break;
		case 'v':
			http_trace(true);
			break;
		case 'z':
			publish.gzip = true;
			break;
		}
	}
	buf_puts(&name, take_name(&opts));
	if (*created_at)
		buf_printf(&name, "/created_at=%s", part);
	store = store_option(location);
	publish.name = buf_text(&name);
	publish.argc = opts.argc;
	publish.argv = opts.argv;
	publish_xput(store, &publish, &receipt);
	out_stdout(&out);
	store_receipt_print(store, &receipt, *created_at ? created_at : NULL,
	    "gcs-put " SLUICE_VERSION, &text);
	out_slice(&out, buf_slice(&text));
	store_close(store);
	buf_release(&text);
	buf_release(&name);
	return (int)out_finish(&out, STATUS_DONE);
}
