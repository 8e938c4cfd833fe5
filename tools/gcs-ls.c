/* SPDX-License-Identifier: ISC */
/*
 * gcs-ls - list objects as CSV
 */
#include <inttypes.h>
#include <stdio.h>

#include "clock.h"
#include "csvout.h"
#include "http.h"
#include "io.h"
#include "opt.h"
#include "store.h"

static const struct option_row options[] = {
    {'s', "store", "STORE", "the store; default: $SLUICE_STORE"},
    {'v', "verbose", NULL, "tell requests and answers, without secrets"},
};

static const struct tool tool = {
    .name = "gcs-ls",
    .synopsis = "[-s STORE] [-v] [PREFIX]",
    .summary = "list objects as CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "gcs-ls staging/\n"
		"gcs-ls -s file:store | sed 1d | cut -d, -f1",
};

static void
write_object(const struct store *store, const struct store_object *object,
    struct out *out)
{
	char created[CLOCK_SIZE], middle[128];
	struct buf url = {0};

	clock_format(object->created, created);
	snprintf(middle, sizeof(middle), ",%" PRId64 ",%s,%" PRId64 ",",
	    object->bytes, created, object->generation);
	store_url(store, object->name, &url);
	csvout_value(out, slice_of(object->name));
	out_puts(out, middle);
	csvout_value(out, buf_slice(&url));
	out_putc(out, '\n');
	buf_release(&url);
}

static void
list(struct store *store, const char *prefix, struct out *out)
{
	struct store_object object;
	int more = store_list_begin(store, prefix);

	if (!more)
		more = store_list_next(store, &object);
	/* what fails at once prints nothing */
	if (more >= 0)
		out_puts(out, "name,bytes,created,generation,url\n");
	for (; more > 0; more = store_list_next(store, &object))
		write_object(store, &object, out);
	if (more < 0) {
		out_flush(out);
		store_die(store);
	}
}

int
main(int argc, char **argv)
{
	const char *location = NULL;
	struct store *store;
	struct opts opts;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		if (letter == 'v')
			http_trace(true);
		else
			location = opts.arg;
	}
	if (opts.argc > 1)
		opt_usage(&opts, "unexpected operand '%s'", opts.argv[1]);
	store = store_option(location);
	out_stdout(&out);
	list(store, opts.argc ? opts.argv[0] : "", &out);
	store_close(store);
	return (int)out_finish(&out, STATUS_DONE);
}
