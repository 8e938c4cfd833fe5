/* SPDX-License-Identifier: ISC */
/*
 * query_request - what a user asks of a query
 *
 * Where bytes are billed, a query that would read more than
 * QUERY_REQUEST_BYTES is refused, unless the user allows more: that is 0.61 US
 * dollars. The price of a TiB is the list price of on-demand queries in the
 * multi-region US, https://cloud.google.com/bigquery/pricing, since the day
 * below; the first TiB of a month is free, and 10 MiB the least for a table.
 */
#ifndef QUERY_REQUEST_H
#define QUERY_REQUEST_H

#include "warehouse.h"

#define QUERY_REQUEST_BYTES (INT64_C(100) << 30)
#define QUERY_REQUEST_PRICE 6.25
#define QUERY_REQUEST_PRICE_DAY "2023-07-05"

/* QUERY_REQUEST_INIT is valid and can be released; texts are borrowed. */
struct query_request {
	const char *location; /* of the warehouse; NULL: the default */
	const char *file;     /* of the SQL; NULL: an operand has it */
	struct buf sql;
	struct warehouse_parameters parameters;
	struct cols labels;
	int64_t max_bytes;
	double price;
	bool dry_run;
};

#define QUERY_REQUEST_INIT \
	{ \
		.max_bytes = QUERY_REQUEST_BYTES, .price = QUERY_REQUEST_PRICE \
	}

/*
 * Takes one of the options M max bytes, P price, d dry run, f file, l label,
 * p parameter, v verbose, w warehouse. Returns true if it is one; dies if it is
 * malformed.
 */
bool query_request_option(
    struct query_request *request, int letter, const char *arg);
void query_request_release(struct query_request *request);

/* Reads the SQL, from the file or the operand; dies if it cannot. */
void query_request_xread(struct query_request *request, const char *operand);

/* The query; borrowed from the request. */
struct warehouse_query query_request_query(const struct query_request *request);

/* Dies with the warehouse's error about the query. */
_Noreturn void query_request_die(
    const struct query_request *request, struct warehouse *warehouse);

/*
 * Appends a line of JSON: the bytes that the query would be billed for, and
 * what they cost, both null where nobody is billed. Dies if it cannot be run.
 */
void query_request_xestimate(const struct query_request *request,
    struct warehouse *warehouse, struct buf *line);

#endif
