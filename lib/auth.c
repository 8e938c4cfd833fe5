/* SPDX-License-Identifier: ISC */
#include "auth.h"

#include <stdlib.h>

struct auth {
	bool anonymous;
};

struct auth *
auth_new(const char *audience, const char *scope, bool anonymous)
{
	struct auth *auth = xcalloc(1, sizeof(*auth));

	(void)audience;
	(void)scope;
	auth->anonymous = anonymous;
	return auth;
}

void
auth_free(struct auth *auth)
{
	free(auth);
}

static const char *
variable(const char *name)
{
	const char *text = getenv(name);

	return text && *text ? text : NULL;
}

int
auth_token(struct auth *auth, const char **token, struct buf *reason,
    enum status *status)
{
	*token = variable("CLOUDSDK_AUTH_ACCESS_TOKEN");
	if (*token || auth->anonymous)
		return 0;
	buf_puts(reason, "no credentials: set CLOUDSDK_AUTH_ACCESS_TOKEN, as to"
			 " $(gcloud auth print-access-token)");
	*status = STATUS_TROUBLE;
	return -1;
}

void
auth_refused(struct auth *auth)
{
	(void)auth;
}

const char *
auth_project(struct auth *auth)
{
	(void)auth;
	return variable("GOOGLE_CLOUD_PROJECT");
}

const char *
auth_quota_project(struct auth *auth)
{
	(void)auth;
	return variable("GOOGLE_CLOUD_QUOTA_PROJECT");
}
