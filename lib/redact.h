/* SPDX-License-Identifier: ISC */
/*
 * redact - text of requests and answers without its secrets
 *
 * The one place through which a trace, and what a server says, go before they
 * are shown. Cut out, up to where the value ends, are
 *	the value of a header, or of a member or parameter NAME=, "NAME":,
 *	whose name says that it is a secret: one with authorization, token,
 *	secret, password, assertion, cookie, credential, signature, private
 *	key, encryption key, api key or upload id in it, whatever the case and
 *	whether with '_', '-' or nothing between the words; X-Goog-Upload-...;
 *	the path of the URL in a header Location;
 *	what follows "Bearer " and "Basic "; what begins as an access token
 *	of Google's does (ya29.) or as a signed JWT (eyJ); a PEM block;
 *	user and password in a URL.
 */
#ifndef REDACT_H
#define REDACT_H

#include "buf.h"

/* What stands for a secret. */
#define REDACT_MARK "[hidden]"

/* Appends a text, of one line or many, without its secrets. */
void redact_add(struct buf *out, struct slice text);

#endif
