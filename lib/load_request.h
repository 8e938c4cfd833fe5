/* SPDX-License-Identifier: ISC */
/*
 * load_request - what a user asks of a load
 */
#ifndef LOAD_REQUEST_H
#define LOAD_REQUEST_H

#include "warehouse.h"

/* {0} is valid and can be released; texts are borrowed. */
struct load_request {
	struct warehouse_table table;
	enum warehouse_mode mode;
	struct cols key;         /* of a merge; empty: that of the schema */
	const char *newest;      /* of a merge; NULL: updated_at */
	struct schema *schema;   /* NULL: there must be a table */
	const char *schema_name; /* or NULL */
	const char *load_id;     /* NULL: made of the content */
	const char *source;      /* or NULL */
	const char *tool;        /* its name and version */
};

/*
 * Takes one of the options that tools which load have in common: -i load id,
 * -k key, -m mode, -n newest, -s schema, -u source. Dies if it is malformed.
 */
void load_request_option(
    struct load_request *request, int letter, const char *arg);
void load_request_release(struct load_request *request);

#endif
