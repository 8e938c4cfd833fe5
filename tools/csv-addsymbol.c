/* SPDX-License-Identifier: ISC */
/*
 * csv-addsymbol - append a constant column
 *
 * What is appended is made once; the records pass through as they are.
 */
#include "append.h"
#include "cols.h"
#include "csvin.h"
#include "io.h"
#include "opt.h"

static const struct option_row options[] = {
    {'c', "column", "NAME", "the name of the column; default: symbol"},
};

static const struct tool tool = {
    .name = "csv-addsymbol",
    .synopsis = "[-c NAME] SYMBOL [FILE...]",
    .summary = "append a constant symbol column to CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "csv-addsymbol BTCUSDT < klines.csv\n"
		"csv-addsymbol -c interval 1m a.csv b.csv",
};

static void
refuse_existing(
    struct csvin *in, const struct csvin_record *header, const char *name)
{
	struct cols present = {0};

	cols_from_header(&present, in, header);
	if (cols_find(&present, slice_of(name)) >= 0)
		csvin_die(in, header, "column '%s' exists", name);
	cols_release(&present);
}

static void
add_column(
    struct csvin *in, struct out *out, const char *name, const char *symbol)
{
	struct append append = {0};
	struct csvin_record header;
	struct csvin_batch batch;

	if (!csvin_xnext(in, &header))
		return;
	refuse_existing(in, &header, name);
	append_clear(&append);
	append_value(&append, slice_of(name));
	append_record(&append, csvin_bytes(&header), out);
	append_clear(&append);
	append_value(&append, slice_of(symbol));
	while (csvin_xnext_batch(in, &batch))
		append_batch(&append, &batch, out);
	append_release(&append);
}

int
main(int argc, char **argv)
{
	const char *name = "symbol";
	struct opts opts;
	struct csvin *in;
	struct out out;

	opt_begin(&opts, &tool, argc, argv);
	while (opt_next(&opts) != -1)
		name = opts.arg;
	if (!opts.argc || !*opts.argv[0])
		opt_usage(&opts, "SYMBOL is missing");
	if (!*name)
		opt_usage(&opts, "-c: the name is empty");
	in = csvin_new(opts.argv + 1, opts.argc - 1, CSVIN_RECORDS);
	out_stdout(&out);
	csvin_tie(in, &out);
	add_column(in, &out, name, opts.argv[0]);
	csvin_free(in);
	return (int)out_finish(&out, STATUS_DONE);
}
