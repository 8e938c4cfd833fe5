/* SPDX-License-Identifier: ISC */
#include "auth_file.h"

#include <errno.h>
#include <string.h>

#include "auth_account.h"
#include "auth_external.h"
#include "secret.h"

#define OTHER_WAY \
	"not supported; use CLOUDSDK_AUTH_ACCESS_TOKEN=" \
	"$(gcloud auth print-access-token)"

#define UNIVERSE "googleapis.com"

/* The kinds that stand alone, and may also act for another. */
static const struct kind {
	const char *type;
	int (*get)(struct auth_ask *, struct json *);
} kinds[] = {
    {"service_account", auth_service_account},
    {"authorized_user", auth_user},
    {"external_account", auth_external},
};

static int
get_plain(struct auth_ask *ask, struct json *file, const char *type)
{
	const char *universe = auth_text(file, "universe_domain");

	if (universe && strcmp(universe, UNIVERSE))
		return auth_fail(ask, "its universe_domain is not " UNIVERSE);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(kinds[i].type, type))
			return kinds[i].get(ask, file);
	}
	return auth_fail(ask, "type %s: " OTHER_WAY, type);
}

/* Others' credentials first, for all of the cloud, then who they act for. */
static int
get_impersonated(struct auth_ask *ask, struct json *file)
{
	struct json *source = json_get(file, "source_credentials");
	struct auth_ask first = {
	    .http = ask->http, .scope = AUTH_CLOUD_PLATFORM};
	const char *url =
	    auth_need_url(ask, file, "service_account_impersonation_url", NULL);
	const char *type;
	int result;

	if (!url)
		return -1;
	type = auth_text(source, "type");
	if (!type)
		return auth_fail(ask, "no source_credentials with a type");
	result = get_plain(&first, source, type);
	if (result) {
		buf_puts(&ask->reason, "source_credentials: ");
		buf_add_slice(&ask->reason, buf_slice(&first.reason));
		ask->status = first.status;
	} else {
		secret_reserve(&ask->token, first.token.len);
		buf_add_slice(&ask->token, buf_slice(&first.token));
		result =
		    auth_impersonate(ask, url, json_get(file, "delegates"), 0);
	}
	auth_ask_release(&first);
	return result;
}

int
auth_file_token(struct auth_ask *ask, struct json *file)
{
	const char *type = auth_need(ask, file, "type");

	if (!type)
		return -1;
	if (!strcmp(type, "impersonated_service_account"))
		return get_impersonated(ask, file);
	return get_plain(ask, file, type);
}

/* An external account's file says where its secret is. */
static bool
holds_secret(struct json *file)
{
	const char *type = auth_text(file, "type");

	return !type || strcmp(type, "external_account");
}

struct json *
auth_file_read(const char *path, struct buf *reason)
{
	struct buf text = {0}, why = {0};
	struct json *file = NULL;
	mode_t mode;

	if (secret_read(path, &text, &mode))
		buf_puts(&why, strerror(errno));
	else
		file = json_parse(buf_slice(&text), &why);
	if (file && json_type(file) != JSON_OBJECT) {
		buf_puts(&why, "not a JSON object");
		json_free(file);
		file = NULL;
	}
	if (!file)
		buf_printf(reason, "%s: %s", path, buf_text(&why));
	else if (holds_secret(file))
		secret_warn(path, mode);
	secret_release(&text);
	buf_release(&why);
	return file;
}
