/* SPDX-License-Identifier: ISC */
/*
 * gcs-cp - copy objects between stores, each whole or not at all
 */
#include <stdlib.h>

#include "copier.h"
#include "http.h"
#include "io.h"
#include "opt.h"
#include "place.h"
#include "workers.h"

static const struct option_row options[] = {
    {'j', "jobs", "N", "copy N objects at a time; default: 4"},
    {'v', "verbose", NULL, "tell requests and answers, without secrets"},
};

static const struct tool tool = {
    .name = "gcs-cp",
    .synopsis = "[-j N] [-v] FROM... TO",
    .summary = "copy objects between stores, each whole or not at all",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "gcs-cp file:klines/ gs://bucket/klines/\n"
		"gcs-cp gs://bucket/reports/2024.csv file:2024.csv",
};

static struct place *
parse_places(const struct opts *opts, size_t count)
{
	struct place *places = xcalloc(count, sizeof(*places));
	struct buf reason = {0};

	for (size_t i = 0; i < count; i++) {
		if (place_parse(&places[i], opts->argv[i], &reason))
			opt_usage(opts, "%s", buf_text(&reason));
	}
	return places;
}

/* Ends the program where the places are no task. */
static void
check_places(const struct opts *opts, const struct copier *copier)
{
	bool many = copier->nfrom > 1;

	for (size_t i = 0; i < copier->nfrom; i++) {
		many = many || copier->from[i].folder;
		if (place_holds(&copier->from[i], copier->to))
			opt_usage(opts, "%s lies in %s", copier->to->url,
			    copier->from[i].url);
	}
	if (many && !copier->to->folder)
		opt_usage(opts, "%s: must end in a slash to take many objects",
		    copier->to->url);
}

int
main(int argc, char **argv)
{
	int jobs = WORKERS_USUAL;
	struct place *places;
	struct copier copier = {.tool = "gcs-cp " SLUICE_VERSION};
	enum status status;
	struct opts opts;
	struct out out;
	size_t count;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		if (letter == 'v')
			http_trace(true);
		else
			jobs = workers_option("-j", opts.arg);
	}
	if (opts.argc < 2)
		opt_usage(
		    &opts, opts.argc ? "TO is missing" : "FROM is missing");
	count = (size_t)opts.argc;
	places = parse_places(&opts, count);
	copier.from = places;
	copier.nfrom = count - 1;
	copier.to = &places[count - 1];
	copier.out = &out;
	check_places(&opts, &copier);
	out_stdout(&out);
	status = copier_run(&copier, jobs);
	for (size_t i = 0; i < count; i++)
		place_release(&places[i]);
	free(places);
	return (int)out_finish(&out, status);
}
