/* SPDX-License-Identifier: ISC */
#include "auth.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "auth_file.h"
#include "auth_gcloud.h"
#include "auth_metadata.h"
#include "clock.h"
#include "secret.h"

#define TOKEN "CLOUDSDK_AUTH_ACCESS_TOKEN"

/* Where tokens come from. */
enum source {
	SOURCE_UNKNOWN, /* not looked for yet */
	SOURCE_NOBODY,  /* requests are anonymous */
	SOURCE_TOKEN,   /* the variable that origin names */
	SOURCE_TOKEN_FILE,
	SOURCE_FILE, /* credentials */
	SOURCE_METADATA,
};

struct auth {
	char *audience, *scope;
	bool anonymous;
	enum source source;
	char *origin;      /* variable, path or server, for messages */
	struct json *file; /* credentials, or NULL */
	struct http *http; /* made when it is needed */
	struct buf token;
	int64_t fresh_until;
	struct buf refused; /* the token that was, or empty */
	char *project;
	bool project_known;
};

struct auth *
auth_new(const char *audience, const char *scope, bool anonymous)
{
	struct auth *auth = xcalloc(1, sizeof(*auth));

	auth->audience = xstrdup(audience);
	auth->scope = xstrdup(scope);
	auth->anonymous = anonymous;
	return auth;
}

void
auth_free(struct auth *auth)
{
	if (!auth)
		return;
	secret_release(&auth->token);
	secret_release(&auth->refused);
	json_free(auth->file);
	if (auth->http)
		http_free(auth->http);
	free(auth->audience);
	free(auth->scope);
	free(auth->origin);
	free(auth->project);
	free(auth);
}

/* A variable that is set and not empty, or NULL. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static struct http *
session(struct auth *auth)
{
	if (!auth->http)
		auth->http = http_new();
	return auth->http;
}

static void
use(struct auth *auth, enum source source, const char *origin)
{
	auth->source = source;
	auth->origin = xstrdup(origin);
}

/* Takes up a credential file: 0, or -1 if it cannot be one. */
static int
use_file(struct auth *auth, const char *path, struct buf *reason)
{
	auth->file = auth_file_read(path, reason);
	if (!auth->file)
		return -1;
	use(auth, SOURCE_FILE, path);
	return 0;
}

/* Application default credentials: 0, or -1 with a reason. */
static int
find_default(struct auth *auth, struct buf *reason)
{
	const char *named = variable("GOOGLE_APPLICATION_CREDENTIALS");
	char *path;
	int result;

	if (named)
		return use_file(auth, named, reason);
	path = auth_gcloud_credentials();
	if (path) {
		result = use_file(auth, path, reason);
		free(path);
		return result;
	}
	if (auth_metadata_found(session(auth))) {
		use(auth, SOURCE_METADATA, "metadata server");
		return 0;
	}
	buf_puts(reason,
	    "no credentials for Google Cloud: run gcloud auth "
	    "application-default login, or set GOOGLE_APPLICATION_CREDENTIALS "
	    "to a credential file or GCS_TOKEN_FILE to a file with a token");
	return -1;
}

/* Finds out where tokens come from, once: 0, or -1 with a reason. */
static int
find(struct auth *auth, struct buf *reason)
{
	static const char in_file[] = TOKEN "_FILE";

	if (auth->source != SOURCE_UNKNOWN)
		return 0;
	if (variable("GCS_TOKEN_FILE"))
		use(auth, SOURCE_TOKEN_FILE, getenv("GCS_TOKEN_FILE"));
	else if (variable(TOKEN))
		use(auth, SOURCE_TOKEN, TOKEN);
	else if (variable(in_file))
		use(auth, SOURCE_TOKEN_FILE, getenv(in_file));
	else if (auth->anonymous)
		auth->source = SOURCE_NOBODY;
	else
		return find_default(auth, reason);
	return 0;
}

/* A token as it is: how long it is good for is for the service to say. */
static int
take_plain(struct auth_ask *ask, struct slice text)
{
	while (text.len && strchr(" \t\r\n", text.data[text.len - 1]))
		text.len--;
	if (auth_take(ask, text, 0))
		return -1;
	ask->fresh_until = INT64_MAX;
	return 0;
}

