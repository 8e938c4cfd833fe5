/* SPDX-License-Identifier: ISC */
#include "digest.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "aside.h"

/* From so many bytes on MD5, half of the work, is worth a thread. */
enum { ASIDE = 32 * 1024 };

struct digest {
	/* its own: the default one crashes where memory ran out in making it */
	OSSL_LIB_CTX *library;
	EVP_MD_CTX *sha256;
	EVP_MD_CTX *md5;
	uint32_t crc32c;
	uint64_t bytes;
	struct aside *aside; /* for MD5, or NULL */
	struct slice given;  /* to it */
};

/*
 * crc_table[k][b] is what byte b does to the register when k more bytes
 * follow it ("slicing by 8"). It is linear in b: the sum of what the bits of
 * b do. The constants are the register after the bits 0x80, 0x40, ... 0x01,
 * each one the bit-reversed polynomial divided one step further.
 */
#define BIT(b, mask, value) ((b) & (mask) ? value : 0)
#define BYTE(b, v0, v1, v2, v3, v4, v5, v6, v7) \
	BIT(b, 0x80, v0) \
	^BIT(b, 0x40, v1) ^ BIT(b, 0x20, v2) ^ BIT(b, 0x10, v3) ^ \
	    BIT(b, 0x08, v4) ^ BIT(b, 0x04, v5) ^ BIT(b, 0x02, v6) ^ \
	    BIT(b, 0x01, v7)
#define BYTES4(b, ...) \
	BYTE(b, __VA_ARGS__), BYTE((b) + 1, __VA_ARGS__), \
	    BYTE((b) + 2, __VA_ARGS__), BYTE((b) + 3, __VA_ARGS__)
#define BYTES16(b, ...) \
	BYTES4(b, __VA_ARGS__), BYTES4((b) + 4, __VA_ARGS__), \
	    BYTES4((b) + 8, __VA_ARGS__), BYTES4((b) + 12, __VA_ARGS__)
#define BYTES64(b, ...) \
	BYTES16(b, __VA_ARGS__), BYTES16((b) + 16, __VA_ARGS__), \
	    BYTES16((b) + 32, __VA_ARGS__), BYTES16((b) + 48, __VA_ARGS__)
#define ROW(...) \
	{ \
		BYTES64(0, __VA_ARGS__), BYTES64(64, __VA_ARGS__), \
		    BYTES64(128, __VA_ARGS__), BYTES64(192, __VA_ARGS__) \
	}

static const uint32_t crc_table[8][256] = {
    ROW(0x82f63b78, 0x417b1dbc, 0x20bd8ede, 0x105ec76f, 0x8ad958cf, 0xc79a971f,
	0xe13b70f7, 0xf26b8303),
    ROW(0xfbc3faf9, 0xff17c604, 0x7f8be302, 0x3fc5f181, 0x9d14c3b8, 0x4e8a61dc,
	0x274530ee, 0x13a29877),
    ROW(0x8b277743, 0xc76580d9, 0xe144fb14, 0x70a27d8a, 0x38513ec5, 0x9edea41a,
	0x4f6f520d, 0xa541927e),
    ROW(0x52a0c93f, 0xaba65fe7, 0xd725148b, 0xe964b13d, 0xf64463e6, 0x7b2231f3,
	0xbf672381, 0xdd45aab8),
    ROW(0x6ea2d55c, 0x37516aae, 0x1ba8b557, 0x8f2261d3, 0xc5670b91, 0xe045beb0,
	0x7022df58, 0x38116fac),
    ROW(0x1c08b7d6, 0x0e045beb, 0x85f4168d, 0xc00c303e, 0x6006181f, 0xb2f53777,
	0xdb8ca0c3, 0xef306b19),
    ROW(0xf56e0ef4, 0x7ab7077a, 0x3d5b83bd, 0x9c5bfaa6, 0x4e2dfd53, 0xa5e0c5d1,
	0xd0065990, 0x68032cc8),
    ROW(0x34019664, 0x1a00cb32, 0x0d006599, 0x847609b4, 0x423b04da, 0x211d826d,
	0x9278fa4e, 0x493c7d27),
};

