/* SPDX-License-Identifier: ISC */
#include "auth_ask.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "num.h"
#include "redact.h"
#include "secret.h"

/* Seconds: all attempts, one attempt, one without a byte. */
enum { LIMIT = 60, ATTEMPT = 30, STALL = 20 };

/* Seconds that a token is good for if nobody says. */
enum { USUAL_LIFE = 3600 };

/* The most of a server's words that a message quotes. */
enum { QUOTE_MAX = 300 };

enum { ANSWER_MAX = 256 * 1024 };

/* An error that passes, by its name in RFC 6749 or of Google's. */
static bool
passes(struct slice error)
{
	return slice_equal(error, slice_of("internal_failure")) ||
	       slice_equal(error, slice_of("server_error")) ||
	       slice_equal(error, slice_of("temporarily_unavailable"));
}

static bool
tells(struct slice text, const char *const *secret)
{
	char *copy = xslicedup(text);
	bool found = false;

	for (; secret && *secret && !found; secret++)
		found = **secret && strstr(copy, *secret);
	free(copy);
	return found;
}

/* Appends what the server says, unless it repeats a secret. */
static void
quote(struct slice text, const char *before, const char *const *secret,
    struct buf *reason)
{
	if (text.len == 0 || memchr(text.data, '\0', text.len) ||
	    tells(text, secret))
		return;
	if (text.len > QUOTE_MAX)
		text.len = QUOTE_MAX;
	buf_puts(reason, before);
	redact_add(reason, text);
}

/*
 * The words of an error: {"error": "invalid_grant", "error_description": ".."}
 * of OAuth, or {"error": {"status": "PERMISSION_DENIED", "message": ".."}}.
 */
static void
explain(struct auth_ask *ask, const struct http_answer *answer,
    const char *const *secret)
{
	struct buf ignored = {0};
	struct json *json = json_parse(buf_slice(&answer->body), &ignored);
	struct json *error = json_get(json, "error");
	struct json *word = error, *words = json_get(json, "error_description");

	if (json_type(error) == JSON_OBJECT) {
		word = json_get(error, "status");
		words = json_get(error, "message");
	}
	buf_clear(&ask->error);
	quote(json_string(word), "", secret, &ask->error);
	buf_puts(&ask->reason, buf_text(&answer->reason));
	quote(json_string(word), ": ", secret, &ask->reason);
	quote(json_string(words), ": ", secret, &ask->reason);
	json_free(json);
	buf_release(&ignored);
}

/* Makes a refusal that passes, by what its body says, a temporary one. */
static void
judge(struct http_answer *answer)
{
	struct buf ignored = {0};
	struct json *json;

	if (answer->class != HTTP_REFUSED)
		return;
	json = json_parse(buf_slice(&answer->body), &ignored);
	if (passes(json_string(json_get(json, "error"))))
		answer->class = HTTP_TEMPORARY;
	json_free(json);
	buf_release(&ignored);
}

int
auth_send(struct auth_ask *ask, const struct http_request *request,
    const char *const *secret, struct http_answer *answer)
{
	int64_t most =
	    request->milliseconds ? request->milliseconds : ATTEMPT * 1000;
	struct http_request limited = *request;
	struct http_retry retry;

	limited.stall_seconds = STALL;
	limited.secret_body = true;
	answer->body.limit = ANSWER_MAX;
	secret_reserve(&answer->body, ANSWER_MAX);
	http_retry_begin(&retry, LIMIT);
	do {
		limited.milliseconds = http_retry_left(&retry);
		if (limited.milliseconds > most)
			limited.milliseconds = most;
		http_attempt(ask->http, &limited, answer);
		judge(answer);
	} while (answer->class == HTTP_TEMPORARY &&
		 http_retry_pause(ask->http, &retry, answer));
	if (answer->class == HTTP_GOOD)
		return 0;
	explain(ask, answer, secret);
	ask->status =
	    answer->class == HTTP_TEMPORARY ? STATUS_TEMPORARY : STATUS_TROUBLE;
	return -1;
}

/* Seconds in "expires_in", a number or its text. */
static int64_t
life_of(const struct json *expires)
{
	double number = json_number(expires);
	int64_t seconds = USUAL_LIFE;

	if (json_type(expires) == JSON_NUMBER)
		seconds = number > 0 && number < 1e9 ? (int64_t)number : 0;
	else if (json_type(expires) == JSON_STRING)
		num_int64(json_string(expires), &seconds);
	return seconds;
}

int
auth_take_answer(struct auth_ask *ask, struct http_answer *answer)
{
	struct json *json = json_parse(buf_slice(&answer->body), &ask->reason);
	const char *type = auth_text(json, "token_type");
	int result;

	if (!json) {
		ask->status = STATUS_TROUBLE;
		return -1;
	}
	if (type && strcasecmp(type, "Bearer"))
		result = auth_fail(ask, "the answer's token is not a bearer's");
	else
		result =
		    auth_take(ask, json_string(json_get(json, "access_token")),
			life_of(json_get(json, "expires_in")));
	json_free(json);
	return result;
}

/* Appends pairs as a form. */
static void
add_form(const struct auth_pair *pairs, size_t npairs, struct buf *form)
{
	size_t room = 1;

	for (size_t i = 0; i < npairs; i++) {
		if (pairs[i].value)
			room += strlen(pairs[i].name) +
				3 * strlen(pairs[i].value) + 2;
	}
	secret_reserve(form, room);
	for (size_t i = 0; i < npairs; i++) {
		if (!pairs[i].value)
			continue;
		if (form->len)
			buf_putc(form, '&');
		buf_printf(form, "%s=", pairs[i].name);
		http_escape(slice_of(pairs[i].value), form);
	}
}

int
auth_post(struct auth_ask *ask, const char *url, const struct auth_pair *pairs,
    size_t npairs)
{
	static const char *const headers[] = {
	    "Content-Type: application/x-www-form-urlencoded",
	    "Accept: application/json",
	};
	const char **secret = xcalloc(npairs + 1, sizeof(*secret));
	struct http_answer answer = {0};
	struct buf form = {0};
	struct http_request request = {
	    .method = "POST",
	    .url = url,
	    .headers = headers,
	    .nheaders = 2,
	    .nbody = 1,
	};
	struct slice body;
	size_t n = 0;
	int result;

	for (size_t i = 0; i < npairs; i++) {
		if (pairs[i].secret && pairs[i].value)
			secret[n++] = pairs[i].value;
	}
	add_form(pairs, npairs, &form);
	body = buf_slice(&form);
	request.body = &body;
	result = auth_send(ask, &request, secret, &answer);
	if (!result)
		result = auth_take_answer(ask, &answer);
	secret_release(&form);
	secret_release(&answer.body);
	http_answer_release(&answer);
	free(secret);
	return result;
}
