/* SPDX-License-Identifier: ISC */
/*
 * digest - SHA-256 and MD5 (libcrypto) and CRC-32C of a stream of bytes
 */
#ifndef DIGEST_H
#define DIGEST_H

#include <stdint.h>

#include "buf.h"

enum {
	DIGEST_SHA256_HEX = 65, /* 64 digits and NUL */
	DIGEST_MD5_BASE64 = 25,
	DIGEST_CRC32C_BASE64 = 9,
};

struct digest;

/* What the bytes came to; all NUL-terminated. */
struct digest_result {
	uint64_t bytes;
	char sha256[DIGEST_SHA256_HEX];    /* lower case */
	char md5[DIGEST_MD5_BASE64];       /* as Cloud Storage spells md5Hash */
	char crc32c[DIGEST_CRC32C_BASE64]; /* base64 of the big-endian value */
};

/*
 * A running digest; digest_free() frees. Dies, as xmalloc() does, if libcrypto
 * has no MD5, as where only FIPS 140 is allowed.
 */
struct digest *digest_new(void);
void digest_free(struct digest *digest);

/* Takes in more bytes; of many at a time MD5 is made in a thread beside. */
void digest_add(struct digest *digest, const void *data, size_t len);

/* What all bytes came to; the digest takes no more after it. */
void digest_finish(struct digest *digest, struct digest_result *result);

/* The SHA-256 of all that there is. */
void digest_sha256(struct slice data, char sha256[DIGEST_SHA256_HEX]);

/* CRC-32C (Castagnoli, RFC 3720 B.4) continued from crc; begin with 0. */
uint32_t digest_crc32c(uint32_t crc, const void *data, size_t len);

#endif
