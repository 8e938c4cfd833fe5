/* SPDX-License-Identifier: ISC */
/*
 * auth_external - tokens for tokens: workload identity and impersonation
 */
#ifndef AUTH_EXTERNAL_H
#define AUTH_EXTERNAL_H

#include "auth_ask.h"

/*
 * "external_account" (AIP-4117): a foreign token, read from the file or the
 * URL in "credential_source", is exchanged for one of Google's (RFC 8693).
 * Sources that are programs, certificates or those of AWS are refused.
 */
int auth_external(struct auth_ask *ask, struct json *file);

/*
 * With the token that ask holds, gets one of the service account that url
 * names (IAM Service Account Credentials API, generateAccessToken), good for
 * so many seconds, by way of delegates, an array or NULL.
 */
int auth_impersonate(struct auth_ask *ask, const char *url,
    struct json *delegates, int64_t seconds);

#endif
