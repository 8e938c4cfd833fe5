/* SPDX-License-Identifier: ISC */
/*
 * csv-cast - columns and values as a schema says
 *
 * A value that is spelled as its type asks already passes as it is, quoting
 * included; only other spellings are written anew.
 */
#include "caster.h"
#include "opt.h"

static const struct option_row options[] = {
    {'s', "schema", "SCHEMA", "the table schema to follow"},
};

static const struct tool tool = {
    .name = "csv-cast",
    .synopsis = "-s SCHEMA [FILE...]",
    .summary = "bring CSV into the columns and types of a schema",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "csv-cast -s klines.schema.json < klines.csv",
};

int
main(int argc, char **argv)
{
	struct csvin_record header;
	struct csvin_batch batch;
	const char *path = NULL;
	struct caster *caster;
	struct schema *schema;
	struct opts opts;
	struct csvin *in;
	struct out out;

	opt_begin(&opts, &tool, argc, argv);
	while (opt_next(&opts) != -1)
		path = opts.arg;
	if (!path)
		opt_usage(&opts, "-s SCHEMA is missing");
	schema = schema_xread(path);
	in = csvin_new(opts.argv, opts.argc, 0);
	out_stdout(&out);
	csvin_tie(in, &out);
	caster = caster_new(schema, in, &out);
	if (csvin_xnext(in, &header))
		caster_xheader(caster, &header);
	while (csvin_xnext_batch(in, &batch))
		caster_xbatch(caster, &batch);
	caster_free(caster);
	csvin_free(in);
	schema_free(schema);
	return (int)out_finish(&out, STATUS_DONE);
}
