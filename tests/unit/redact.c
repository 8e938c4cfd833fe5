/* SPDX-License-Identifier: ISC */
#include "redact.h"
#include "check.h"

#include <string.h>

static void
check(const char *text, const char *expected)
{
	struct buf out = {0};

	redact_add(&out, slice_of(text));
	printf("# %s\n", buf_text(&out));
	CHECK(!strcmp(buf_text(&out), expected));
	buf_release(&out);
}

static void
check_headers(void)
{
	check("Authorization: Bearer abc\r\nHost: h\r\n",
	    "Authorization: [hidden]\r\nHost: h\r\n");
	check("proxy-authorization:abc\n", "proxy-authorization:[hidden]\n");
	check("x-goog-iam-authorization-token: a b; c\nA: b",
	    "x-goog-iam-authorization-token: [hidden]\nA: b");
	check("Set-Cookie: a=b; c\n", "Set-Cookie: [hidden]\n");
	check("X-GUploader-UploadID: abc\r\n",
	    "X-GUploader-UploadID: [hidden]\r\n");
	check("X-Goog-Upload-Control-URL: https://x/y\n",
	    "X-Goog-Upload-Control-URL: [hidden]\n");
	check("x-goog-encryption-key: abc\n",
	    "x-goog-encryption-key: [hidden]\n");
	check("x-goog-api-key: abc\n", "x-goog-api-key: [hidden]\n");
	check("location: https://h:1/up/s?x=1\r\nA: b\r\n",
	    "location: https://h:1/[hidden]\r\nA: b\r\n");
	check("Location: /up/s?x=1\r\n", "Location: [hidden]\r\n");
	check("Location: https://u:p@h/x\r\n", "Location: [hidden]\r\n");
	check("x-goog-gcs-idempotency-token: 1-2\n",
	    "x-goog-gcs-idempotency-token: 1-2\n");
	check("Content-Location: /a\nx-goog-hash: crc32c=AA==\n",
	    "Content-Location: /a\nx-goog-hash: crc32c=AA==\n");
}

static void
check_parameters(void)
{
	check("PUT /u?uploadType=resumable&upload_id=AbC-1_2&x=y HTTP/1.1",
	    "PUT /u?uploadType=resumable&upload_id=[hidden]&x=y HTTP/1.1");
	check("grant_type=g&assertion=a.b.c&scope=s",
	    "grant_type=g&assertion=[hidden]&scope=s");
	check("client_id=i&client_secret=s%2Fx&refresh_token=1//r",
	    "client_id=i&client_secret=[hidden]&refresh_token=[hidden]");
	check("subject_token=a&subject_token_type=urn:x",
	    "subject_token=[hidden]&subject_token_type=urn:x");
	check("?pageToken=abc&prefix=a", "?pageToken=abc&prefix=a");
	check("X-Goog-Signature=ab&X-Goog-Credential=c%40d",
	    "X-Goog-Signature=[hidden]&X-Goog-Credential=[hidden]");
}

static void
check_json(void)
{
	check("{\"access_token\":\"a\\\"b\", \"expires_in\":3599}",
	    "{\"access_token\":\"[hidden]\", \"expires_in\":3599}");
	check("{\n \"accessToken\" : \"a\",\n \"x\": 1}",
	    "{\n \"accessToken\" : \"[hidden]\",\n \"x\": 1}");
	check("{\"token\":12,\"a\":1}", "{\"token\":[hidden],\"a\":1}");
	check("{\"private_key\":\"-----BEGIN X-----\\nab\\n\"}",
	    "{\"private_key\":\"[hidden]\"}");
	check("{\"refresh_token\":\"cut", "{\"refresh_token\":\"[hidden]");
	check("{\"nextPageToken\":\"abc\"}", "{\"nextPageToken\":\"abc\"}");
}

static void
check_texts(void)
{
	check("", "");
	check("with Bearer abc.d and", "with Bearer [hidden] and");
	check("a ya29.a0_x-y/z, b", "a [hidden], b");
	check("eyJhbGciOi.eyJpc3Mi.c2ln!", "[hidden]!");
	check("the eye sees", "the eye sees");
	check("invalid token: it is old", "invalid token: it is old");
	check("token expired", "token expired");
	check("bad token: a1b2. Sorry", "bad token: [hidden] Sorry");
	check("bad token: abcdefghijklmnopqrst", "bad token: [hidden]");
	check("bad token:abc", "bad token:[hidden]");
	check("http://u:p@proxy:1/ and http://a/b@c",
	    "http://[hidden]@proxy:1/ and http://a/b@c");
	check("-----BEGIN PRIVATE KEY-----\nab\n-----END PRIVATE KEY-----",
	    "[hidden]-----END PRIVATE KEY-----");
	check("-----BEGIN RSA", "[hidden]");
}

int
main(void)
{
	check_headers();
	check_parameters();
	check_json();
	check_texts();
	return check_done();
}
