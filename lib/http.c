/* SPDX-License-Identifier: ISC */
#include "http.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "opt.h"
#include "rng.h"

enum { CONNECT_MS = 10 * 1000, PAUSE_MS = 250, PAUSE_MAX_MS = 30 * 1000 };

struct http {
	CURL *curl;
	uint64_t jitter;
	char error[CURL_ERROR_SIZE];
};

struct http *
http_new(void)
{
	struct http *http = xcalloc(1, sizeof(*http));

	/* the first one also makes the library ready */
	http->curl = curl_easy_init();
	if (!http->curl)
		die(STATUS_TROUBLE, "out of memory");
	http->jitter = rng_mix((uint64_t)clock_now(), (uint64_t)getpid());
	return http;
}

void
http_free(struct http *http)
{
	if (!http)
		return;
	curl_easy_cleanup(http->curl);
	curl_global_cleanup();
	free(http);
}

void
http_answer_release(struct http_answer *answer)
{
	buf_release(&answer->body);
	buf_release(&answer->reason);
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static size_t
take_body(char *data, size_t size, size_t count, void *user)
{
	struct buf *body = user;

	buf_add(body, data, size * count);
	return buf_failed(body) ? 0 : size * count;
}

static enum http_class
class_of_status(int status)
{
	if (status >= 200 && status <= 299)
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

static void
explain_failure(
    const struct http *http, CURLcode code, struct http_answer *answer)
{
	if (buf_failed(&answer->body))
		buf_puts(&answer->reason, "the answer is too long");
	else if (http->error[0])
		buf_puts(&answer->reason, http->error);
	else
		buf_puts(&answer->reason, curl_easy_strerror(code));
}

/*
 * SIGPIPE: libcurl ignores it while it runs and no longer, unless it is told
 * CURLOPT_NOSIGNAL; so a reader of ours that goes away ends us as usual.
 */
static void
prepare(struct http *http, const struct http_request *request, int64_t left,
    struct http_answer *answer)
{
	CURL *curl = http->curl;

	curl_easy_reset(curl);
	http->error[0] = '\0';
	buf_clear(&answer->body);
	buf_clear(&answer->reason);
	answer->status = 0;
	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "sluice/" SLUICE_VERSION);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, http->error);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer->body);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(
	    curl, CURLOPT_LOW_SPEED_TIME, (long)request->stall_seconds);
	/* 0 would mean for ever */
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, left > 0 ? (long)left : 1L);
}

/* One attempt, in the milliseconds left. */
static void
attempt(struct http *http, const struct http_request *request, int64_t left,
    struct http_answer *answer)
{
	CURLcode code;
	long status = 0;

	prepare(http, request, left, answer);
	code = curl_easy_perform(http->curl);
	if (code) {
		answer->class = class_of_failure(code);
		explain_failure(http, code, answer);
		return;
	}
	curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
	answer->status = (int)status;
	answer->class = class_of_status(answer->status);
	if (answer->class != HTTP_GOOD)
		buf_printf(&answer->reason, "HTTP %d", answer->status);
}

static int64_t
jitter_ms(struct http *http, int attempts)
{
	uint64_t most = PAUSE_MS;

	while (--attempts && most < PAUSE_MAX_MS)
		most *= 2;
	if (most > PAUSE_MAX_MS)
		most = PAUSE_MAX_MS;
	return (int64_t)(rng_next(&http->jitter) % most);
}

/* How long to wait before the next attempt, or -1 if there is none. */
static int64_t
pause_ms(
    struct http *http, struct http_answer *answer, int attempts, int64_t left)
{
	int64_t pause = jitter_ms(http, attempts);
	curl_off_t asked = 0;

	if (answer->status && http_header(http, "Retry-After"))
		curl_easy_getinfo(http->curl, CURLINFO_RETRY_AFTER, &asked);
	else if (answer->status == 418 || answer->status == 429)
		return -1;
	if (asked <= left / 1000 && asked * 1000 + pause < left)
		return asked * 1000 + pause;
	if (asked)
		buf_printf(&answer->reason,
		    ", asks for a pause of %" CURL_FORMAT_CURL_OFF_T " s",
		    asked);
	return -1;
}

static void
pause_for(int64_t ms)
{
	struct timespec left = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&left, &left))
		continue;
}

void
http_get(struct http *http, const struct http_request *request,
    struct http_answer *answer)
{
	int64_t end = now_ms() + (int64_t)request->seconds * 1000;

	for (int attempts = 1;; attempts++) {
		int64_t pause;

		attempt(http, request, end - now_ms(), answer);
		if (answer->class != HTTP_TEMPORARY)
			return;
		pause = pause_ms(http, answer, attempts, end - now_ms());
		if (pause < 0) {
			if (attempts > 1)
				buf_printf(
				    &answer->reason, ", %d attempts", attempts);
			return;
		}
		pause_for(pause);
	}
}

const char *
http_header(const struct http *http, const char *name)
{
	struct curl_header *header;

	if (curl_easy_header(http->curl, name, 0, CURLH_HEADER, -1, &header))
		return NULL;
	return header->value;
}

int
http_date(const struct http *http, int64_t *time)
{
	const char *text = http_header(http, "Date");
	time_t seconds = text ? curl_getdate(text, NULL) : -1;

	if (seconds < 0)
		return -1;
	*time = (int64_t)seconds * CLOCK_SECOND;
	return 0;
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
