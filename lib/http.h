/* SPDX-License-Identifier: ISC */
/*
 * http - requests with limits, and which failures are worth a repeat (libcurl)
 *
 * A session keeps its connections. Redirects are not followed, and only http
 * and https are spoken. Every request is bounded in time and in bytes; one
 * that fails for a while is repeated, with pauses, until its time is over.
 */
#ifndef HTTP_H
#define HTTP_H

#include <stdint.h>

#include "buf.h"

struct http;

/* A session; dies when memory runs out. http_free() frees. */
struct http *http_new(void);
void http_free(struct http *http);

/* What to get, and the limits, none of which has a default. */
struct http_request {
	const char *url;
	int seconds;       /* for it all, repeats and pauses included */
	int stall_seconds; /* an attempt without a byte for so long is over */
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
	struct buf body;   /* its limit holds for the answer */
	struct buf reason; /* unless HTTP_GOOD, for people: "HTTP 451" */
};

void http_answer_release(struct http_answer *answer);

/*
 * Sends a GET and waits for its answer. HTTP_TEMPORARY is repeated until
 * request->seconds are over: after what the answer's Retry-After asks for,
 * and a random pause of up to 0.25 s, 0.5 s, 1 s, .. 30 s (full jitter: Marc
 * Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015). A
 * pause that does not fit ends it. So does a 418 or 429 without Retry-After:
 * one who is told to slow down, and repeats, is banned for longer.
 */
void http_get(struct http *http, const struct http_request *request,
    struct http_answer *answer);

/*
 * A header of the last answer by its name, case ignored, or NULL. Borrowed
 * until the next request.
 */
const char *http_header(const struct http *http, const char *name);

/* The last answer's Date, in microseconds of the epoch: 0, or -1. */
int http_date(const struct http *http, int64_t *time);

/* Appends a text as a part of a URL: all but A-Z a-z 0-9 - . _ ~ as %XX. */
void http_escape(struct slice text, struct buf *url);

#endif
