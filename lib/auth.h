/* SPDX-License-Identifier: ISC */
/*
 * auth - who we are to Google: credentials found, tokens made and renewed
 *
 * Credentials are looked for when they are first needed, in this order; what
 * is found first is used, and if it is broken that is an error:
 *
 *	$GCS_TOKEN_FILE				a file that holds a token
 *	$CLOUDSDK_AUTH_ACCESS_TOKEN		a token
 *	$CLOUDSDK_AUTH_ACCESS_TOKEN_FILE	a file that holds a token
 *	anonymous, if the caller says so
 *	$GOOGLE_APPLICATION_CREDENTIALS		a credential file
 *	application_default_credentials.json	in gcloud's folder
 *(auth_gcloud.h) the metadata server			auth_metadata.h
 *
 * Credential files (auth_file.h): service_account, authorized_user,
 * external_account, impersonated_service_account. A service account states
 * its own tokens by default; with SLUICE_AUTH=grant it fetches them.
 *
 * Sources: Google's AIP-4110 to 4113 and 4117, "Application Default
 * Credentials" and its kinds; RFC 6749, 7523 and 8693.
 *
 * Nothing secret is in a reason, in the environment or in an argument of a
 * program, and a process that looks for credentials leaves no core dump.
 */
#ifndef AUTH_H
#define AUTH_H

#include <stdbool.h>

#include "buf.h"

struct auth;

/*
 * Credentials for a service: its audience, "https://storage.googleapis.com/",
 * and the scopes to ask for, full and separated by blanks. No file is read yet
 * and nothing is sent. auth_free() wipes and frees.
 */
struct auth *auth_new(const char *audience, const char *scope, bool anonymous);
void auth_free(struct auth *auth);

/*
 * *token gets a token that is good for minutes at least, borrowed until the
 * next call, or NULL if requests are to be anonymous. Returns 0, or -1 with a
 * reason appended to reason and *status set: STATUS_TEMPORARY if the same may
 * go well later. Waits for other servers where it must, for a minute at most.
 */
int auth_token(struct auth *auth, const char **token, struct buf *reason,
    enum status *status);

/*
 * Tells that the last token was refused (a 401): the next auth_token() gets
 * another one, or says that there is none.
 */
void auth_refused(struct auth *auth);

/*
 * The project, borrowed, or NULL: $GOOGLE_CLOUD_PROJECT, $GCLOUD_PROJECT,
 * $CLOUDSDK_CORE_PROJECT, that of the credential file, of gcloud's
 * configuration, of the metadata server unless requests are anonymous.
 */
const char *auth_project(struct auth *auth);

/*
 * The project that pays, for x-goog-user-project, borrowed, or NULL:
 * $GOOGLE_CLOUD_QUOTA_PROJECT, or that of the credential file.
 */
const char *auth_quota_project(struct auth *auth);

#endif
