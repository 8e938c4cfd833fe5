/* SPDX-License-Identifier: ISC */
/*
 * http - requests with limits, and which failures are worth a repeat (libcurl)
 *
 * A session keeps its connections, and speaks HTTP/2 where TLS offers it.
 * Redirects are not followed, and only http and https are spoken. Proxies come
 * from curl's variables (http_proxy, HTTPS_PROXY, ALL_PROXY, NO_PROXY), the
 * certificates of those who may vouch for a server from CURL_CA_BUNDLE, else
 * SSL_CERT_FILE and SSL_CERT_DIR, else from the system. SLUICE_HTTP_HEADER
 * holds lines "Name: value" that are added to every request. A secret in a
 * header, that is Authorization, travels only where http_keeps_secrets().
 */
#ifndef HTTP_H
#define HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

struct http;

/*
 * A session; http_free() frees. The network and libcurl are first touched by
 * a request.
 */
struct http *http_new(void);
void http_free(struct http *http);

/* Random bits, for pauses. */
uint64_t http_random(struct http *http);

struct http_request {
	const char *method; /* NULL: "GET" */
	const char *url;
	const char *const *headers; /* "Name: value" */
	size_t nheaders;
	/*
	 * The body, piece after piece under one Content-Length. Without a
	 * piece, POST, PUT and PATCH say that it is 0.
	 */
	const struct slice *body;
	size_t nbody;
	/*
	 * Takes the bytes of a good answer as they come (http_header() works
	 * in it); another result than 0 ends the attempt, as HTTP_BROKEN.
	 * NULL: they go to the answer's body, as those of all other answers.
	 */
	int (*take)(void *user, const void *data, size_t len);
	void *user;
	int64_t milliseconds; /* for it all; 0: no limit, as streams need it */
	int stall_seconds;    /* without a byte for so long it is over */
	bool direct;          /* past all proxies */
	bool secret_url;      /* whoever has the URL has the right: not shown */
	bool secret_body;     /* holds what an answer may repeat: not shown */
};

enum http_class {
	HTTP_GOOD,      /* a status of 200 to 299 */
	HTTP_REFUSED,   /* another status that a repeat would not change */
	HTTP_TEMPORARY, /* 408, 418, 429, 5xx, no connection or no whole answer
			   in time: the same request may succeed later */
	HTTP_BROKEN,    /* no answer, and a repeat would not change that: the
			   URL, the certificate, the protocol, a limit of ours */
};

/* {0} is valid; a request reuses it, and http_answer_release() frees. */
struct http_answer {
	enum http_class class;
	int status;        /* 0: there was no answer */
	int sent;          /* how often the request went out: 0, 1, or 2 */
	struct buf body;   /* its limit holds for the answer */
	struct buf reason; /* unless HTTP_GOOD, for people: "HTTP 451" */
};

void http_answer_release(struct http_answer *answer);

/* Sends a request once and waits for its answer. */
void http_attempt(struct http *http, const struct http_request *request,
    struct http_answer *answer);

/*
 * The pauses between the attempts of one request, or of several that make one
 * operation: random, of up to base, 2 base, 4 base, .. cap (full jitter: Marc
 * Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015), and
 * never shorter than what the answer's Retry-After asks for (RFC 9110,
 * 10.2.3), until the time is over.
 */
struct http_retry {
	int base_ms, cap_ms; /* 0: 1 s and 60 s */
	int seconds;
	int attempts;             /* since the last progress */
	int64_t begun_ms, end_ms; /* of the monotonic clock */
	bool told;                /* people, that it takes longer */
};

/* Begins with seconds to go; base_ms and cap_ms are the caller's to set. */
void http_retry_begin(struct http_retry *retry, int seconds);

/* Something moved: pauses begin again with the shortest, and so does time. */
void http_retry_progress(struct http_retry *retry);

/* The milliseconds that are left, or less than 1. */
int64_t http_retry_left(const struct http_retry *retry);

/*
 * After an answer of HTTP_TEMPORARY: pauses, and returns true for the next
 * attempt; or false if a pause would not fit, with the answer's reason
 * completed. One that is still at it after 10 s says so, once, by warning().
 */
bool http_retry_pause(
    struct http *http, struct http_retry *retry, struct http_answer *answer);

/*
 * The seconds that the last answer's Retry-After asks for, which may be a
 * number or a date, the latter by the server's own clock; or -1.
 */
int64_t http_retry_after(const struct http *http);

/*
 * Sends a request, and again while the answer is HTTP_TEMPORARY and the
 * seconds for it all are not over: from pauses of up to 0.25 s to ones of
 * 30 s. A 418 or 429 without Retry-After ends it: one who is told to slow
 * down, and repeats, is banned for longer.
 */
void http_get(struct http *http, const struct http_request *request,
    int seconds, struct http_answer *answer);

/*
 * A header of the last answer by its name, case ignored, or NULL. Borrowed
 * until the next request. http_header_at() counts those of one name from 0.
 */
const char *http_header(const struct http *http, const char *name);
const char *http_header_at(
    const struct http *http, const char *name, size_t index);

/* The last answer's Date, in microseconds of the epoch: 0, or -1. */
int http_date(const struct http *http, int64_t *time);

/* Appends a text as a part of a URL: all but A-Z a-z 0-9 - . _ ~ as %XX. */
void http_escape(struct slice text, struct buf *url);

/*
 * True if nobody can listen: https, or http to this machine (localhost,
 * 127.0.0.0/8, ::1), to which requests go past all proxies.
 */
bool http_keeps_secrets(const char *url);

/*
 * From now on requests and answers are told on standard error, with all
 * secrets cut out (see redact.h), and of bodies nothing but the length and
 * what a server says about an error, unless it was sent secret_body.
 */
void http_trace(bool on);

#endif
