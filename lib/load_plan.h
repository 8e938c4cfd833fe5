/* SPDX-License-Identifier: ISC */
/*
 * load_plan - which column of a table gets which field of the input
 *
 * The part of load that is settled before the first row.
 */
#ifndef LOAD_PLAN_H
#define LOAD_PLAN_H

#include "load.h"

struct load_plan {
	struct warehouse *warehouse;
	const struct load_request *request;
	struct schema *table;       /* as the warehouse has it, or NULL */
	const struct schema *rules; /* the schema given, or else the table */
	size_t columns;             /* of the input */
	struct cols key;            /* of a merge */
	const char *newest;         /* of a merge */

	/* for each column, in the order of the table */
	const struct schema_field **fields; /* by the rules */
	long *source;                       /* the field of the input, or -1 */
	size_t nfields;
};

/*
 * Makes a plan for an input with these columns. Returns 0, or -1 with the
 * warehouse's error: schema and table do not agree, neither exists, a column
 * is unknown, or one that is required or belongs to the key is not there.
 * load_plan_release() frees in either case.
 */
int load_plan_init(struct load_plan *plan, struct warehouse *warehouse,
    const struct load_request *request, const struct cols *columns);
void load_plan_release(struct load_plan *plan);

#endif
