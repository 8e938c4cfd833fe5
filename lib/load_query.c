/* SPDX-License-Identifier: ISC */
#include "load_query.h"

#include "result.h"

/* Has the warehouse load the rows. */
static void
load_there(const struct query_request *request,
    const struct load_request *wanted, struct warehouse *warehouse,
    struct buf *receipt)
{
	struct warehouse_query query = query_request_query(request);
	struct cols columns = {0};
	struct buf header = {0};
	struct load *load;

	if (warehouse->query_columns(warehouse, &query, &columns))
		query_request_die(request, warehouse);
	for (size_t i = 0; i < columns.count; i++)
		buf_printf(&header, "%s%s", i ? "," : "", columns.names[i]);
	load = load_begin(warehouse, wanted, &columns, buf_slice(&header));
	if (!load || load_query(load, &query, &columns) ||
	    load_commit(load, receipt))
		warehouse_die(warehouse);
	load_free(load);
	buf_release(&header);
	cols_release(&columns);
}

/* Sends the rows as they come; what reads and what writes go side by side. */
static void
load_rows(struct result *result, const struct load_request *wanted,
    struct warehouse *target, struct buf *receipt)
{
	struct load *load = load_begin(
	    target, wanted, &result->columns, buf_slice(&result->record));
	int got = 0;

	while (load && (got = result_next(result)) > 0) {
		if (load_row(load, result->fields, buf_slice(&result->record)))
			warehouse_die(target);
	}
	if (got < 0)
		warehouse_die(result->warehouse);
	if (!load || load_commit(load, receipt))
		warehouse_die(target);
	warehouse_warn(target);
	load_free(load);
}

void
load_xquery(const struct query_request *request,
    const struct load_request *wanted, struct warehouse *warehouse,
    struct buf *receipt)
{
	struct warehouse_query query = query_request_query(request);
	struct warehouse *target;
	struct result result;

	if (warehouse->load_query) {
		load_there(request, wanted, warehouse, receipt);
		return;
	}
	if (result_start(&result, warehouse, &query))
		query_request_die(request, warehouse);
	target = warehouse_xopen(request->location);
	load_rows(&result, wanted, target, receipt);
	target->close(target);
	result_release(&result);
}
