/* SPDX-License-Identifier: ISC */
/*
 * csv-validate - pass the records that fit a schema
 *
 * All records are read and judged, whatever the limit: the verdict and the
 * report are about the whole input.
 */
#include <inttypes.h>

#include "clock.h"
#include "csvin.h"
#include "csvout.h"
#include "io.h"
#include "opt.h"
#include "rejects.h"
#include "report.h"
#include "schema.h"
#include "validator.h"

static const struct option_row options[] = {
    {'R', "report", "FILE", "write a report there, as JSON"},
    {'m', "max-rejects", "N|N%", "rejected records to allow; default: 0"},
    {'r', "rejects", "FILE", "write the rejected records there"},
    {'s', "schema", "SCHEMA", "the table schema to check against"},
};

static const struct tool tool = {
    .name = "csv-validate",
    .synopsis = "[-R FILE] [-m N|N%] [-r FILE] -s SCHEMA [FILE...]",
    .summary = "pass the records of CSV that fit a schema",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples =
	"csv-validate -s klines.schema.json < klines.csv > good.csv\n"
	"csv-validate -s s.json -r bad.csv -R report.json -m 0.1% < a.csv",
};

struct run {
	const char *schema_path, *rejects_path, *report_path; /* or NULL */
	struct rejects_limit limit;
	struct out rejects;
	struct report_totals totals;
	bool unfit; /* the header does not fit */
};

static void
parse_options(struct run *run, struct opts *opts)
{
	int letter;

	while ((letter = opt_next(opts)) != -1) {
		switch (letter) {
		case 'R':
			run->report_path = opts->arg;
			break;
		case 'm':
			run->limit = rejects_option("-m", opts->arg);
			break;
		case 'r':
			run->rejects_path = opts->arg;
			break;
		case 's':
			run->schema_path = opts->arg;
			break;
		}
	}
	if (!run->schema_path)
		opt_usage(opts, "-s SCHEMA is missing");
}

static void
validate_all(struct run *run, struct validator *validator, struct csvin *in,
    struct out *out)
{
	struct csvin_record row;

	if (!csvin_xnext(in, &row))
		return;
	run->unfit = !validator_header(validator, &row);
	if (run->unfit)
		return;
	csvout_record(out, &row);
	if (run->rejects_path)
		rejects_header(&run->rejects, &row);
	for (; csvin_xnext(in, &row); run->totals.rows++) {
		if (validator_row(validator, &row)) {
			csvout_record(out, &row);
			continue;
		}
		run->totals.rejected++;
		if (run->rejects_path)
			rejects_row(&run->rejects, &row,
			    run->totals.labels->count,
			    validator_fault(validator));
	}
}

/* Says why not, if the input is not good enough. */
static enum status
verdict(const struct run *run, const struct validator *validator)
{
	uint64_t rejected = run->totals.rejected, rows = run->totals.rows;

	if (run->unfit)
		warning("%s: the header does not fit the schema: %s",
		    run->totals.place, validator_fault(validator).note.data);
	else if (rejects_exceed(run->limit, rejected, rows))
		warning(
		    "%" PRIu64 " of %" PRIu64 " rows rejected", rejected, rows);
	else
		return STATUS_DONE;
	return STATUS_NO;
}

int
main(int argc, char **argv)
{
	struct run run = {.totals.start = clock_now()};
	struct validator *validator;
	struct report *report;
	struct schema *schema;
	enum status status;
	struct opts opts;
	struct csvin *in;
	struct out out;

	opt_begin(&opts, &tool, argc, argv);
	parse_options(&run, &opts);
	run.totals.place = io_name(opts.argc ? opts.argv[0] : "-");
	schema = schema_xread(run.schema_path);
	if (run.rejects_path)
		out_xfile(&run.rejects, run.rejects_path);
	in = csvin_new(opts.argv, opts.argc, CSVIN_RAGGED | CSVIN_RECOVER);
	out_stdout(&out);
	csvin_tie(in, &out);
	report = report_new();
	validator = validator_xnew(schema, in, report, opts.argc > 1);
	run.totals.labels = validator_labels(validator);
	validate_all(&run, validator, in, &out);
	if (run.rejects_path)
		out_xcommit(&run.rejects);
	if (run.report_path)
		report_xwrite(report, &run.totals, run.report_path);
	status = verdict(&run, validator);
	validator_free(validator);
	report_free(report);
	csvin_free(in);
	schema_free(schema);
	return (int)out_finish(&out, status);
}
