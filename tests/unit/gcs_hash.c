/* SPDX-License-Identifier: ISC */
#include "gcs_hash.h"
#include "check.h"

#include <string.h>

static bool
reads(const char *one, const char *two, const char *crc32c, const char *md5)
{
	struct gcs_hash hash = {0};

	gcs_hash_read(one, &hash);
	if (two)
		gcs_hash_read(two, &hash);
	return !strcmp(hash.crc32c, crc32c) && !strcmp(hash.md5, md5);
}

int
main(void)
{
	const char *crc = "Nks/tw==", *md5 = "kAFQmDzST7DWlj99KOF/cg==";

	CHECK(reads(
	    "crc32c=Nks/tw==,md5=kAFQmDzST7DWlj99KOF/cg==", NULL, crc, md5));
	CHECK(reads(
	    "md5=kAFQmDzST7DWlj99KOF/cg== ,  crc32c=Nks/tw==", NULL, crc, md5));
	CHECK(
	    reads("crc32c=Nks/tw==", "md5=kAFQmDzST7DWlj99KOF/cg==", crc, md5));
	CHECK(
	    reads("md5=kAFQmDzST7DWlj99KOF/cg==", "crc32c=Nks/tw==", crc, md5));
	CHECK(reads("crc32c=Nks/tw==", NULL, crc, ""));
	CHECK(reads(",,sha1=abc,\tcrc32c=Nks/tw==,", NULL, crc, ""));
	CHECK(reads("", "", "", ""));
	CHECK(reads("crc32c=", NULL, "", ""));
	CHECK(reads("crc32c=Nks/tw=", NULL, "", ""));
	CHECK(reads("crc32c=Nks/tw===", "xcrc32c=Nks/tw==", "", ""));
	return check_done();
}
