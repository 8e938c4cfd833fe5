/* SPDX-License-Identifier: ISC */
/*
 * auth_account - tokens of a service account's key and of a user's login
 */
#ifndef AUTH_ACCOUNT_H
#define AUTH_ACCOUNT_H

#include "auth_ask.h"

/*
 * "service_account". Where ask has an audience, and $SLUICE_AUTH is not
 * "grant", the token is a statement signed with the key, and nobody is asked
 * (AIP-4111); otherwise one is fetched for such a statement (RFC 7523).
 */
int auth_service_account(struct auth_ask *ask, struct json *file);

/* "authorized_user": a refresh token fetches one (RFC 6749 section 6). */
int auth_user(struct auth_ask *ask, struct json *file);

#endif
