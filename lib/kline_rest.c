/* SPDX-License-Identifier: ISC */
#include "kline_rest.h"

#include <inttypes.h>
#include <stdlib.h>

#include "http.h"
#include "json.h"

/* A full page is below 200 KiB; the server gives up on itself after 10 s. */
enum { PAGE = 1000, BODY_LIMIT = 4 * 1024 * 1024, STALL_SECONDS = 20 };

/* Market data first; the others refuse many countries and clouds. */
static const char *const default_servers[] = {
    "https://data-api.binance.vision",
    "https://api.binance.com",
    "https://api-gcp.binance.com",
};
enum { NSERVERS = sizeof(default_servers) / sizeof(default_servers[0]) };

struct kline_rest {
	const struct cols *servers;
	struct cols defaults;
	size_t current; /* of servers */
	int seconds;
	struct http *http;
	struct http_answer answer;
};

struct kline_rest *
kline_rest_new(const struct cols *servers, int seconds)
{
	struct kline_rest *rest = xcalloc(1, sizeof(*rest));

	rest->servers = servers->count ? servers : &rest->defaults;
	for (size_t i = 0; i < NSERVERS; i++)
		cols_add(&rest->defaults, slice_of(default_servers[i]));
	rest->seconds = seconds;
	rest->http = http_new();
	rest->answer.body.limit = BODY_LIMIT;
	return rest;
}

void
kline_rest_free(struct kline_rest *rest)
{
	if (!rest)
		return;
	cols_release(&rest->defaults);
	http_free(rest->http);
	http_answer_release(&rest->answer);
	free(rest);
}

static void
make_url(const char *server, const struct kline_query *query, struct buf *url)
{
	buf_printf(url, "%s/api/v3/klines?symbol=", server);
	http_escape(slice_of(query->symbol), url);
	buf_printf(url, "&interval=%s&startTime=%" PRId64 "&limit=%d",
	    query->interval->name, query->from, PAGE);
	if (query->until < INT64_MAX)
		buf_printf(url, "&endTime=%" PRId64, query->until);
}

/* Asks the servers, from the current one on, until one serves us. */
static void
ask(struct kline_rest *rest, const struct kline_query *query)
{
	for (;;) {
		struct buf url = {0};
		struct http_request request = {
		    .stall_seconds = STALL_SECONDS,
		};

		make_url(rest->servers->names[rest->current], query, &url);
		request.url = buf_text(&url);
		http_get(rest->http, &request, rest->seconds, &rest->answer);
		buf_release(&url);
		if (rest->answer.status != 403 && rest->answer.status != 451)
			return;
		if (rest->current + 1 == rest->servers->count)
			return;
		rest->current++;
	}
}

/* The code and text in the body of a refusal, or how the body begins. */
static void
quote(struct slice body, struct buf *error)
{
	struct buf ignored = {0};
	struct json *root = json_parse(body, &ignored);
	struct slice text = json_string(json_get(root, "msg"));
	double code = json_number(json_get(root, "code"));

	if (!text.len) {
		text = body;
		if (text.len > 200)
			text.len = 200;
	}
	if (text.len)
		buf_puts(error, ": ");
	if (code < 0)
		buf_printf(error, "%.0f ", code);
	buf_add_slice(error, text);
	json_free(root);
	buf_release(&ignored);
}

static enum status
refusal(const struct kline_rest *rest, struct buf *error)
{
	const struct http_answer *answer = &rest->answer;

	buf_add_slice(error, buf_slice(&answer->reason));
	if (answer->status)
		quote(buf_slice(&answer->body), error);
	return answer->class == HTTP_TEMPORARY ? STATUS_TEMPORARY
					       : STATUS_TROUBLE;
}

/* Takes the answer: STATUS_DONE, or how to end, with a reason. */
static enum status
take_answer(struct kline_rest *rest, const struct kline_query *query,
    struct kline_page *page, int64_t *now, struct buf *error)
{
	if (rest->answer.class != HTTP_GOOD)
		return refusal(rest, error);
	if (http_date(rest->http, now)) {
		buf_puts(error, "the answer has no Date");
		return STATUS_TROUBLE;
	}
	if (kline_page_parse(page, buf_slice(&rest->answer.body), query->from,
		query->until, error))
		return STATUS_TROUBLE;
	return STATUS_DONE;
}

/* Leaves out the candles from the first one on that is open. */
static bool
cut_open(
    struct kline_page *page, const struct kline_interval *interval, int64_t now)
{
	for (size_t i = 0; i < page->count; i++) {
		int64_t end = kline_end(interval, page->klines[i].open_time);

		if (end * 1000 > now) {
			page->count = i;
			return true;
		}
	}
	return false;
}

enum status
kline_rest_next(struct kline_rest *rest, struct kline_query *query,
    struct kline_page *page, struct buf *error)
{
	struct buf reason = {0};
	enum status status;
	int64_t now;

	*page = (struct kline_page){0};
	ask(rest, query);
	status = take_answer(rest, query, page, &now, &reason);
	if (status != STATUS_DONE) {
		buf_printf(error, "%s: %s", rest->servers->names[rest->current],
		    buf_text(&reason));
		buf_release(&reason);
		return status;
	}
	query->done = page->count < PAGE;
	query->done |= cut_open(page, query->interval, now);
	if (page->count)
		query->from = page->klines[page->count - 1].open_time + 1;
	query->done |= query->from > query->until;
	return STATUS_DONE;
}