static int
take_token_file(struct auth_ask *ask, const char *path)
{
	struct buf text = {0};
	mode_t mode;
	int result;

	if (secret_read(path, &text, &mode)) {
		result = auth_fail(ask, "%s", strerror(errno));
	} else {
		result = take_plain(ask, buf_slice(&text));
		secret_warn(path, mode);
	}
	secret_release(&text);
	return result;
}

static int
get(struct auth *auth, struct auth_ask *ask)
{
	if (auth->source == SOURCE_TOKEN)
		return take_plain(ask, slice_of(getenv(TOKEN)));
	if (auth->source == SOURCE_TOKEN_FILE)
		return take_token_file(ask, auth->origin);
	ask->http = session(auth);
	if (auth->source == SOURCE_METADATA)
		return auth_metadata_token(ask);
	return auth_file_token(ask, auth->file);
}

/* Whether this is the token that was refused. */
static bool
is_refused(const struct auth *auth, const struct auth_ask *ask)
{
	return auth->refused.len &&
	       slice_equal(buf_slice(&ask->token), buf_slice(&auth->refused));
}

/* Gets a token, another one than was refused. */
static int
get_another(struct auth *auth, struct auth_ask *ask)
{
	bool given =
	    auth->source == SOURCE_TOKEN || auth->source == SOURCE_TOKEN_FILE;

	if (get(auth, ask))
		return -1;
	if (!is_refused(auth, ask))
		return 0;
	/* a statement of the same second has the same signature */
	ask->earlier = 1;
	if (get(auth, ask))
		return -1;
	if (!is_refused(auth, ask))
		return 0;
	return auth_fail(ask, "the token was refused%s",
	    given ? ": it has ended, as all do after an hour or so, or it is "
		    "for something else"
		  : ", and there is no other one yet");
}

static int
renew(struct auth *auth, struct buf *reason, enum status *status)
{
	struct auth_ask ask = {
	    .audience = auth->audience,
	    .scope = auth->scope,
	};
	int result = get_another(auth, &ask);

	if (result) {
		buf_printf(
		    reason, "%s: %s", auth->origin, buf_text(&ask.reason));
		*status = ask.status;
	} else {
		secret_reserve(&auth->token, ask.token.len);
		buf_add_slice(&auth->token, buf_slice(&ask.token));
		auth->fresh_until = ask.fresh_until;
		secret_release(&auth->refused);
	}
	auth_ask_release(&ask);
	return result;
}

int
auth_token(struct auth *auth, const char **token, struct buf *reason,
    enum status *status)
{
	*token = NULL;
	if (find(auth, reason)) {
		*status = STATUS_TROUBLE;
		return -1;
	}
	if (auth->source == SOURCE_NOBODY)
		return 0;
	if (auth->token.len == 0 || clock_now() >= auth->fresh_until) {
		if (renew(auth, reason, status))
			return -1;
	}
	*token = buf_text(&auth->token);
	return 0;
}

void
auth_refused(struct auth *auth)
{
	if (auth->token.len == 0)
		return;
	secret_reserve(&auth->refused, auth->token.len);
	buf_add_slice(&auth->refused, buf_slice(&auth->token));
	secret_release(&auth->token);
}

/* The project of what is not in a variable, or NULL. */
static char *
find_project(struct auth *auth)
{
	struct buf ignored = {0};
	const char *in_file;
	char *project;

	find(auth, &ignored);
	buf_release(&ignored);
	in_file = auth_text(auth->file, "project_id");
	if (in_file)
		return xstrdup(in_file);
	project = auth_gcloud_project();
	if (!project && auth->source == SOURCE_METADATA)
		project = auth_metadata_project(session(auth));
	return project;
}

const char *
auth_project(struct auth *auth)
{
	static const char *const names[] = {
	    "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (variable(names[i]))
			return variable(names[i]);
	}
	if (!auth->project_known)
		auth->project = find_project(auth);
	auth->project_known = true;
	return auth->project;
}

const char *
auth_quota_project(struct auth *auth)
{
	const char *named = variable("GOOGLE_CLOUD_QUOTA_PROJECT");
	struct buf ignored = {0};

	if (named)
		return named;
	find(auth, &ignored);
	buf_release(&ignored);
	return auth_text(auth->file, "quota_project_id");
}
