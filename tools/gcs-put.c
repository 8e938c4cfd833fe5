/* SPDX-License-Identifier: ISC */
/*
 * gcs-put - publish an object, whole or not at all
 *
 * It appears after the end of the input and the exit status 0 of its maker.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "io.h"
#include "json_out.h"
#include "opt.h"
#include "producer.h"
#include "store.h"

static const struct option_row options[] = {
    {'s', "store", "STORE", "the store; default: $SLUICE_STORE"},
    {'t', "time", "TIME", "append /created_at=TIME to the name"},
};

static const struct tool tool = {
    .name = "gcs-put",
    .synopsis = "[-s STORE] [-t TIME] NAME [-- COMMAND...]",
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

static void
copy(struct store *store, const struct producer *producer)
{
	char block[64 * 1024];
	ssize_t got;

	while ((got = io_read(producer->fd, block, sizeof(block))) > 0) {
		if (store_put_write(store, block, (size_t)got))
			store_die(store);
	}
	if (got < 0) {
		int reason = errno;

		store_close(store);
		die(STATUS_TROUBLE, "%s: %s", producer->name, strerror(reason));
	}
}

static void
put(struct store *store, const char *name, const struct opts *command,
    struct store_receipt *receipt)
{
	struct producer producer;

	if (store_put_begin(store, name))
		store_die(store);
	producer_start(&producer, command->argc, command->argv);
	copy(store, &producer);
	producer_finish(&producer);
	if (store_put_commit(store, receipt))
		store_die(store);
}

static void
print(const struct store *store, const struct store_receipt *receipt,
    const char *created_at, struct out *out)
{
	struct buf text = {0}, url = {0};
	struct json_out json = {.buf = &text};
	char generation[CLOCK_SIZE];

	store_url(store, receipt->object.name, &url);
	snprintf(generation, sizeof(generation), "%" PRId64,
	    receipt->object.generation);
	json_open(&json, '{');
	json_pair_text(&json, "url", buf_text(&url));
	json_pair_text(&json, "name", receipt->object.name);
	json_pair_text(&json, "generation", generation);
	json_pair_int(&json, "bytes", receipt->object.bytes);
	json_pair_text(&json, "sha256", receipt->digest.sha256);
	json_pair_text(&json, "md5", receipt->digest.md5);
	json_pair_text(&json, "crc32c", receipt->digest.crc32c);
	json_pair_text(&json, "created_at", created_at);
	json_pair_bool(&json, "existed", receipt->existed);
	json_pair_text(&json, "tool", "gcs-put " SLUICE_VERSION);
	json_close(&json, '}');
	out_slice(out, buf_slice(&text));
	buf_release(&text);
	buf_release(&url);
}

int
main(int argc, char **argv)
{
	char created_at[CLOCK_SIZE] = "", part[CLOCK_SIZE];
	const char *location = NULL;
	struct store_receipt receipt;
	struct buf name = {0};
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
		}
	}
	buf_puts(&name, take_name(&opts));
	if (*created_at)
		buf_printf(&name, "/created_at=%s", part);
	store = store_option(location);
	put(store, buf_text(&name), &opts, &receipt);
	out_stdout(&out);
	print(store, &receipt, *created_at ? created_at : NULL, &out);
	store_close(store);
	buf_release(&name);
	return (int)out_finish(&out, STATUS_DONE);
}
