/* SPDX-License-Identifier: ISC */
#include "http.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "clock.h"
#include "http_trace.h"
#include "num.h"
#include "opt.h"
#include "rng.h"

enum {
	CONNECT_MS = 10 * 1000,
	BUFFER_SIZE = 256 * 1024, /* bytes that libcurl moves at once */
	ERROR_LIMIT = 256 * 1024, /* of the body of an answer not good */
	TRACE_LIMIT = 4096,       /* of what a trace shows of it */
};

struct http {
	CURL *curl; /* NULL until the first request */
	uint64_t random;
	char error[CURL_ERROR_SIZE];
	const struct http_request *request; /* while it is under way */
	struct http_answer *answer;
	const char *refusal; /* why an attempt was ended by ourselves */
	size_t piece, at;    /* of the body, what is to be sent next */
};

struct http *
http_new(void)
{
	struct http *http = xcalloc(1, sizeof(*http));

	http->random = rng_mix((uint64_t)clock_now(), (uint64_t)getpid());
	return http;
}

void
http_free(struct http *http)
{
	if (!http)
		return;
	if (http->curl) {
		curl_easy_cleanup(http->curl);
		curl_global_cleanup();
	}
	free(http);
}

uint64_t
http_random(struct http *http)
{
	return rng_next(&http->random);
}

static void
start(struct http *http)
{
	if (http->curl)
		return;
	if (!curl_global_init(CURL_GLOBAL_DEFAULT))
		http->curl = curl_easy_init();
	if (!http->curl)
		die(STATUS_TROUBLE, "out of memory");
}

void
http_answer_release(struct http_answer *answer)
{
	buf_release(&answer->body);
	buf_release(&answer->reason);
}

static const char *
method_of(const struct http_request *request)
{
	return request->method ? request->method : "GET";
}

static bool
is_good(long status)
{
	return status >= 200 && status <= 299;
}

static size_t
take_body(char *data, size_t size, size_t count, void *user)
{
	struct http *http = user;
	struct buf *body = &http->answer->body;
	size_t len = size * count;
	long status = 0;

	curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
	if (is_good(status) && http->request->take) {
		if (!http->request->take(http->request->user, data, len))
			return len;
		http->refusal = "the answer was not taken";
		return 0;
	}
	if (!is_good(status) && body->len + len > ERROR_LIMIT)
		return 0;
	buf_add(body, data, len);
	if (buf_failed(body))
		http->refusal = "the answer is too long";
	return buf_failed(body) ? 0 : len;
}

static size_t
give_body(char *data, size_t size, size_t count, void *user)
{
	struct http *http = user;
	size_t room = size * count, given = 0;

	while (given < room && http->piece < http->request->nbody) {
		const struct slice *piece = &http->request->body[http->piece];
		size_t len = piece->len - http->at;

		if (len > room - given)
			len = room - given;
		if (len)
			memcpy(data + given, piece->data + http->at, len);
		given += len;
		http->at += len;
		if (http->at == piece->len) {
			http->piece++;
			http->at = 0;
		}
	}
	return given;
}

/* libcurl goes back to the beginning, for another connection. */
static int
rewind_body(void *user, curl_off_t offset, int origin)
{
	struct http *http = user;

	if (offset || origin != SEEK_SET)
		return CURL_SEEKFUNC_CANTSEEK;
	http->piece = http->at = 0;
	return CURL_SEEKFUNC_OK;
}

/* Counts requests that go out, which is more than those that are asked for. */
static void
see_request(struct http *http, struct slice head)
{
	const char *method = method_of(http->request), *end;
	size_t len = strlen(method);

	if (head.len > len && !memcmp(head.data, method, len) &&
	    head.data[len] == ' ')
		http->answer->sent++;
	if (!http_traced())
		return;
	end = memchr(head.data, '\r', head.len);
	if (http->request->secret_url && end) {
		http_trace_note("%s to an upload session", method);
		head.len -= (size_t)(end - head.data);
		head.data = end;
	}
	http_trace_text('>', head);
}

