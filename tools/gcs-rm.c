/* SPDX-License-Identifier: ISC */
/*
 * gcs-rm - remove objects
 *
 * It wants to be told which generation, or that it does not matter: what was
 * published is not removed by a slip.
 */
#include <stdbool.h>
#include <stdint.h>

#include "http.h"
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
    {'v', "verbose", NULL, "tell requests and answers, without secrets"},
};

static const struct tool tool = {
    .name = "gcs-rm",
    .synopsis = "[-f] [-g GENERATION] [-j N] [-s STORE] [-v] NAME...",
    .summary = "remove objects",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "gcs-rm -g 1706281200300000 reports/2024.csv\n"
		"gcs-rm --force -s file:store reports/2024.csv",
};

struct request {
	const char *location;
	int64_t generation;
	int jobs;
	bool force;
};

static void
take_option(struct request *request, int letter, const char *arg)
{
	switch (letter) {
	case 'f':
		request->force = true;
		break;
	case 'g':
		request->generation = num_option("-g", arg, 1, INT64_MAX);
		break;
	case 'j':
		request->jobs = workers_option("-j", arg);
		break;
	case 's':
		request->location = arg;
		break;
	case 'v':
		http_trace(true);
		break;
	}
}

int
main(int argc, char **argv)
{
	struct request request = {.jobs = WORKERS_USUAL};
	struct remover remover = {.tool = "gcs-rm " SLUICE_VERSION};
	enum status status;
	struct opts opts;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1)
		take_option(&request, letter, opts.arg);
	if (!opts.argc)
		opt_usage(&opts, "NAME is missing");
	if (request.force == (request.generation != 0))
		opt_usage(&opts, "one of -g and --force is needed");
	if (request.generation && opts.argc > 1)
		opt_usage(&opts, "-g goes with one NAME");
	remover.generation = request.generation;
	remover.store = store_option(request.location);
	remover.names = opts.argv;
	remover.out = &out;
	out_stdout(&out);
	status = remover_run(&remover, request.jobs);
	store_close(remover.store);
	return (int)out_finish(&out, status);
}
