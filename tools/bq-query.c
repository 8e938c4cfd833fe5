/* SPDX-License-Identifier: ISC */
/*
 * bq-query - rows of a query as CSV
 *
 * With --to they go into a table, exactly once, and where the warehouse is a
 * service none of them comes here.
 */
#include "load_query.h"
#include "opt.h"
#include "query_request.h"
#include "result.h"

static const struct option_row options[] = {
    {'M', "max-bytes", "SIZE", "refuse to read more; default: 100G; or any"},
    {'P', "price", "USD", "of a TiB read, for -d; default: 6.25"},
    {'d', "dry-run", NULL, "only print what would be read, and its price"},
    {'f', "file", "FILE", "read the SQL from a file"},
    {'k', "key", "COL[,COL]", "with -t, the key of a merge"},
    {'l', "label", "KEY=VALUE", "stands beside the bill; may be repeated"},
    {'m', "mode", "MODE", "with -t, append, replace or merge"},
    {'n', "newest", "COL", "with -t, in a merge the row largest in COL stays"},
    {'p', "param", "NAME[:TYPE]=VALUE", "the value of @NAME; may be repeated"},
    {'s', "schema", "FILE", "with -t, the table's schema"},
    {'t', "to", "DATASET.TABLE", "load the rows into a table"},
    {'v', "verbose", NULL, "tell requests and answers, without secrets"},
    {'w', "warehouse", "WAREHOUSE",
	"the warehouse; default: $SLUICE_WAREHOUSE"},
};

static const struct tool tool = {
    .name = "bq-query",
    .synopsis =
	"[-dv] [-p NAME[:TYPE]=VALUE]... [-w WAREHOUSE] [-M SIZE] [-P USD] "
	"[-l KEY=VALUE]... [-t DATASET.TABLE [-m MODE] [-k COL[,COL]] [-n COL] "
	"[-s FILE]] -f FILE | SQL",
    .summary = "print the rows of a query as CSV",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "bq-query 'SELECT * FROM staging.raw'\n"
		"bq-query -p symbol=BTCUSDT -f newest.sql",
};

/* What the options say. */
struct job {
	const char *to;
	struct query_request query;
	struct load_request load;
};

static void
parse(struct opts *opts, struct job *job)
{
	int letter;

	while ((letter = opt_next(opts)) != -1) {
		if (letter == 't')
			job->to = opts->arg;
		else if (!query_request_option(&job->query, letter, opts->arg))
			load_request_option(&job->load, letter, opts->arg);
	}
	if (opts->argc != (job->query.file ? 0 : 1))
		opt_usage(opts, "want one query, or -f FILE");
	if (job->to)
		warehouse_table_xparse(&job->load.table, job->to);
}

/* Prints the rows. */
static void
print(const struct job *job, struct warehouse *warehouse, struct out *out)
{
	struct warehouse_query query = query_request_query(&job->query);
	struct result result;

	if (result_start(&result, warehouse, &query))
		query_request_die(&job->query, warehouse);
	if (result_print(&result, out))
		warehouse_die(warehouse);
	result_release(&result);
}

/* Loads the rows; what is printed is the receipt. */
static void
load(const struct job *job, struct warehouse *warehouse, struct out *out)
{
	struct buf receipt = {0};

	load_xquery(&job->query, &job->load, warehouse, &receipt);
	out_slice(out, buf_slice(&receipt));
	buf_release(&receipt);
}

/* Tells what the query would read. */
static void
estimate(const struct job *job, struct warehouse *warehouse, struct out *out)
{
	struct buf line = {0};

	query_request_xestimate(&job->query, warehouse, &line);
	out_slice(out, buf_slice(&line));
	buf_release(&line);
}

int
main(int argc, char **argv)
{
	struct job job = {.query = QUERY_REQUEST_INIT,
	    .load = {.tool = "bq-query " SLUICE_VERSION}};
	struct opts opts;
	struct warehouse *warehouse;
	struct out out;

	opt_begin(&opts, &tool, argc, argv);
	parse(&opts, &job);
	query_request_xread(&job.query, opts.argv[0]);
	out_stdout(&out);
	warehouse = warehouse_xopen(job.query.location);
	if (job.query.dry_run)
		estimate(&job, warehouse, &out);
	else if (job.to)
		load(&job, warehouse, &out);
	else
		print(&job, warehouse, &out);
	warehouse_warn(warehouse);
	warehouse->close(warehouse);
	query_request_release(&job.query);
	load_request_release(&job.load);
	return (int)out_finish(&out, STATUS_DONE);
}
