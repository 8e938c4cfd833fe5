/* SPDX-License-Identifier: ISC */
/*
 * csv-except - leave out records that are known
 *
 * What is known is read whole and first, into fingerprints; the input then
 * streams past it. Records are compared by columns of the same name.
 */
#include <stdlib.h>
#include <string.h>

#include "csvin.h"
#include "csvout.h"
#include "io.h"
#include "keyset.h"
#include "opt.h"
#include "rowkey.h"

static const struct option_row options[] = {
    {'k', "key", "COL[,COL]", "the columns to compare; default: all of them"},
    {'s', "schema", "SCHEMA", "compare values by the types given there"},
};

static const struct tool tool = {
    .name = "csv-except",
    .synopsis = "[-k COL[,COL]] [-s SCHEMA] KNOWN [FILE...]",
    .summary = "leave out the records of CSV that another file has",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "csv-except loaded.csv < extract.csv > new.csv\n"
		"csv-except -k symbol,open_time loaded.csv extract.csv",
};

/* Opens what is known. A file without a header may be a failed query's. */
static struct csvin *
open_known(char *const *path, struct csvin_record *header)
{
	struct csvin *in = csvin_new(path, 1, 0);

	if (!csvin_xnext(in, header))
		die(STATUS_TROUBLE, "%s: no header", io_name(*path));
	return in;
}

static struct keyset *
read_known(
    struct rowkey *key, struct csvin *in, const struct csvin_record *header)
{
	struct keyset *known = keyset_xnew(false);
	size_t *at = rowkey_columns(key, in, header);
	struct csvin_record row;
	uint64_t none = 0;

	while (csvin_xnext(in, &row))
		keyset_add(known, rowkey_of(key, in, &row, at), &none);
	free(at);
	return known;
}

static void
except(struct rowkey *key, char *const *path, struct csvin *in, struct out *out)
{
	struct csvin_record row, header;
	struct csvin *known_in = open_known(path, &header);
	struct keyset *known;
	uint64_t none;
	size_t *at;

	if (!csvin_xnext(in, &row)) {
		csvin_free(known_in);
		return;
	}
	if (!key->names.count)
		cols_from_header(&key->names, in, &row);
	at = rowkey_columns(key, in, &row);
	csvout_record(out, &row);
	known = read_known(key, known_in, &header);
	csvin_free(known_in);
	while (csvin_xnext(in, &row)) {
		if (!keyset_find(known, rowkey_of(key, in, &row, at), &none))
			csvout_record(out, &row);
	}
	keyset_free(known);
	free(at);
}

/* True if KNOWN is standard input and so is an input. */
static bool
reads_twice(const struct opts *opts)
{
	bool twice = opts->argc == 1;

	for (int i = 1; i < opts->argc; i++)
		twice = twice || !strcmp(opts->argv[i], "-");
	return twice && !strcmp(opts->argv[0], "-");
}

int
main(int argc, char **argv)
{
	struct rowkey key = {0};
	struct schema *schema = NULL;
	const char *path = NULL;
	struct opts opts;
	struct csvin *in;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		if (letter == 's') {
			path = opts.arg;
			continue;
		}
		cols_release(&key.names);
		cols_option(&key.names, "-k", opts.arg);
	}
	if (!opts.argc)
		opt_usage(&opts, "KNOWN is missing");
	if (reads_twice(&opts))
		opt_usage(&opts, "KNOWN and the input are both '-'");
	if (path)
		key.schema = schema = schema_xread(path);
	in = csvin_new(opts.argv + 1, opts.argc - 1, 0);
	out_stdout(&out);
	csvin_tie(in, &out);
	except(&key, opts.argv, in, &out);
	csvin_free(in);
	rowkey_release(&key);
	schema_free(schema);
	return (int)out_finish(&out, STATUS_DONE);
}
