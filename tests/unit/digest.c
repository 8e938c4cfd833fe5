/* SPDX-License-Identifier: ISC */
#include "digest.h"
#include "check.h"

#include <string.h>

static bool
digest_is(const char *data, size_t len, size_t piece,
    const struct digest_result *want)
{
	struct digest *digest = digest_new();
	struct digest_result got;

	for (size_t at = 0; at < len; at += piece)
		digest_add(
		    digest, data + at, piece < len - at ? piece : len - at);
	digest_finish(digest, &got);
	digest_free(digest);
	return got.bytes == want->bytes && !strcmp(got.sha256, want->sha256) &&
	       !strcmp(got.md5, want->md5) && !strcmp(got.crc32c, want->crc32c);
}

/* Of printf ... | sha256sum, and of openssl md5 -binary | base64. */
static void
check_known(void)
{
	static const struct digest_result empty = {0,
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855",
	    "1B2M2Y8AsgTpgAmY7PhCfg==", "AAAAAA=="};
	static const struct digest_result abc = {3,
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad",
	    "kAFQmDzST7DWlj99KOF/cg==", "Nks/tw=="};
	static const struct digest_result digits = {9,
	    "15e2b0d3c33891ebb0f1ef609ec41942"
	    "0c20e320ce94c65fbc8c3312448eb225",
	    "JfnnlDI7RTiF9RgfG2JNCw==", "4waSgw=="};
	char sha256[DIGEST_SHA256_HEX];

	CHECK(digest_is("", 0, 1, &empty));
	CHECK(digest_is("abc", 3, 3, &abc));
	for (size_t piece = 1; piece <= 9; piece++)
		CHECK(digest_is("123456789", 9, piece, &digits));
	digest_sha256(slice_of("abc"), sha256);
	CHECK(!strcmp(sha256, abc.sha256));
	CHECK(digest_crc32c(0, "", 0) == 0);
	CHECK(digest_crc32c(0, "123456789", 9) == 0xE3069283);
}

/* RFC 3720 B.4, which prints the values with the lowest byte first. */
static void
check_rfc3720(void)
{
	static const unsigned char read_command[48] = {0x01, 0xc0, [16] = 0x14,
	    [22] = 0x04, [27] = 0x14, [31] = 0x18, [32] = 0x28, [40] = 0x02};
	unsigned char bytes[32];

	memset(bytes, 0, sizeof(bytes));
	CHECK(digest_crc32c(0, bytes, 32) == 0x8a9136aa);
	memset(bytes, 0xff, sizeof(bytes));
	CHECK(digest_crc32c(0, bytes, 32) == 0x62a8ab43);
	for (int i = 0; i < 32; i++)
		bytes[i] = (unsigned char)i;
	CHECK(digest_crc32c(0, bytes, 32) == 0x46dd794e);
	for (int i = 0; i < 32; i++)
		bytes[i] = (unsigned char)(31 - i);
	CHECK(digest_crc32c(0, bytes, 32) == 0x113fdb5c);
	CHECK(digest_crc32c(0, read_command, 48) == 0xd9963a56);
}

/* The definition: one bit at a time. */
static uint32_t
slow_crc32c(const unsigned char *data, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < 8 * len; i++) {
		crc ^= data[i / 8] >> (i % 8) & 1;
		crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
	}
	return ~crc;
}

/* Every length, start and cut of bytes that hold all values. */
static void
check_against_definition(void)
{
	unsigned char data[300];
	bool same = true;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 167 + 13);
	CHECK(digest_crc32c(0, data, 300) == slow_crc32c(data, 300));
	for (size_t from = 0; from < 9; from++) {
		for (size_t len = 0; len < 40; len++) {
			uint32_t want = slow_crc32c(data + from, len);

			for (size_t cut = 0; cut <= len; cut++) {
				uint32_t crc =
				    digest_crc32c(0, data + from, cut);

				crc = digest_crc32c(
				    crc, data + from + cut, len - cut);
				same = same && crc == want;
			}
		}
	}
	CHECK(same);
}

/* Pieces of all sizes, also those that are summed up by two threads. */
static void
check_pieces(void)
{
	static char data[300000];
	static const size_t pieces[] = {1, 100, 32767, 32768, 40000, 300000};
	struct digest *digest = digest_new();
	struct digest_result want;

	memset(data, 'x', sizeof(data));
	for (size_t i = 0; i < sizeof(data); i++)
		digest_add(digest, data + i, 1);
	digest_finish(digest, &want);
	digest_free(digest);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		CHECK(digest_is(data, sizeof(data), pieces[i], &want));
}

int
main(void)
{
	check_known();
	check_pieces();
	check_rfc3720();
	check_against_definition();
	digest_free(NULL);
	return check_done();
}