/* Of what libcurl tells, what a user of ours may need to know. */
static void
see_note(struct slice text)
{
	static const char *const wanted[] = {"Trying ", "  Trying ",
	    "Connected to ", "Re-using ", "Uses proxy ", "Establish ",
	    "connect to ", "SSL connection ", "SSL certificate ", " CAfile",
	    " subject:", " issuer:", " expire date:", "  CAfile",
	    "  subject:", "  issuer:", "  expire date:"};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		size_t len = strlen(wanted[i]);

		if (text.len >= len && !memcmp(text.data, wanted[i], len)) {
			http_trace_text('*', text);
			return;
		}
	}
}

static int
see(CURL *curl, curl_infotype type, char *data, size_t size, void *user)
{
	struct slice text = {data, size};

	(void)curl;
	if (type == CURLINFO_HEADER_OUT)
		see_request(user, text);
	else if (type == CURLINFO_HEADER_IN && http_traced())
		http_trace_text('<', text);
	else if (type == CURLINFO_TEXT && http_traced())
		see_note(text);
	return 0;
}

static enum http_class
class_of_status(int status)
{
	if (is_good(status))
		return HTTP_GOOD;
	if (status == 408 || status == 418 || status == 429 || status >= 500)
		return HTTP_TEMPORARY;
	return HTTP_REFUSED;
}

static enum http_class
class_of_failure(CURLcode code)
{
	static const CURLcode temporary[] = {
	    CURLE_COULDNT_RESOLVE_PROXY,
	    CURLE_COULDNT_RESOLVE_HOST,
	    CURLE_COULDNT_CONNECT,
	    CURLE_OPERATION_TIMEDOUT,
	    CURLE_SSL_CONNECT_ERROR,
	    CURLE_SEND_ERROR,
	    CURLE_SEND_FAIL_REWIND,
	    CURLE_RECV_ERROR,
	    CURLE_GOT_NOTHING,
	    CURLE_PARTIAL_FILE,
	    CURLE_HTTP2,
	    CURLE_HTTP2_STREAM,
	};

	for (size_t i = 0; i < sizeof(temporary) / sizeof(temporary[0]); i++) {
		if (temporary[i] == code)
			return HTTP_TEMPORARY;
	}
	return HTTP_BROKEN;
}

/* The certificates that are trusted, as the program curl looks for them. */
static void
set_trust(CURL *curl)
{
	const char *file = getenv("CURL_CA_BUNDLE");
	const char *folder = file && *file ? NULL : getenv("SSL_CERT_DIR");

	if (!file || !*file)
		file = getenv("SSL_CERT_FILE");
	if (file && *file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, file);
	if (folder && *folder)
		curl_easy_setopt(curl, CURLOPT_CAPATH, folder);
	curl_easy_setopt(
	    curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
}

/*
 * SIGPIPE: libcurl ignores it while it runs and no longer, unless it is told
 * CURLOPT_NOSIGNAL; so a reader of ours that goes away ends us as usual.
 */
static void
set_session(struct http *http)
{
	CURL *curl = http->curl;
	char agent[128];

	snprintf(agent, sizeof(agent), "%s/" SLUICE_VERSION " (sluice)",
	    die_program());
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(
	    curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, agent);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, http->error);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, http);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(curl, CURLOPT_READDATA, http);
	curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, rewind_body);
	curl_easy_setopt(curl, CURLOPT_SEEKDATA, http);
	curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, see);
	curl_easy_setopt(curl, CURLOPT_DEBUGDATA, http);
	curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, (long)BUFFER_SIZE);
	curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, (long)BUFFER_SIZE);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	set_trust(curl);
}

/* Whether the request says how long its body is, be it 0. */
static bool
has_body(const struct http_request *request)
{
	static const char *const methods[] = {"POST", "PUT", "PATCH"};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (!strcmp(method_of(request), methods[i]))
			return true;
	}
	return request->nbody > 0;
}

