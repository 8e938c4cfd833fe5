/* SPDX-License-Identifier: ISC */
/*
 * csv-split - divide CSV into two parts
 *
 * A model is trained on one part of the data and judged on the other; work is
 * shared out by key. Each record goes to one side, in the order of the input.
 */
#include <string.h>

#include "clock.h"
#include "csvin.h"
#include "opt.h"
#include "parts.h"
#include "split.h"

static const struct option_row options[] = {
    {'H', "hash", "COL[,COL]", "by the hash of these columns; see -p"},
    {'a', "at", "N|N%", "the first N records, or N percent of them"},
    {'b', "before", "TIME", "the records with a time before TIME; see -c"},
    {'c', "column", "COL", "for -b: the column of the times"},
    {'o', "output", "FILE", "write the first part there, not to stdout"},
    {'p', "part", "K/N", "for -H: the part, out of N that are alike"},
    {'r', "rest", "FILE", "write all other records there"},
};

static const struct tool tool = {
    .name = "csv-split",
    .synopsis = "[-a N|N%] [-b TIME -c COL] [-H COL[,COL] -p K/N] [-o FILE]"
		" [-r FILE] [FILE...]",
    .summary = "divide CSV into two parts",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "csv-split --at 80% -o train.csv --rest test.csv klines.csv\n"
		"csv-split --before 2024-01-01 -c open_time < a.csv > old.csv\n"
		"csv-split --hash symbol --part 1/4 < klines.csv > part1.csv",
};

struct run {
	struct split split;
	struct parts parts;
	int ways; /* to split that were asked for */
};

static void
parse_options(struct run *run, struct opts *opts)
{
	struct split *split = &run->split;
	int letter;

	while ((letter = opt_next(opts)) != -1) {
		run->ways += strchr("Hab", letter) != NULL;
		switch (letter) {
		case 'H':
			split->by = SPLIT_HASH;
			cols_release(&split->key);
			cols_option(&split->key, "-H", opts->arg);
			break;
		case 'a':
			split_at_option("-a", opts->arg, split);
			break;
		case 'b':
			split->by = SPLIT_BEFORE;
			split->before = clock_option("-b", opts->arg);
			break;
		case 'c':
			split->column = opts->arg;
			break;
		case 'o':
			run->parts.output = opts->arg;
			break;
		case 'p':
			split_part_option("-p", opts->arg, split);
			break;
		case 'r':
			run->parts.rest_path = opts->arg;
			break;
		}
	}
}

static void
check_options(const struct run *run, const struct opts *opts)
{
	const struct split *split = &run->split;

	if (run->ways != 1)
		opt_usage(opts, "one of -a, -b and -H is wanted");
	if ((split->by == SPLIT_BEFORE) != (split->column != NULL))
		opt_usage(opts, "-b and -c go together");
	if ((split->by == SPLIT_HASH) != (split->parts > 0))
		opt_usage(opts, "-H and -p go together");
}

int
main(int argc, char **argv)
{
	struct run run = {.split = {.share = -1}};
	struct parts *parts = &run.parts;
	struct opts opts;
	struct csvin *in;

	opt_begin(&opts, &tool, argc, argv);
	parse_options(&run, &opts);
	check_options(&run, &opts);
	parts_xopen(parts, opts.argv, opts.argc);
	in = csvin_new(opts.argv, opts.argc, split_flags(&run.split));
	csvin_tie(in, &parts->first);
	split_records(&run.split, in, &parts->first, parts_rest(parts));
	csvin_free(in);
	cols_release(&run.split.key);
	return (int)parts_finish(parts);
}
