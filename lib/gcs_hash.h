/* SPDX-License-Identifier: ISC */
/*
 * gcs_hash - the checksums in headers x-goog-hash
 *
 * "crc32c=BASE64,md5=BASE64", in any order, in one line or in several, with
 * either missing, and blanks round the commas.
 */
#ifndef GCS_HASH_H
#define GCS_HASH_H

#include "digest.h"

/* "" for one that is not there. */
struct gcs_hash {
	char crc32c[DIGEST_CRC32C_BASE64];
	char md5[DIGEST_MD5_BASE64];
};

/* Reads one of the headers. What is no checksum is passed over. */
void gcs_hash_read(const char *header, struct gcs_hash *hash);

#endif
