/* SPDX-License-Identifier: ISC */
#include "load_request.h"

void
load_request_option(struct load_request *request, int letter, const char *arg)
{
	switch (letter) {
	case 'i':
		request->load_id = arg;
		break;
	case 'k':
		cols_release(&request->key);
		cols_option(&request->key, "-k", arg);
		break;
	case 'm':
		request->mode = warehouse_mode_option("-m", arg);
		break;
	case 'n':
		request->newest = arg;
		break;
	case 's':
		schema_free(request->schema);
		request->schema = schema_xread(arg);
		request->schema_name = arg;
		break;
	case 'u':
		request->source = arg;
		break;
	}
}

void
load_request_release(struct load_request *request)
{
	warehouse_table_release(&request->table);
	cols_release(&request->key);
	schema_free(request->schema);
}
