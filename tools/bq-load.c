/* SPDX-License-Identifier: ISC */
/*
 * bq-load - load CSV into a table, exactly once
 *
 * Nothing is committed before the input has ended well, and a load that was
 * committed is recognised by its id; so whatever happens to a run, the same
 * command again gives the state that one undisturbed run gives.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "csvin.h"
#include "http.h"
#include "io.h"
#include "load_objects.h"
#include "num.h"
#include "opt.h"
#include "producer.h"

static const struct option_row options[] = {
    {'P', "max-pending", "SECONDS",
	"wait no longer for a job of BigQuery to begin; default: for ever"},
    {'i', "load-id", "ID", "the id of the load; default: made of its content"},
    {'k', "key", "COL[,COL]", "the key of a merge; default: the schema's"},
    {'m', "mode", "MODE", "append, replace or merge; default: append"},
    {'n', "newest", "COL",
	"of a key, the row largest in COL stays; default: updated_at"},
    {'s', "schema", "FILE",
	"the table's schema; makes a table that is not there"},
    {'u', "source", "URL", "where the rows are from, for the ledger"},
    {'v', "verbose", NULL, "tell requests and answers, without secrets"},
    {'w', "warehouse", "WAREHOUSE",
	"the warehouse; default: $SLUICE_WAREHOUSE"},
};

static const struct tool tool = {
    .name = "bq-load",
    .synopsis =
	"[-P SECONDS] [-i ID] [-k COL[,COL]] [-m MODE] [-n COL] [-s FILE] "
	"[-u URL] [-v] [-w WAREHOUSE] DATASET.TABLE [URL... | -- COMMAND...]",
    .summary = "load CSV into a table, exactly once",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples =
	"bq-load -s klines.schema.json staging.raw < raw.csv\n"
	"bq-load -m merge -k symbol,open_time production.klines -- ./rows\n"
	"bq-load staging.raw gs://bucket/staging/raw/a gs://bucket/staging/raw/b",
};

/* Loads the records of an input, which the producer writes, if it ends well. */
static void
load_input(const struct load_request *request, struct warehouse *warehouse,
    struct producer *producer, struct buf *receipt)
{
	struct csvin *in = csvin_new(NULL, 0, 0);
	struct csvin_record header;
	struct cols columns = {0};
	struct load *load;

	if (!csvin_xnext(in, &header)) {
		producer_finish(producer);
		die(STATUS_TROUBLE, "%s: empty, without a header",
		    csvin_name(in));
	}
	cols_from_header(&columns, in, &header);
	load = load_begin(warehouse, request, &columns, csvin_bytes(&header));
	if (!load)
		warehouse_die(warehouse);
	load_xrecords(load, in);
	producer_finish(producer);
	if (load_commit(load, receipt))
		warehouse_die(warehouse);
	load_free(load);
	cols_release(&columns);
	csvin_free(in);
}

/* Loads what the operands behind the table name, or standard input. */
static void
load_all(const struct load_request *request, struct warehouse *warehouse,
    const struct opts *opts, struct buf *receipt)
{
	bool command = opts->argc > 2 && !strcmp(opts->argv[1], "--");
	struct producer producer;

	if (opts->argc > 1 && !command) {
		load_xobjects(warehouse, request, opts->argv + 1,
		    (size_t)opts->argc - 1, receipt);
		return;
	}
	producer_start(&producer, command ? opts->argc - 2 : 0, opts->argv + 2);
	if (dup2(producer.fd, STDIN_FILENO) < 0)
		die(STATUS_TROUBLE, "%s: %s", producer.name, strerror(errno));
	load_input(request, warehouse, &producer, receipt);
}

int
main(int argc, char **argv)
{
	struct load_request request = {.tool = "bq-load " SLUICE_VERSION};
	const char *location = NULL;
	struct warehouse *warehouse;
	struct opts opts;
	struct out out;
	struct buf receipt = {0};
	int letter, pending = 0;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		if (letter == 'w')
			location = opts.arg;
		else if (letter == 'v')
			http_trace(true);
		else if (letter == 'P')
			pending = (int)num_option("-P", opts.arg, 1, 1000000);
		else
			load_request_option(&request, letter, opts.arg);
	}
	if (opts.argc < 1 || (opts.argc == 2 && !strcmp(opts.argv[1], "--")))
		opt_usage(&opts, "want DATASET.TABLE [URL... | -- COMMAND...]");
	warehouse_table_xparse(&request.table, opts.argv[0]);
	warehouse = warehouse_xopen(location);
	warehouse->max_pending = pending;
	load_all(&request, warehouse, &opts, &receipt);
	warehouse_warn(warehouse);
	warehouse->close(warehouse);
	load_request_release(&request);
	out_stdout(&out);
	out_slice(&out, buf_slice(&receipt));
	buf_release(&receipt);
	return (int)out_finish(&out, STATUS_DONE);
}
