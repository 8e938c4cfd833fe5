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

/* After a renewal that failed, the pause before the next. */
#define AGAIN (20 * CLOCK_SECOND)

/* Where tokens come from. */
enum source {
	SOURCE_UNKNOWN, /* not looked for yet */
	SOURCE_NOBODY,  /* requests are anonymous */
	SOURCE_TOKEN,   /* the variable that origin names */
	SOURCE_TOKEN_FILE,
	SOURCE_FILE, /* credentials */
	SOURCE_METADATA,
	SOURCE_NONE, /* there is none, and trouble says why */
};

struct auth {
	char *audience, *scope;
	bool anonymous;
	enum source source;
	char *origin;      /* variable, path or server, for messages */
	struct json *file; /* credentials, or NULL */
	struct http *http; /* made when it is needed */
	struct buf token;
	int64_t fresh_until, ends;
	struct buf refused; /* the token that was, or empty */
	struct buf trouble;
	char *project, *quota;
	bool project_known, quota_known;
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
	buf_release(&auth->trouble);
	free(auth->project);
	free(auth->quota);
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

/* Takes up a credential file, if it can be one. */
static void
use_file(struct auth *auth, const char *path)
{
	auth->file = auth_file_read(path, &auth->trouble);
	if (auth->file)
		use(auth, SOURCE_FILE, path);
}

/* Application default credentials. */
static void
find_default(struct auth *auth)
{
	const char *named = variable("GOOGLE_APPLICATION_CREDENTIALS");
	char *path;

	auth->source = SOURCE_NONE;
	if (named) {
		use_file(auth, named);
		return;
	}
	path = auth_gcloud_credentials();
	if (path) {
		use_file(auth, path);
		free(path);
		return;
	}
	if (auth_metadata_found(session(auth))) {
		use(auth, SOURCE_METADATA, "metadata server");
		return;
	}
	buf_puts(&auth->trouble,
	    "no credentials for Google Cloud: run gcloud auth "
	    "application-default login, or set GOOGLE_APPLICATION_CREDENTIALS "
	    "to a credential file or GCS_TOKEN_FILE to a file with a token");
}

/* Finds out where tokens come from, once. */
static void
find(struct auth *auth)
{
	static const char in_file[] = TOKEN "_FILE";

	if (auth->source != SOURCE_UNKNOWN)
		return;
	secret_no_core();
	if (variable("GCS_TOKEN_FILE"))
		use(auth, SOURCE_TOKEN_FILE, getenv("GCS_TOKEN_FILE"));
	else if (variable(TOKEN))
		use(auth, SOURCE_TOKEN, TOKEN);
	else if (variable(in_file))
		use(auth, SOURCE_TOKEN_FILE, getenv(in_file));
	else if (auth->anonymous)
		auth->source = SOURCE_NOBODY;
	else
		find_default(auth);
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
take_token_file(struct auth *auth, struct auth_ask *ask)
{
	const char *path = auth->origin;
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
		return take_token_file(auth, ask);
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
		auth->ends = ask.ends;
		secret_release(&auth->refused);
	}
	auth_ask_release(&ask);
	return result;
}

/*
 * Renews a token in time. Where that fails for a while, the old one serves on
 * while it is good.
 */
static int
keep_fresh(struct auth *auth, struct buf *reason, enum status *status)
{
	struct buf why = {0};
	int result = 0;

	if (auth->token.len && clock_now() < auth->fresh_until)
		return 0;
	if (renew(auth, &why, status)) {
		if (*status == STATUS_TEMPORARY && auth->token.len &&
		    clock_now() < auth->ends) {
			auth->fresh_until = clock_now() + AGAIN;
		} else {
			buf_add_slice(reason, buf_slice(&why));
			result = -1;
		}
	}
	buf_release(&why);
	return result;
}

int
auth_token(struct auth *auth, const char **token, struct buf *reason,
    enum status *status)
{
	*token = NULL;
	find(auth);
	if (auth->source == SOURCE_NONE) {
		buf_add_slice(reason, buf_slice(&auth->trouble));
		*status = STATUS_TROUBLE;
		return -1;
	}
	if (auth->source == SOURCE_NOBODY)
		return 0;
	if (keep_fresh(auth, reason, status))
		return -1;
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

/* True if a metadata server may be asked for the project. */
static bool
has_machine(struct auth *auth)
{
	if (auth->source == SOURCE_NOBODY || auth->source == SOURCE_NONE)
		return false;
	return auth->source == SOURCE_METADATA ||
	       auth_metadata_found(session(auth));
}

/* The project of what is not in a variable, or NULL. */
static char *
find_project(struct auth *auth)
{
	const char *in_file;
	char *project;

	find(auth);
	in_file = auth_text(auth->file, "project_id");
	if (in_file)
		return xstrdup(in_file);
	project = auth_gcloud_project();
	if (!project && has_machine(auth))
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
	const char *in_file;

	if (named)
		return named;
	if (!auth->quota_known) {
		find(auth);
		in_file = auth_text(auth->file, "quota_project_id");
		auth->quota = in_file ? xstrdup(in_file) : NULL;
		auth->quota_known = true;
	}
	return auth->quota;
}
