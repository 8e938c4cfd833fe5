/* SPDX-License-Identifier: ISC */
/*
 * What signatures come to is for tests/auth.bats, which has openssl and
 * another reader of JWT; with a file's name this program signs.
 */
#include "jwt.h"
#include "check.h"

#include <string.h>

#include "io.h"

static bool
refused(const char *key, const char *reason)
{
	struct buf token = {0}, why = {0};
	bool good =
	    jwt_sign(slice_of(key), "id", slice_of("{}"), &token, &why) == -1 &&
	    token.len == 0 && !strcmp(buf_text(&why), reason);

	if (!good)
		printf("# %s\n", buf_text(&why));
	buf_release(&token);
	buf_release(&why);
	return good;
}

static void
check_refusals(void)
{
	static const char no_key[] =
	    "not the PEM of a private key without a passphrase";

	CHECK(refused("", no_key));
	CHECK(refused("no PEM", no_key));
	CHECK(refused("-----BEGIN PRIVATE KEY-----\nAAAA\n", no_key));
	CHECK(refused("-----BEGIN PRIVATE KEY-----\nAAAA\n"
		      "-----END PRIVATE KEY-----\n",
	    no_key));
}

/* Prints what the key in a file makes of claims. */
static int
sign(const char *path, const char *key_id, const char *claims)
{
	struct buf key = {0}, token = {0}, reason = {0};
	int result;

	if (io_read_file(path, &key))
		die(STATUS_TROUBLE, "%s: cannot be read", path);
	result = jwt_sign(
	    buf_slice(&key), key_id, slice_of(claims), &token, &reason);
	puts(buf_text(result ? &reason : &token));
	buf_release(&key);
	buf_release(&token);
	buf_release(&reason);
	return result ? STATUS_TROUBLE : STATUS_DONE;
}

int
main(int argc, char **argv)
{
	if (argc == 4)
		return sign(argv[1], *argv[2] ? argv[2] : NULL, argv[3]);
	check_refusals();
	return check_done();
}
