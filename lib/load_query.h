/* SPDX-License-Identifier: ISC */
/*
 * load_query - the rows of a query into a table, exactly once
 *
 * If the warehouse can load the rows by itself, none of them passes through
 * here. Else they come and are sent again, as if bq-query and bq-load were in
 * a pipe, whose loads have the same id.
 */
#ifndef LOAD_QUERY_H
#define LOAD_QUERY_H

#include "load.h"
#include "query_request.h"

/*
 * Runs the query, loads its rows and appends the receipt. Dies if something is
 * wrong.
 */
void load_xquery(const struct query_request *query,
    const struct load_request *request, struct warehouse *warehouse,
    struct buf *receipt);

#endif
