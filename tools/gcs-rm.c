/* SPDX-License-Identifier: ISC */
/*
 * gcs-rm - remove objects
 *
 * It wants to be told which generation, or that it does not matter: what was
 * published is not removed by a slip.
 */
#include <stdbool.h>
#include <stdint.h>

#include "io.h"
#include "num.h"
#include "opt.h"
#include "remover.h"
#include "store.h"
#include "workers.h"

static const struct option_row options[] = {
    {'f', "force", NULL, "remove whichever generation is there"},
    {'g', "generation", "GENERATION", "remove the object if it is this one"},
    {'j', "jobs", "N", "remove N objects at a time; default: 4"},
    {'s', "store", "STORE", "the store; default: $SLUICE_STORE"},
};

static const struct tool tool = {
    .name = "gcs-rm",
    .synopsis = "[-f] [-g GENERATION] [-j N] [-s STORE] NAME...",
    .summary = "remove objects",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "gcs-rm -g 1706281200300000 reports/2024.csv\n"
		"gcs-rm --force -s file:store reports/2024.csv",
};

int
main(int argc, char **argv)
{
	const char *location = NULL;
	struct remover remover = {.tool = "gcs-rm " SLUICE_VERSION};
	int letter, jobs = WORKERS_USUAL;
	bool force = false;
	enum status status;
	struct opts opts;
	struct out out;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		switch (letter) {
		case 'f':
			force = true;
			break;
		case 'g':
			remover.generation =
			    num_option("-g", opts.arg, 1, INT64_MAX);
			break;
		case 'j':
			jobs = workers_option("-j", opts.arg);
			break;
		case 's':
			location = opts.arg;
			break;
		}
	}
	if (!opts.argc)
		opt_usage(&opts, "NAME is missing");
	if (force == (remover.generation != 0))
		opt_usage(&opts, "one of -g and --force is needed");
	if (remover.generation && opts.argc > 1)
		opt_usage(&opts, "-g goes with one NAME");
	remover.store = store_option(location);
	remover.names = opts.argv;
	remover.out = &out;
	out_stdout(&out);
	status = remover_run(&remover, jobs);
	store_close(remover.store);
	return (int)out_finish(&out, status);
}
