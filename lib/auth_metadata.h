/* SPDX-License-Identifier: ISC */
/*
 * auth_metadata - tokens of the machine: the metadata server
 *
 * "About VM metadata", Compute Engine; AIP-4115. It is reached without
 * proxies, at $GCE_METADATA_HOST, $GCE_METADATA_ROOT or
 * metadata.google.internal, over http, as it only is.
 */
#ifndef AUTH_METADATA_H
#define AUTH_METADATA_H

#include "auth_ask.h"

/*
 * True if there is one: where $GCE_METADATA_HOST names it, or the machine's
 * maker is Google, or where it answers at $GCE_METADATA_IP (169.254.169.254)
 * within $GCE_METADATA_TIMEOUT seconds (1). $NO_GCE_CHECK=true: there is none.
 */
bool auth_metadata_found(struct http *http);

/* The token of the machine's service account: 0 or -1, as auth_ask.h says. */
int auth_metadata_token(struct auth_ask *ask);

/* The machine's project, which the caller frees, or NULL. */
char *auth_metadata_project(struct http *http);

#endif
