/* SPDX-License-Identifier: ISC */
/*
 * gcs-get - print an object
 *
 * With -o the file appears only when all bytes are there.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>

#include "gz.h"
#include "http.h"
#include "io.h"
#include "opt.h"
#include "store.h"

static const struct option_row options[] = {
    {'o', "output", "FILE", "write to FILE, whole or not at all"},
    {'r', "raw", NULL, "as stored, even if that is called gzip"},
    {'s', "store", "STORE", "the store; default: $SLUICE_STORE"},
    {'v', "verbose", NULL, "tell requests and answers, without secrets"},
    {'z', "gzip", NULL, "decompress what gcs-put -z published"},
};

static const struct tool tool = {
    .name = "gcs-get",
    .synopsis = "[-o FILE] [-r] [-s STORE] [-v] [-z] NAME",
    .summary = "print an object",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "gcs-get -s file:store reports/2024.csv | head\n"
		"gcs-get -o 2024.csv reports/2024.csv",
};

/* Where the bytes go: opened late, so that no object leaves a file alone. */
struct target {
	const char *file; /* NULL: standard output */
	bool open;
	struct out out;
};

static void
open_target(struct target *target)
{
	if (target->open)
		return;
	if (target->file)
		out_xfile(&target->out, target->file);
	else
		out_stdout(&target->out);
	target->open = true;
}

static int
take(void *user, const void *data, size_t len)
{
	struct target *target = user;

	open_target(target);
	out_write(&target->out, data, len);
	return target->out.error;
}

/* Closes the store and dies with the reason of what failed. */
static _Noreturn void
refuse(struct store *store, const char *name, const struct gz *gz)
{
	struct buf url = {0};

	if (!gz || !gz_reason(gz))
		store_die(store);
	store_url(store, name, &url);
	store_close(store);
	die(STATUS_TROUBLE, "%s: %s", buf_text(&url), gz_reason(gz));
}

/* True if it was the output that failed, which is told in the end. */
static bool
output_lost(const struct target *target)
{
	if (!target->open || !target->out.error)
		return false;
	/* libcurl ignores the signal while it runs: it ends us now */
	if (target->out.error == EPIPE)
		raise(SIGPIPE);
	return true;
}

/* Gets the object, decompressed or not. */
static void
get(struct store *store, struct store_get *wanted, struct target *target,
    bool unzip)
{
	struct gz *gz = unzip ? gz_inflate(take, target) : NULL;
	struct store_object object;
	int result;

	wanted->take = gz ? gz_write : take;
	wanted->user = gz ? (void *)gz : target;
	result = store_get(store, wanted, &object);
	if (!result && gz)
		result = gz_finish(gz);
	if (result && !output_lost(target))
		refuse(store, wanted->name, gz);
	open_target(target);
	gz_free(gz);
}

int
main(int argc, char **argv)
{
	const char *location = NULL;
	struct target target = {0};
	struct store_get wanted = {0};
	bool unzip = false;
	struct store *store;
	struct opts opts;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		switch (letter) {
		case 'o':
			target.file = opts.arg;
			break;
		case 'r':
			wanted.raw = true;
			break;
		case 's':
			location = opts.arg;
			break;
		case 'v':
			http_trace(true);
			break;
		case 'z':
			unzip = wanted.raw = true;
			break;
		}
	}
	if (!opts.argc)
		opt_usage(&opts, "NAME is missing");
	if (opts.argc > 1)
		opt_usage(&opts, "unexpected operand '%s'", opts.argv[1]);
	store = store_option(location);
	wanted.name = opts.argv[0];
	get(store, &wanted, &target, unzip);
	store_close(store);
	out_xcommit(&target.out);
	return STATUS_DONE;
}
