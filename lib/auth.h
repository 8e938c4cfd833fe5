/* SPDX-License-Identifier: ISC */
/*
 * auth - tokens for Google's services
 *
 * So far a token that CLOUDSDK_AUTH_ACCESS_TOKEN holds, or none.
 */
#ifndef AUTH_H
#define AUTH_H

#include <stdbool.h>

#include "buf.h"

struct auth;

/*
 * Credentials for an audience ("https://storage.googleapis.com/") and a scope.
 * Anonymous: without a token, unless one is given explicitly. No network yet.
 * auth_free() frees.
 */
struct auth *auth_new(const char *audience, const char *scope, bool anonymous);
void auth_free(struct auth *auth);

/*
 * A token that is good for a while, borrowed, or NULL for anonymous. 0, or -1
 * with a reason and the status to end with.
 */
int auth_token(struct auth *auth, const char **token, struct buf *reason,
    enum status *status);

/* The token was refused: the next auth_token() gets another one. */
void auth_refused(struct auth *auth);

/* The projects of the credentials or the environment, borrowed, or NULL. */
const char *auth_project(struct auth *auth);
const char *auth_quota_project(struct auth *auth);

#endif
