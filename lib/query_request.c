/* SPDX-License-Identifier: ISC */
#include "query_request.h"

#include <errno.h>
#include <string.h>

#include "http.h"
#include "io.h"
#include "json_out.h"
#include "num.h"

#define TIB 1099511627776.0

enum { LABEL_LIMIT = 63 };

/* The length of what BigQuery takes for a key or a value of a label. */
static size_t
label_part(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return len <= LABEL_LIMIT ? len : 0;
}

static void
add_label(struct cols *labels, const char *text)
{
	size_t key = label_part(text);
	bool good = key && text[key] == '=' && *text >= 'a' && *text <= 'z';

	if (good) {
		const char *value = text + key + 1;

		good = !value[label_part(value)];
	}
	if (!good)
		die(STATUS_TROUBLE,
		    "-l: '%s' is not KEY=VALUE of lower case letters, digits, "
		    "_ and -, a letter first, at most %d each",
		    text, LABEL_LIMIT);
	cols_add(labels, slice_of(text));
}

static int64_t
max_bytes(const char *text)
{
	if (!strcmp(text, "any"))
		return -1;
	return (int64_t)num_size_option("-M", text, 0);
}

static double
price(const char *text)
{
	double value;

	if (num_double(slice_of(text), &value) || value < 0)
		die(STATUS_TROUBLE, "-P: '%s' is not a price", text);
	return value;
}

bool
query_request_option(struct query_request *request, int letter, const char *arg)
{
	switch (letter) {
	case 'M':
		request->max_bytes = max_bytes(arg);
		break;
	case 'P':
		request->price = price(arg);
		break;
	case 'd':
		request->dry_run = true;
		break;
	case 'f':
		request->file = arg;
		break;
	case 'l':
		add_label(&request->labels, arg);
		break;
	case 'p':
		warehouse_parameters_option(&request->parameters, "-p", arg);
		break;
	case 'v':
		http_trace(true);
		break;
	case 'w':
		request->location = arg;
		break;
	default:
		return false;
	}
	return true;
}

void
query_request_release(struct query_request *request)
{
	buf_release(&request->sql);
	warehouse_parameters_release(&request->parameters);
	cols_release(&request->labels);
}

void
query_request_xread(struct query_request *request, const char *operand)
{
	const char *file = request->file;

	if (!file) {
		buf_puts(&request->sql, operand);
		return;
	}
	if (io_read_file(file, &request->sql))
		die(STATUS_TROUBLE, "%s: %s", io_name(file), strerror(errno));
	if (strlen(buf_text(&request->sql)) != request->sql.len)
		die(STATUS_TROUBLE, "%s: NUL byte", io_name(file));
}

struct warehouse_query
query_request_query(const struct query_request *request)
{
	return (struct warehouse_query){
	    .sql = buf_text(&request->sql),
	    .parameters = &request->parameters,
	    .max_bytes = request->max_bytes,
	    .labels = &request->labels,
	};
}

void
query_request_die(
    const struct query_request *request, struct warehouse *warehouse)
{
	struct buf error = warehouse->error;

	warehouse->error = (struct buf){0};
	buf_printf(&warehouse->error, "%s: %s",
	    request->file ? io_name(request->file) : "query", buf_text(&error));
	buf_release(&error);
	warehouse_die(warehouse);
}

void
query_request_xestimate(const struct query_request *request,
    struct warehouse *warehouse, struct buf *line)
{
	struct warehouse_query query = query_request_query(request);
	struct json_out out = {.buf = line};
	int64_t bytes;

	if (warehouse->estimate(warehouse, &query, &bytes))
		query_request_die(request, warehouse);
	json_open(&out, '{');
	json_pair_text(&out, "warehouse", warehouse->location);
	if (bytes < 0) {
		json_pair_text(&out, "bytes", NULL);
		json_pair_text(&out, "usd", NULL);
	} else {
		json_pair_int(&out, "bytes", bytes);
		json_pair_number(
		    &out, "usd", (double)bytes / TIB * request->price);
		json_pair_number(&out, "usd_per_tib", request->price);
	}
	if (bytes >= 0 && request->price == QUERY_REQUEST_PRICE)
		json_pair_text(&out, "price_since", QUERY_REQUEST_PRICE_DAY);
	json_close(&out, '}');
}