static void
set_request(struct http *http, const struct http_request *request)
{
	CURL *curl = http->curl;
	curl_off_t len = 0;

	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	curl_easy_setopt(
	    curl, CURLOPT_LOW_SPEED_TIME, (long)request->stall_seconds);
	/* 0 would mean for ever */
	if (request->milliseconds)
		curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
		    request->milliseconds > 0 ? (long)request->milliseconds
					      : 1L);
	if (request->direct)
		curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	for (size_t i = 0; i < request->nbody; i++)
		len += (curl_off_t)request->body[i].len;
	if (has_body(request)) {
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, len);
	}
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method_of(request));
}

static bool
is_header(const char *line, const char *name)
{
	size_t len = strlen(name);

	return !strncasecmp(line, name, len) && line[len] == ':';
}

static void
add_header(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (!longer)
		die(STATUS_TROUBLE, "out of memory");
	*list = longer;
}

/* The lines of SLUICE_HTTP_HEADER: 0, or -1 with a reason. */
static int
add_extra(struct curl_slist **list, struct buf *reason)
{
	const char *at = getenv("SLUICE_HTTP_HEADER");

	while (at && *at) {
		size_t len = strcspn(at, "\n");
		char *line = xslicedup((struct slice){at, len});
		size_t name = strcspn(line, ": \t\r");
		bool bad = len && (!name || line[name] != ':');

		if (bad)
			buf_puts(reason,
			    "SLUICE_HTTP_HEADER: a line is not 'Name: value'");
		else if (is_header(line, "Authorization"))
			buf_puts(reason,
			    "SLUICE_HTTP_HEADER: Authorization is no matter"
			    " of it");
		else if (len)
			add_header(list, line);
		free(line);
		if (reason->len)
			return -1;
		at += len + (at[len] == '\n');
	}
	return 0;
}

/* All headers of a request: 0, or -1 with a reason. */
static int
make_headers(struct http *http, const struct http_request *request,
    struct curl_slist **list, struct buf *reason)
{
	bool typed = false, secret = request->secret_url;

	for (size_t i = 0; i < request->nheaders; i++) {
		const char *line = request->headers[i];

		if (strpbrk(line, "\r\n")) {
			buf_puts(reason, "a header has a line break");
			return -1;
		}
		secret |= is_header(line, "Authorization");
		if (is_header(line, "Authorization") &&
		    !http_keeps_secrets(request->url)) {
			buf_puts(reason,
			    "a token does not travel over plain http to"
			    " another machine");
			return -1;
		}
		typed |= is_header(line, "Content-Type");
		add_header(list, line);
	}
	/* no proxy reads it either */
	if (secret && strncasecmp(request->url, "https:", 6))
		curl_easy_setopt(http->curl, CURLOPT_NOPROXY, "*");
	if (!typed)
		add_header(list, "Content-Type:");
	add_header(list, "Expect:");
	return add_extra(list, reason);
}

static void
explain(struct http *http, CURLcode code, struct http_answer *answer)
{
	if (http->refusal)
		buf_puts(&answer->reason, http->refusal);
	else if (http->error[0])
		buf_puts(&answer->reason, http->error);
	else
		buf_puts(&answer->reason, curl_easy_strerror(code));
}

/* What an attempt came to; the status counts where the body was cut by us. */
static void
judge(struct http *http, CURLcode code, struct http_answer *answer)
{
	long status = 0;

	curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
	if (code && (code != CURLE_WRITE_ERROR || is_good(status))) {
		answer->class = class_of_failure(code);
		/* what OpenSSL did not like, it will not like again */
		if (code == CURLE_SSL_CONNECT_ERROR &&
		    strstr(http->error, "routines:"))
			answer->class = HTTP_BROKEN;
		explain(http, code, answer);
		return;
	}
	answer->status = (int)status;
	answer->class = class_of_status(answer->status);
	if (answer->class != HTTP_GOOD)
		buf_printf(&answer->reason, "HTTP %d", answer->status);
}

