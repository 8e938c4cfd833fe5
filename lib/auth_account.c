/* SPDX-License-Identifier: ISC */
#include "auth_account.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "json_out.h"
#include "jwt.h"
#include "secret.h"

#define TOKEN_URL "https://oauth2.googleapis.com/token"

/* The longest that Google takes a statement for. */
enum { STATED_SECONDS = 3600 };

/* A service account, as its file says. */
struct account {
	const char *email, *key, *key_id;
	int64_t now; /* in seconds */
};

/* For itself, to a service; or to the token endpoint, for a scope. */
static void
add_claims(const struct account *account, const char *audience,
    const char *scope, struct buf *claims)
{
	struct json_out json = {.buf = claims};

	json_open(&json, '{');
	json_pair_text(&json, "iss", account->email);
	if (!scope)
		json_pair_text(&json, "sub", account->email);
	json_pair_text(&json, "aud", audience);
	json_pair_int(&json, "iat", account->now);
	json_pair_int(&json, "exp", account->now + STATED_SECONDS);
	if (scope)
		json_pair_text(&json, "scope", scope);
	json_close(&json, '}');
}

static int
sign(struct auth_ask *ask, const struct account *account, const char *audience,
    const char *scope, struct buf *token)
{
	struct buf claims = {0}, why = {0};
	int result;

	add_claims(account, audience, scope, &claims);
	secret_reserve(token, claims.len * 2 + JWT_ROOM);
	result = jwt_sign(slice_of(account->key), account->key_id,
	    buf_slice(&claims), token, &why);
	if (result)
		auth_fail(ask, "private_key: %s", buf_text(&why));
	buf_release(&claims);
	buf_release(&why);
	return result;
}

static int
state(struct auth_ask *ask, const struct account *account)
{
	struct buf token = {0};
	int result = sign(ask, account, ask->audience, NULL, &token);

	if (!result)
		result = auth_take(ask, buf_slice(&token), STATED_SECONDS);
	secret_release(&token);
	return result;
}

static int
grant(struct auth_ask *ask, const struct account *account, const char *url)
{
	struct buf token = {0};
	struct auth_pair pairs[] = {
	    {"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer",
		false},
	    {"assertion", NULL, true},
	};
	int result = sign(ask, account, TOKEN_URL, ask->scope, &token);

	pairs[1].value = buf_text(&token);
	if (!result)
		result = auth_post(ask, url, pairs, 2);
	if (result && !strcmp(buf_text(&ask->error), "invalid_grant"))
		buf_puts(&ask->reason, ": the key may have been deleted, or "
				       "this machine's clock is wrong");
	secret_release(&token);
	return result;
}

/* Whether $SLUICE_AUTH asks for tokens by grant: 1, 0, or -1. */
static int
by_grant(struct auth_ask *ask)
{
	const char *way = getenv("SLUICE_AUTH");

	if (!way || !*way || !strcmp(way, "jwt"))
		return ask->audience == NULL;
	if (!strcmp(way, "grant"))
		return 1;
	return auth_fail(ask, "SLUICE_AUTH is neither jwt nor grant");
}

int
auth_service_account(struct auth_ask *ask, struct json *file)
{
	struct account account = {
	    .email = auth_need(ask, file, "client_email"),
	    .key_id = auth_text(file, "private_key_id"),
	    .now = clock_now() / CLOCK_SECOND - ask->earlier,
	};
	const char *url;
	int granted;

	if (!account.email)
		return -1;
	account.key = auth_need(ask, file, "private_key");
	url = account.key ? auth_need_url(ask, file, "token_uri", TOKEN_URL)
			  : NULL;
	if (!url)
		return -1;
	granted = by_grant(ask);
	if (granted < 0)
		return -1;
	return granted ? grant(ask, &account, url) : state(ask, &account);
}

int
auth_user(struct auth_ask *ask, struct json *file)
{
	struct auth_pair pairs[] = {
	    {"grant_type", "refresh_token", false},
	    {"client_id", NULL, false},
	    {"client_secret", NULL, true},
	    {"refresh_token", NULL, true},
	};
	const char *url;
	int result;

	for (size_t i = 1; i < 4; i++) {
		pairs[i].value = auth_need(ask, file, pairs[i].name);
		if (!pairs[i].value)
			return -1;
	}
	url = auth_need_url(ask, file, "token_uri", TOKEN_URL);
	if (!url)
		return -1;
	result = auth_post(ask, url, pairs, 4);
	if (result && !strcmp(buf_text(&ask->error), "invalid_grant"))
		buf_puts(&ask->reason, ": this login is no longer good: run "
				       "gcloud auth application-default login");
	return result;
}
