/* SPDX-License-Identifier: ISC */
/*
 * jwt - signed statements (libcrypto)
 *
 * JSON Web Tokens in the compact form (RFC 7515 section 3.1, RFC 7519), signed
 * with RS256: RSASSA-PKCS1-v1_5 and SHA-256 (RFC 7518 section 3.3).
 */
#ifndef JWT_H
#define JWT_H

#include "buf.h"

/* A signed token is not longer than its claims by more than this, and a third.
 */
enum { JWT_ROOM = 4096 };

/*
 * Appends the token that states claims, a JSON text, signed with key, the PEM
 * of an RSA key of at least 2048 bits without a passphrase; key_id becomes
 * "kid" in its header, unless it is NULL. Returns 0, or -1 with a reason
 * appended to reason: nothing of the key or the claims is in it.
 */
int jwt_sign(struct slice key, const char *key_id, struct slice claims,
    struct buf *token, struct buf *reason);

#endif
