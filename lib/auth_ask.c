/* SPDX-License-Identifier: ISC */
#include "auth_ask.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "hook.h"
#include "secret.h"

/* Seconds: how long before its end a token is renewed, as google-auth does. */
enum { EARLY = 225 };

/* A day: no token is good for longer. */
enum { LIFE_MAX = 86400 };

void
auth_ask_release(struct auth_ask *ask)
{
	secret_release(&ask->token);
	buf_release(&ask->reason);
	buf_release(&ask->error);
}

int
auth_fail(struct auth_ask *ask, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	buf_puts(&ask->reason, text);
	ask->status = STATUS_TROUBLE;
	return -1;
}

int64_t
auth_fresh_until(int64_t now, int64_t seconds)
{
	int64_t early = seconds < 2 * EARLY ? seconds - seconds / 2 : EARLY;

	return now + (seconds - early) * CLOCK_SECOND;
}

int
auth_take(struct auth_ask *ask, struct slice token, int64_t seconds)
{
	int64_t now = clock_now();

	if (token.len == 0)
		return auth_fail(ask, "no token in it");
	for (size_t i = 0; i < token.len; i++) {
		if (token.data[i] < '!' || token.data[i] > '~')
			return auth_fail(ask, "not a token: blanks or bytes "
					      "that none has are in it");
	}
	if (seconds < 0 || seconds > LIFE_MAX)
		seconds = seconds < 0 ? 0 : LIFE_MAX;
	secret_reserve(&ask->token, token.len);
	buf_add_slice(&ask->token, token);
	ask->ends = now + seconds * CLOCK_SECOND;
	ask->fresh_until = hook_text("SLUICE_TEST_STALE")
			       ? now
			       : auth_fresh_until(now, seconds);
	return 0;
}

const char *
auth_text(struct json *object, const char *key)
{
	struct slice text = json_string(json_get(object, key));

	/* a NUL inside would hide what is behind it */
	return text.len && !memchr(text.data, '\0', text.len) ? text.data
							      : NULL;
}

const char *
auth_need(struct auth_ask *ask, struct json *object, const char *key)
{
	const char *text = auth_text(object, key);

	if (!text)
		auth_fail(ask, "no %s in it", key);
	return text;
}

const char *
auth_need_url(struct auth_ask *ask, struct json *object, const char *key,
    const char *usual)
{
	const char *url = auth_text(object, key);

	if (!url && !usual)
		return auth_need(ask, object, key);
	if (!url || http_keeps_secrets(url))
		return url ? url : usual;
	auth_fail(ask, "its %s is not https", key);
	return NULL;
}
