/* SPDX-License-Identifier: ISC */
/*
 * csv-look - show CSV as a table
 *
 * A look must be free: the first rows cost one read, the last ones a few, on
 * a file of any size. What other tools refuse is shown, with the reason.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "csvin.h"
#include "look.h"
#include "num.h"
#include "opt.h"

static const struct option_row options[] = {
    {'n', "rows", "N", "show the first N rows, or all; default: 20"},
    {'t', "tail", "N", "show the last N rows of a file instead"},
    {'w', "width", "COLUMNS", "cut the cells that are wider"},
    {'x', "expanded", NULL, "show one field per line"},
};

static const struct tool tool = {
    .name = "csv-look",
    .synopsis = "[-x] [-n N] [-t N] [-w COLUMNS] [FILE...]",
    .summary = "show CSV as a table",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "csv-look klines.csv\n"
		"csv-look --tail 5 --expanded klines.csv",
};

static void
parse_options(struct look *look, struct opts *opts)
{
	int letter;

	while ((letter = opt_next(opts)) != -1) {
		switch (letter) {
		case 'n':
			look->tail = false;
			look->rows = UINT64_MAX;
			if (strcmp(opts->arg, "all") != 0)
				look->rows = (uint64_t)num_option(
				    "-n", opts->arg, 0, INT64_MAX);
			break;
		case 't':
			look->tail = true;
			look->rows =
			    (uint64_t)num_option("-t", opts->arg, 1, INT64_MAX);
			break;
		case 'w':
			look->cell =
			    (size_t)num_option("-w", opts->arg, 1, INT32_MAX);
			break;
		case 'x':
			look->expanded = true;
			break;
		}
	}
	if (look->tail && opts->argc > 1)
		opt_usage(opts, "-t takes one file");
}

/* The later ones may never be opened; they may be misplaced options. */
static void
check_operands(const struct opts *opts)
{
	for (int i = 0; i < opts->argc; i++) {
		const char *path = opts->argv[i];

		if (strcmp(path, "-") != 0 && access(path, F_OK))
			die(STATUS_TROUBLE, "%s: %s", path, strerror(errno));
	}
}

int
main(int argc, char **argv)
{
	struct look look = {.rows = 20};
	enum status status;
	struct opts opts;
	struct csvin *in;

	opt_begin(&opts, &tool, argc, argv);
	parse_options(&look, &opts);
	check_operands(&opts);
	in = csvin_new(opts.argv, opts.argc, CSVIN_RAGGED | CSVIN_RECOVER);
	status = look_show(&look, in, opts.argc ? opts.argv[0] : "-");
	csvin_free(in);
	return (int)status;
}
