/* SPDX-License-Identifier: ISC */
/*
 * gcs-get - print an object
 *
 * With -o the file appears only when all bytes are there.
 */

#include "io.h"
#include "opt.h"
#include "store.h"

static const struct option_row options[] = {
    {'o', "output", "FILE", "write to FILE, whole or not at all"},
    {'s', "store", "STORE", "the store; default: $SLUICE_STORE"},
};

static const struct tool tool = {
    .name = "gcs-get",
    .synopsis = "[-o FILE] [-s STORE] NAME",
    .summary = "print an object",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "gcs-get -s file:store reports/2024.csv | head\n"
		"gcs-get -o 2024.csv reports/2024.csv",
};

/* The bytes of the object that was opened, to its end. */
static void
copy(struct store *store, struct out *out)
{
	char block[64 * 1024];
	ssize_t got;

	while ((got = store_get_read(store, block, sizeof(block))) > 0)
		out_write(out, block, (size_t)got);
	if (got < 0)
		store_die(store);
}

int
main(int argc, char **argv)
{
	const char *location = NULL, *file = NULL;
	struct store *store;
	struct opts opts;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		switch (letter) {
		case 'o':
			file = opts.arg;
			break;
		case 's':
			location = opts.arg;
			break;
		}
	}
	if (!opts.argc)
		opt_usage(&opts, "NAME is missing");
	if (opts.argc > 1)
		opt_usage(&opts, "unexpected operand '%s'", opts.argv[1]);
	store = store_option(location);
	if (store_get_open(store, opts.argv[0]))
		store_die(store);
	if (file)
		out_xfile(&out, file);
	else
		out_stdout(&out);
	copy(store, &out);
	store_close(store);
	out_xcommit(&out);
	return STATUS_DONE;
}
