/* SPDX-License-Identifier: ISC */
#include "jwt.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "json_out.h"
#include "secret.h"

enum { KEY_BITS_MIN = 2048 };

/* Base64 with the alphabet for URLs, not padded (RFC 7515 section 2). */
static void
add_base64url(const void *data, size_t len, struct buf *out)
{
	char *text = xmalloc(len / 3 * 4 + 5);
	int n = EVP_EncodeBlock((unsigned char *)text, data, (int)len);

	for (int i = 0; i < n && text[i] != '='; i++) {
		if (text[i] == '+')
			buf_putc(out, '-');
		else
			buf_putc(out, text[i] == '/' ? '_' : text[i]);
	}
	secret_wipe(text, (size_t)n);
	free(text);
}

static void
add_header(const char *key_id, struct buf *token)
{
	struct buf text = {0};
	struct json_out json = {.buf = &text};

	json_open(&json, '{');
	json_pair_text(&json, "alg", "RS256");
	json_pair_text(&json, "typ", "JWT");
	if (key_id)
		json_pair_text(&json, "kid", key_id);
	json_close(&json, '}');
	add_base64url(text.data, text.len, token);
	buf_release(&text);
}

/* In the place of libcrypto's own, which asks at the terminal. */
static int
no_passphrase(char *text, int size, int writing, void *unused)
{
	(void)text;
	(void)size;
	(void)writing;
	(void)unused;
	return -1;
}

static EVP_PKEY *
read_key(OSSL_LIB_CTX *library, struct slice pem, struct buf *reason)
{
	BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey_ex(
				  bio, NULL, no_passphrase, NULL, library, NULL)
			    : NULL;

	BIO_free(bio);
	if (!key) {
		buf_puts(reason, "not the PEM of a private key without a "
				 "passphrase");
	} else if (!EVP_PKEY_is_a(key, "RSA") ||
		   EVP_PKEY_get_bits(key) < KEY_BITS_MIN) {
		buf_printf(
		    reason, "not an RSA key of %d bits or more", KEY_BITS_MIN);
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

static int
add_signature(OSSL_LIB_CTX *library, EVP_PKEY *key, struct buf *token)
{
	size_t len = (size_t)EVP_PKEY_get_size(key);
	unsigned char *signature = xmalloc(len);
	EVP_MD_CTX *sign = EVP_MD_CTX_new();
	bool good = sign &&
		    EVP_DigestSignInit_ex(
			sign, NULL, "SHA256", library, NULL, key, NULL) > 0 &&
		    EVP_DigestSign(sign, signature, &len,
			(const unsigned char *)token->data, token->len) > 0;

	if (good) {
		buf_putc(token, '.');
		add_base64url(signature, len, token);
	}
	EVP_MD_CTX_free(sign);
	free(signature);
	return good ? 0 : -1;
}

int
jwt_sign(struct slice key, const char *key_id, struct slice claims,
    struct buf *token, struct buf *reason)
{
	struct buf made = {0};
	/* its own: the default one crashes where memory ran out in making it */
	OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();
	EVP_PKEY *rsa;
	int result = -1;

	if (!library)
		die(STATUS_TROUBLE, "out of memory");
	rsa = read_key(library, key, reason);
	if (rsa) {
		secret_reserve(&made, claims.len / 3 * 4 + JWT_ROOM);
		add_header(key_id, &made);
		buf_putc(&made, '.');
		add_base64url(claims.data, claims.len, &made);
		result = add_signature(library, rsa, &made);
		if (result)
			buf_puts(reason, "libcrypto cannot sign with it");
		else
			buf_add(token, made.data, made.len);
	}
	secret_release(&made);
	EVP_PKEY_free(rsa);
	OSSL_LIB_CTX_free(library);
	return result;
}
