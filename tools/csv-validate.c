/* SPDX-License-Identifier: ISC */
/*
 * csv-validate - pass the records that fit a schema
 *
 * All records are read and judged, whatever the limit: the verdict and the
 * report are about the whole input.
 */
#include <inttypes.h>

#include "clock.h"
#include "distinct.h"
#include "judge.h"
#include "opt.h"
#include "suite.h"

static const struct option_row options[] = {
    {'R', "report", "FILE", "write a report there, as JSON"},
    {'j', "junit", "FILE", "write the checks there, as JUnit's XML"},
    {'m', "max-rejects", "N|N%", "rejected records to allow; default: 0"},
    {'r', "rejects", "FILE", "write the rejected records there"},
    {'s', "schema", "SCHEMA", "the table schema to check against"},
};

static const struct tool tool = {
    .name = "csv-validate",
    .synopsis = "[-R FILE] [-j FILE] [-m N|N%] [-r FILE] -s SCHEMA [FILE...]",
    .summary = "pass the records of CSV that fit a schema",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples =
	"csv-validate -s klines.schema.json < klines.csv > good.csv\n"
	"csv-validate -s s.json -r bad.csv -R report.json -m 0.1% < a.csv",
};

struct run {
	const char *schema, *rejects, *report, *junit; /* paths, or NULL */
	struct rejects_limit limit;
	struct report_totals totals;
};

static void
parse_options(struct run *run, struct opts *opts)
{
	int letter;

	while ((letter = opt_next(opts)) != -1) {
		switch (letter) {
		case 'R':
			run->report = opts->arg;
			break;
		case 'j':
			run->junit = opts->arg;
			break;
		case 'm':
			run->limit = rejects_option("-m", opts->arg);
			break;
		case 'r':
			run->rejects = opts->arg;
			break;
		case 's':
			run->schema = opts->arg;
			break;
		}
	}
	if (!run->schema)
		opt_usage(opts, "-s SCHEMA is missing");
	run->totals.place = io_name(opts->argc ? opts->argv[0] : "-");
}

/* Refuses what would overwrite something, before anything is written. */
static void
check_files(const struct run *run, const struct opts *opts)
{
	struct distinct files = {0};

	distinct_input(&files, run->schema);
	distinct_inputs(&files, opts->argv, opts->argc);
	distinct_xstdout(&files);
	distinct_xoutput(&files, run->rejects);
	distinct_xoutput(&files, run->report);
	distinct_xoutput(&files, run->junit);
	distinct_release(&files);
}

/* Says why not, if the input is not good enough. */
static enum status
verdict(const struct run *run, const struct judge *judge)
{
	if (judge->unfit)
		warning("%s: the header does not fit the schema: %s",
		    run->totals.place,
		    validator_fault(judge->validator).note.data);
	else if (rejects_exceed(run->limit, judge->rejected, judge->rows))
		warning("%" PRIu64 " of %" PRIu64 " rows rejected",
		    judge->rejected, judge->rows);
	else
		return STATUS_DONE;
	return STATUS_NO;
}

int
main(int argc, char **argv)
{
	struct run run = {.totals.start = clock_now()};
	struct report *report;
	struct schema *schema;
	struct suite *suite;
	struct judge judge = {0};
	struct out out, rejects;
	enum status status;
	struct opts opts;

	opt_begin(&opts, &tool, argc, argv);
	parse_options(&run, &opts);
	schema = schema_xread(run.schema);
	check_files(&run, &opts);
	if (run.rejects) {
		out_xfile(&rejects, run.rejects);
		judge.rejects = &rejects;
	}
	judge.in =
	    csvin_new(opts.argv, opts.argc, CSVIN_RAGGED | CSVIN_RECOVER);
	judge.out = &out;
	out_stdout(&out);
	csvin_tie(judge.in, &out);
	report = report_new();
	suite = suite_new(schema);
	judge.validator =
	    validator_xnew(schema, judge.in, report, suite, opts.argc > 1);
	judge_xall(&judge);
	run.totals.labels = validator_labels(judge.validator);
	run.totals.rows = judge.rows;
	run.totals.rejected = judge.rejected;
	if (run.rejects)
		out_xcommit(&rejects);
	if (run.report)
		report_xwrite(report, &run.totals, run.report);
	if (run.junit)
		suite_xwrite(suite, &run.totals, !judge.unfit, run.junit);
	status = verdict(&run, &judge);
	validator_free(judge.validator);
	report_free(report);
	suite_free(suite);
	csvin_free(judge.in);
	schema_free(schema);
	return (int)out_finish(&out, status);
}
