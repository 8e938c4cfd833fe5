/* SPDX-License-Identifier: ISC */
/*
 * auth_file - tokens by a credential file
 *
 * The file is a JSON object; its "type" says what else is in it:
 *
 *	service_account			an RSA key
 *	authorized_user			a refresh token, as gcloud's login
 *leaves external_account		a foreign token is exchanged
 *	impersonated_service_account	other credentials, and whom they act for
 */
#ifndef AUTH_FILE_H
#define AUTH_FILE_H

#include "auth_ask.h"

/*
 * Reads a credential file: its root, which json_free() frees, or NULL with a
 * reason, which begins with the path, appended to reason. Warns if others may
 * read a secret in it.
 */
struct json *auth_file_read(const char *path, struct buf *reason);

/* Gets a token: 0 or -1, as auth_ask.h says. */
int auth_file_token(struct auth_ask *ask, struct json *file);

#endif
