/* SPDX-License-Identifier: ISC */
/*
 * bq-show - what datasets, tables and columns there are
 */
#include <string.h>

#include "catalog.h"
#include "http.h"
#include "opt.h"

static const struct option_row options[] = {
    {'j', "json", NULL, "print the table's schema, as schema files have it"},
    {'l', "long", NULL, "print the line of the table, not its columns"},
    {'v', "verbose", NULL, "tell requests and answers, without secrets"},
    {'w', "warehouse", "WAREHOUSE",
	"the warehouse; default: $SLUICE_WAREHOUSE"},
};

static const struct tool tool = {
    .name = "bq-show",
    .synopsis = "[-jlv] [-w WAREHOUSE] [DATASET | DATASET.TABLE]",
    .summary = "list datasets, tables or the columns of a table as CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "bq-show\n"
		"bq-show staging | csv-look\n"
		"bq-show -j staging.raw > raw.schema.json",
};

/* What the options say. */
struct job {
	const char *location, *operand;
	bool json, row;
};

/* Refuses what does not go together. */
static void
check(const struct opts *opts, const struct job *job)
{
	bool table = job->operand && strchr(job->operand, '.');

	if (opts->argc > 1)
		opt_usage(opts, "want one DATASET or DATASET.TABLE");
	if ((job->json || job->row) && !table)
		opt_usage(opts, "-j and -l want a DATASET.TABLE");
	if (job->json && job->row)
		opt_usage(opts, "want one of -j and -l");
}

static void
parse(struct opts *opts, struct job *job)
{
	int letter;

	while ((letter = opt_next(opts)) != -1) {
		switch (letter) {
		case 'j':
			job->json = true;
			break;
		case 'l':
			job->row = true;
			break;
		case 'v':
			http_trace(true);
			break;
		case 'w':
			job->location = opts->arg;
			break;
		}
	}
	job->operand = opts->argv[0];
	check(opts, job);
}

/* Shows a table in the way that is wanted. */
static int
show_table(const struct job *job, struct warehouse *warehouse,
    const struct warehouse_table *table, struct out *out)
{
	if (job->json)
		return catalog_schema(warehouse, table, out);
	if (job->row)
		return catalog_table(warehouse, table, out);
	return catalog_columns(warehouse, table, out);
}

static int
show(const struct job *job, struct warehouse *warehouse, struct out *out)
{
	struct warehouse_table table;
	int result;

	if (!job->operand)
		return catalog_datasets(warehouse, out);
	catalog_xparse(&table, job->operand);
	if (table.table)
		result = show_table(job, warehouse, &table, out);
	else
		result = catalog_tables(warehouse, table.dataset, out);
	warehouse_table_release(&table);
	return result;
}

int
main(int argc, char **argv)
{
	struct job job = {0};
	struct opts opts;
	struct warehouse *warehouse;
	struct out out;

	opt_begin(&opts, &tool, argc, argv);
	parse(&opts, &job);
	out_stdout(&out);
	warehouse = warehouse_xopen(job.location);
	if (show(&job, warehouse, &out))
		warehouse_die(warehouse);
	warehouse->close(warehouse);
	return (int)out_finish(&out, STATUS_DONE);
}
