/* SPDX-License-Identifier: ISC */
/*
 * auth_ask - asking a server for a token, which all kinds of credentials share
 *
 * Failures append a reason to ask->reason and set ask->status. What a server
 * says of an error is quoted in it, unless it repeats a secret.
 */
#ifndef AUTH_ASK_H
#define AUTH_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "http.h"
#include "json.h"

/* The scope that covers all of Google Cloud, for tokens that get tokens. */
#define AUTH_CLOUD_PLATFORM "https://www.googleapis.com/auth/cloud-platform"

/* A token under way: what for, and what came of it. */
struct auth_ask {
	struct http *http;
	const char *audience; /* NULL: only a token with the scope will do */
	const char *scope;
	int64_t earlier;     /* seconds by which to date back what is stated */
	struct buf token;    /* secret_release() frees */
	int64_t fresh_until; /* when to renew it; as in clock.h */
	int64_t ends;        /* when it is no longer good */
	struct buf reason;
	enum status status;
	struct buf error; /* the server's word: "invalid_grant"; or empty */
};

void auth_ask_release(struct auth_ask *ask);

/* Fails for good, with a reason: always -1. */
int auth_fail(struct auth_ask *ask, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * When a token that is good for so many seconds is to be renewed: 225 seconds
 * before its end, or at half of a life that is shorter than twice that.
 */
int64_t auth_fresh_until(int64_t now, int64_t seconds);

/*
 * Takes a token that is good for so many seconds: 0, or -1 if it is empty or
 * has bytes that no token has and that would not be safe in a header.
 */
int auth_take(struct auth_ask *ask, struct slice token, int64_t seconds);

/* A member of a JSON object as text, borrowed, or NULL if there is none. */
const char *auth_text(struct json *object, const char *key);

/* auth_text() that has to be there: NULL after auth_fail(). */
const char *auth_need(
    struct auth_ask *ask, struct json *object, const char *key);

/*
 * auth_text() of a URL to which secrets go, or the usual one if it is not
 * NULL: NULL after auth_fail() if it is not there, or not one that
 * http_keeps_secrets().
 */
const char *auth_need_url(struct auth_ask *ask, struct json *object,
    const char *key, const char *usual);

/* What is sent as a form (application/x-www-form-urlencoded). */
struct auth_pair {
	const char *name;
	const char *value; /* NULL: left out */
	bool secret;
};

/*
 * Sends a request, and again while that may help, for a minute in all; what
 * is secret in it is to be named by secret[]. Returns 0 with a 2xx in answer,
 * which http_answer_release() frees, or -1.
 */
int auth_send(struct auth_ask *ask, const struct http_request *request,
    const char *const *secret, struct http_answer *answer);

/*
 * Posts a form with a header, which may be NULL, to a token endpoint and takes
 * the token of the answer (RFC 6749 section 5.1): 0 or -1.
 */
int auth_post(struct auth_ask *ask, const char *url,
    const struct auth_pair *pairs, size_t npairs);

/* Takes the token of such an answer: 0 or -1. */
int auth_take_answer(struct auth_ask *ask, struct http_answer *answer);

#endif