/* The result in a line, and what a server says about an error. */
static void
trace_answer(
    const struct http_request *request, const struct http_answer *answer)
{
	struct slice body = buf_slice(&answer->body);

	if (answer->class == HTTP_GOOD) {
		http_trace_note("HTTP %d", answer->status);
		return;
	}
	if (body.len > TRACE_LIMIT)
		body.len = TRACE_LIMIT;
	if (answer->status && !request->secret_body)
		http_trace_text('<', body);
	http_trace_note("%s", buf_text(&answer->reason));
}

static void
clear(struct http *http, const struct http_request *request,
    struct http_answer *answer)
{
	buf_clear(&answer->body);
	buf_clear(&answer->reason);
	answer->class = HTTP_BROKEN;
	answer->status = 0;
	answer->sent = 0;
	http->request = request;
	http->answer = answer;
	http->refusal = NULL;
	http->error[0] = '\0';
	http->piece = http->at = 0;
}

void
http_attempt(struct http *http, const struct http_request *request,
    struct http_answer *answer)
{
	struct curl_slist *headers = NULL;
	CURLcode code;

	start(http);
	clear(http, request, answer);
	set_session(http);
	set_request(http, request);
	if (!make_headers(http, request, &headers, &answer->reason)) {
		curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, headers);
		code = curl_easy_perform(http->curl);
		judge(http, code, answer);
	}
	curl_slist_free_all(headers);
	trace_answer(request, answer);
}

const char *
http_header_at(const struct http *http, const char *name, size_t index)
{
	struct curl_header *header;

	if (!http->curl || curl_easy_header(http->curl, name, index,
			       CURLH_HEADER, -1, &header))
		return NULL;
	return header->value;
}

const char *
http_header(const struct http *http, const char *name)
{
	return http_header_at(http, name, 0);
}

/* The seconds of the epoch of a header that is a date: 0, or -1. */
static int
date_of(const char *text, int64_t *seconds)
{
	*seconds = text ? (int64_t)curl_getdate(text, NULL) : -1;
	return *seconds < 0 ? -1 : 0;
}

int
http_date(const struct http *http, int64_t *time)
{
	int64_t seconds;

	if (date_of(http_header(http, "Date"), &seconds))
		return -1;
	*time = seconds * CLOCK_SECOND;
	return 0;
}

int64_t
http_retry_after(const struct http *http)
{
	const char *text = http_header(http, "Retry-After");
	int64_t seconds, now;

	if (!text)
		return -1;
	if (!num_int64(slice_of(text), &seconds))
		return seconds < 0 ? -1 : seconds;
	if (date_of(text, &seconds))
		return -1;
	if (date_of(http_header(http, "Date"), &now))
		now = clock_now() / CLOCK_SECOND;
	return seconds > now ? seconds - now : 0;
}

void
http_escape(struct slice text, struct buf *url)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (size_t i = 0; i < text.len; i++) {
		if (memchr(plain, text.data[i], sizeof(plain) - 1))
			buf_putc(url, text.data[i]);
		else
			buf_printf(url, "%%%02X", (unsigned char)text.data[i]);
	}
}

/* A host of this machine: not what resolves to it, but what is it. */
static bool
is_loopback(const char *host)
{
	const char *digits = host + 4;
	int dots = 1;

	if (!strcasecmp(host, "localhost") || !strcmp(host, "[::1]"))
		return true;
	if (strncmp(host, "127.", 4))
		return false;
	for (; *digits; digits++) {
		if (*digits == '.')
			dots++;
		else if (*digits < '0' || *digits > '9')
			return false;
	}
	return dots == 3;
}

bool
http_keeps_secrets(const char *url)
{
	CURLU *parts = curl_url();
	char *scheme = NULL, *host = NULL;
	bool kept = false;

	if (!parts)
		die(STATUS_TROUBLE, "out of memory");
	/* by the parser that decides where a request goes */
	if (!curl_url_set(parts, CURLUPART_URL, url, 0) &&
	    !curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) &&
	    !curl_url_get(parts, CURLUPART_HOST, &host, 0))
		kept = !strcmp(scheme, "https") ||
		       (!strcmp(scheme, "http") && is_loopback(host));
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(parts);
	return kept;
}
