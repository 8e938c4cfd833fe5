/* SPDX-License-Identifier: ISC */
/*
 * bq-query - rows of a query as CSV
 *
 * With --to the same bytes go into a table, under the id bq-load would give.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "opt.h"
#include "result.h"

static const struct option_row options[] = {
    {'f', "file", "FILE", "read the SQL from a file"},
    {'k', "key", "COL[,COL]", "with -t, the key of a merge"},
    {'m', "mode", "MODE", "with -t, append, replace or merge"},
    {'n', "newest", "COL", "with -t, in a merge the row largest in COL stays"},
    {'p', "param", "NAME[:TYPE]=VALUE", "the value of @NAME; may be repeated"},
    {'s', "schema", "FILE", "with -t, the table's schema"},
    {'t', "to", "DATASET.TABLE", "load the rows into a table"},
    {'w', "warehouse", "WAREHOUSE",
	"the warehouse; default: $SLUICE_WAREHOUSE"},
};

static const struct tool tool = {
    .name = "bq-query",
    .synopsis =
	"[-p NAME[:TYPE]=VALUE]... [-w WAREHOUSE] [-t DATASET.TABLE [-m MODE] "
	"[-k COL[,COL]] [-n COL] [-s FILE]] -f FILE | SQL",
    .summary = "print the rows of a query as CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "bq-query 'SELECT * FROM staging.raw'\n"
		"bq-query -p symbol=BTCUSDT -f newest.sql",
};

/* What the options say. */
struct job {
	const char *file, *to, *location;
	struct warehouse_parameters parameters;
	struct load_request request;
};

static void
parse(struct opts *opts, struct job *job)
{
	int letter;

	while ((letter = opt_next(opts)) != -1) {
		switch (letter) {
		case 'f':
			job->file = opts->arg;
			break;
		case 'p':
			warehouse_parameters_option(
			    &job->parameters, "-p", opts->arg);
			break;
		case 't':
			job->to = opts->arg;
			break;
		case 'w':
			job->location = opts->arg;
			break;
		default:
			load_request_option(&job->request, letter, opts->arg);
		}
	}
	if (opts->argc != (job->file ? 0 : 1))
		opt_usage(opts, "want one query, or -f FILE");
	if (job->to)
		warehouse_table_xparse(&job->request.table, job->to);
}

/* Reads the SQL of -f or of the operand. */
static void
read_sql(const char *file, const char *operand, struct buf *sql)
{
	if (!file) {
		buf_puts(sql, operand);
		return;
	}
	if (io_read_file(file, sql))
		die(STATUS_TROUBLE, "%s: %s", io_name(file), strerror(errno));
	if (strlen(buf_text(sql)) != sql->len)
		die(STATUS_TROUBLE, "%s: NUL byte", io_name(file));
}

/* Loads the rows; what is printed is the receipt. */
static void
load_result(const struct job *job, struct result *result, struct out *out)
{
	struct warehouse *target = warehouse_xopen(job->location);
	struct buf receipt = {0};
	struct load *load = load_begin(target, &job->request, &result->columns,
	    buf_slice(&result->record));
	int got = 0;

	while (load && (got = result_next(result)) > 0) {
		if (load_row(load, result->fields, buf_slice(&result->record)))
			warehouse_die(target);
	}
	if (got < 0)
		warehouse_die(result->warehouse);
	if (!load || load_commit(load, &receipt))
		warehouse_die(target);
	out_slice(out, buf_slice(&receipt));
	buf_release(&receipt);
	load_free(load);
	target->close(target);
}

/* Runs the query and sends its rows where they are wanted. */
static void
run(const struct job *job, const char *sql, struct out *out)
{
	struct warehouse *warehouse = warehouse_xopen(job->location);
	struct result result;

	if (result_start(&result, warehouse, sql, &job->parameters))
		die(warehouse->status, "%s: %s",
		    job->file ? io_name(job->file) : "query",
		    buf_text(&warehouse->error));
	if (job->to)
		load_result(job, &result, out);
	else if (result_print(&result, out))
		warehouse_die(warehouse);
	result_release(&result);
	warehouse->close(warehouse);
}

int
main(int argc, char **argv)
{
	struct job job = {.request = {.tool = "bq-query " SLUICE_VERSION}};
	struct opts opts;
	struct buf sql = {0};
	struct out out;

	opt_begin(&opts, &tool, argc, argv);
	parse(&opts, &job);
	read_sql(job.file, opts.argv[0], &sql);
	out_stdout(&out);
	run(&job, buf_text(&sql), &out);
	warehouse_parameters_release(&job.parameters);
	load_request_release(&job.request);
	buf_release(&sql);
	return (int)out_finish(&out, STATUS_DONE);
}