/* The register after 8 more bytes. */
static uint32_t
crc_eight(uint32_t crc, const unsigned char *p)
{
	return crc_table[7][p[0] ^ (crc & 0xff)] ^
	       crc_table[6][p[1] ^ (crc >> 8 & 0xff)] ^
	       crc_table[5][p[2] ^ (crc >> 16 & 0xff)] ^
	       crc_table[4][p[3] ^ (crc >> 24)] ^ crc_table[3][p[4]] ^
	       crc_table[2][p[5]] ^ crc_table[1][p[6]] ^ crc_table[0][p[7]];
}

uint32_t
digest_crc32c(uint32_t crc, const void *data, size_t len)
{
	const unsigned char *p = data;

	crc = ~crc;
	for (; len >= 8; len -= 8, p += 8)
		crc = crc_eight(crc, p);
	for (; len; len--, p++)
		crc = crc >> 8 ^ crc_table[0][*p ^ (crc & 0xff)];
	return ~crc;
}

/* A running hash; there is no way to go on without one. */
static EVP_MD_CTX *
hash_new(OSSL_LIB_CTX *library, const char *name)
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	EVP_MD *type = EVP_MD_fetch(library, name, NULL);

	if (!hash || !type || !EVP_DigestInit_ex(hash, type, NULL))
		die(STATUS_TROUBLE, "%s: not available in libcrypto", name);
	EVP_MD_free(type);
	return hash;
}

struct digest *
digest_new(void)
{
	struct digest *digest = xcalloc(1, sizeof(*digest));
	OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();

	if (!library)
		die(STATUS_TROUBLE, "out of memory");
	digest->library = library;
	digest->sha256 = hash_new(library, "SHA256");
	digest->md5 = hash_new(library, "MD5");
	return digest;
}

void
digest_free(struct digest *digest)
{
	if (!digest)
		return;
	aside_free(digest->aside);
	EVP_MD_CTX_free(digest->sha256);
	EVP_MD_CTX_free(digest->md5);
	OSSL_LIB_CTX_free(digest->library);
	free(digest);
}

static void
add_md5(void *user)
{
	struct digest *digest = user;

	EVP_DigestUpdate(digest->md5, digest->given.data, digest->given.len);
}

static void
add_others(struct digest *digest)
{
	struct slice given = digest->given;

	EVP_DigestUpdate(digest->sha256, given.data, given.len);
	digest->crc32c = digest_crc32c(digest->crc32c, given.data, given.len);
	digest->bytes += given.len;
}

void
digest_add(struct digest *digest, const void *data, size_t len)
{
	digest->given = (struct slice){data, len};
	if (len >= ASIDE && !digest->aside)
		digest->aside = aside_new();
	if (len < ASIDE || !digest->aside) {
		add_md5(digest);
		add_others(digest);
		return;
	}
	aside_start(digest->aside, add_md5, digest);
	add_others(digest);
	aside_wait(digest->aside);
}

void
digest_finish(struct digest *digest, struct digest_result *result)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	uint32_t crc = digest->crc32c;
	unsigned len;

	*result = (struct digest_result){.bytes = digest->bytes};
	EVP_DigestFinal_ex(digest->sha256, sum, &len);
	for (unsigned i = 0; i < len; i++) {
		result->sha256[2 * i] = digits[sum[i] >> 4];
		result->sha256[2 * i + 1] = digits[sum[i] & 15];
	}
	EVP_DigestFinal_ex(digest->md5, sum, &len);
	EVP_EncodeBlock((unsigned char *)result->md5, sum, (int)len);
	for (int i = 0; i < 4; i++)
		sum[i] = (unsigned char)(crc >> (24 - 8 * i));
	EVP_EncodeBlock((unsigned char *)result->crc32c, sum, 4);
}

void
digest_sha256(struct slice data, char sha256[DIGEST_SHA256_HEX])
{
	struct digest *digest = digest_new();
	struct digest_result result;

	digest_add(digest, data.data, data.len);
	digest_finish(digest, &result);
	digest_free(digest);
	memcpy(sha256, result.sha256, DIGEST_SHA256_HEX);
}
