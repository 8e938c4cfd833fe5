/* SPDX-License-Identifier: ISC */
/*
 * csv-stat - describe the columns of CSV
 *
 * One line a column: what a look at the data would show, in one pass and in
 * memory that does not depend on the number of records.
 */
#include "coltable.h"
#include "csvin.h"
#include "io.h"
#include "opt.h"

static const struct option_row options[] = {
    {'j', "json", NULL, "print JSON: an array with an object for each column"},
    {'r', "ragged", NULL, "take records that are short or long"},
};

static const struct tool tool = {
    .name = "csv-stat",
    .synopsis = "[-j] [-r] [FILE...]",
    .summary = "describe the columns of CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "csv-stat klines.csv | csv-look\n"
		"csv-stat --json < klines.csv | jq '.[] | {field, type}'",
};

int
main(int argc, char **argv)
{
	struct coltable table = {0};
	struct opts opts;
	struct csvin *in;
	struct out out;
	bool json = false;
	unsigned flags = 0;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		switch (letter) {
		case 'j':
			json = true;
			break;
		case 'r':
			flags |= CSVIN_RAGGED;
			break;
		}
	}
	in = csvin_new(opts.argv, opts.argc, flags);
	out_stdout(&out);
	csvin_tie(in, &out);
	coltable_read(&table, in);
	if (json)
		coltable_write_json(&table, &out);
	else
		coltable_write_csv(&table, &out);
	csvin_free(in);
	coltable_release(&table);
	return (int)out_finish(&out, STATUS_DONE);
}
