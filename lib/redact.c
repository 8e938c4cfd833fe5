/* SPDX-License-Identifier: ISC */
#include "redact.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Names, or parts of them, as they are without '-' and '_'. */
static const char *const secret_names[] = {
    "authorization",
    "token",
    "secret",
    "password",
    "passwd",
    "assertion",
    "cookie",
    "credential",
    "signature",
    "privatekey",
    "encryptionkey",
    "apikey",
    "uploadid", /* also in x-guploader-uploadid */
    "xgoogupload",
};

/* Names of what is no secret, though it sounds like one. */
static const char *const open_names[] = {
    "nextpagetoken",
    "pagetoken",
    "tokentype",
    "requestedtokentype",
    "subjecttokentype",
    "xgooggcsidempotencytoken",
};

enum { NAME_MAX_BYTES = 64, PROSE_WORD = 20 };

/* What ends a value that stands alone. */
#define BLANKS "&;, \t\"'<>\r\n"

/* How values begin that are secret wherever they stand. */
static const char *const secret_beginnings[] = {
    "Bearer ",
    "Basic ",
    "ya29.",
    "eyJ",
};

struct scan {
	const char *at, *end;
	struct buf *out;
	char name[NAME_MAX_BYTES]; /* the last word, folded */
	size_t name_len;
};

static bool
is_word(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_' || byte == '-';
}

/* Bytes of tokens, percent-encoded ones too. */
static bool
is_token(char byte)
{
	return is_word(byte) || (byte && strchr(".~+/%=", byte));
}

/* The word at scan->at as a folded name; a name too long is its end. */
static size_t
read_word(struct scan *scan)
{
	const char *at = scan->at;

	scan->name_len = 0;
	for (; at < scan->end && is_word(*at); at++) {
		if (*at == '_' || *at == '-')
			continue;
		if (scan->name_len == sizeof(scan->name) - 1)
			memmove(scan->name, scan->name + 1, --scan->name_len);
		scan->name[scan->name_len++] =
		    (char)tolower((unsigned char)*at);
	}
	scan->name[scan->name_len] = '\0';
	return (size_t)(at - scan->at);
}

static bool
is_secret_name(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(open_names) / sizeof(open_names[0]); i++) {
		if (!strcmp(name, open_names[i]))
			return false;
	}
	for (i = 0; i < sizeof(secret_names) / sizeof(secret_names[0]); i++) {
		if (strstr(name, secret_names[i]))
			return true;
	}
	return false;
}

static void
keep(struct scan *scan, size_t len)
{
	buf_add(scan->out, scan->at, len);
	scan->at += len;
}

static bool
begins(const struct scan *scan, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(scan->end - scan->at) >= len &&
	       !memcmp(scan->at, text, len);
}

/* Leaves out the bytes up to one that ends it. */
static void
hide_until(struct scan *scan, const char *ends)
{
	while (scan->at < scan->end && (!*scan->at || !strchr(ends, *scan->at)))
		scan->at++;
	buf_puts(scan->out, REDACT_MARK);
}

/* A string of JSON, behind its first quote, which may hold \". */
static void
hide_string(struct scan *scan)
{
	while (scan->at < scan->end && *scan->at != '"') {
		if (*scan->at == '\\' && scan->at + 1 < scan->end)
			scan->at++;
		scan->at++;
	}
	buf_puts(scan->out, REDACT_MARK);
}

/* The bytes of [pattern] at an offset of what is left. */
static size_t
span(const struct scan *scan, size_t from, const char *pattern)
{
	size_t len = from, left = (size_t)(scan->end - scan->at);

	while (len < left && scan->at[len] && strchr(pattern, scan->at[len]))
		len++;
	return len - from;
}

/* In a sentence, "token: it is old": a word that is no word of a language. */
static void
hide_in_prose(struct scan *scan)
{
	size_t left = (size_t)(scan->end - scan->at), len = 0;
	bool digits = false;

	while (len < left && is_token(scan->at[len]))
		digits |= isdigit((unsigned char)scan->at[len++]) != 0;
	if (digits || len >= PROSE_WORD)
		hide_until(scan, BLANKS);
}

/* Behind a name: "NAME": "value", NAME=value, or NAME: value of a header. */
static void
hide_value(struct scan *scan, bool quoted, bool header)
{
	size_t len = quoted ? span(scan, 0, "\"") : 0;
	char mark;

	len += span(scan, len, " \t");
	if (!span(scan, len, "=:"))
		return;
	mark = scan->at[len++];
	len += span(scan, len, " \t");
	keep(scan, len);
	if (span(scan, 0, "\"")) {
		keep(scan, 1);
		hide_string(scan);
	} else if (quoted) {
		hide_until(scan, ",}\r\n");
	} else if (header && mark == ':') {
		hide_until(scan, "\r\n");
	} else if (mark == ':' && scan->at[-1] == ' ') {
		hide_in_prose(scan);
	} else {
		hide_until(scan, BLANKS);
	}
}

/* Of a header's URL "https://host" stays, without a user. */
static void
hide_location(struct scan *scan)
{
	static const char host[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789.-:[]";
	size_t len;

	keep(scan, 1 + span(scan, 1, " \t"));
	len = span(scan, 0, "htpsHTPS");
	if (begins(scan, "http://") || begins(scan, "https://")) {
		len += strlen("://");
		len += span(scan, len, host);
		if (span(scan, len, "/"))
			keep(scan, len + 1);
	}
	hide_until(scan, "\r\n");
}

/* What begins as a secret does: hides it, and returns true. */
static bool
hide_beginning(struct scan *scan)
{
	size_t count = sizeof(secret_beginnings) / sizeof(secret_beginnings[0]);
	size_t left = (size_t)(scan->end - scan->at);

	for (size_t i = 0; i < count; i++) {
		const char *text = secret_beginnings[i];
		size_t len = strlen(text);

		if (left <= len || strncasecmp(scan->at, text, len) ||
		    !is_token(scan->at[len]))
			continue;
		keep(scan, text[len - 1] == ' ' ? len : 0);
		while (scan->at < scan->end && is_token(*scan->at))
			scan->at++;
		buf_puts(scan->out, REDACT_MARK);
		return true;
	}
	return false;
}

/* "-----BEGIN .. KEY-----": up to the end of the block, or of all. */
static bool
hide_pem(struct scan *scan)
{
	static const char last[] = "-----END";

	if (!begins(scan, "-----BEGIN"))
		return false;
	while (scan->at < scan->end && !begins(scan, last))
		scan->at++;
	buf_puts(scan->out, REDACT_MARK);
	return true;
}

/* "//user:password@": hides what stands before the '@'. */
static void
hide_user(struct scan *scan)
{
	const char *at = scan->at + 2;

	while (at < scan->end && *at != '@' && !isspace((unsigned char)*at) &&
	       !strchr("/?#\"'<>", *at))
		at++;
	keep(scan, 2);
	if (at < scan->end && *at == '@') {
		scan->at = at;
		buf_puts(scan->out, REDACT_MARK);
	}
}

static void
take_word(struct scan *scan, bool line_begins, bool quoted)
{
	size_t len;

	if (hide_beginning(scan))
		return;
	len = read_word(scan);
	keep(scan, len);
	if (is_secret_name(scan->name))
		hide_value(scan, quoted, line_begins);
	else if (line_begins && scan->at < scan->end && *scan->at == ':' &&
		 !strcmp(scan->name, "location"))
		hide_location(scan);
}

void
redact_add(struct buf *out, struct slice text)
{
	struct scan scan = {
	    .at = text.data,
	    .end = text.data + text.len,
	    .out = out,
	};

	while (scan.at < scan.end) {
		char before = '\n';

		if (scan.at > text.data)
			before = scan.at[-1];
		if (hide_pem(&scan))
			continue;
		if (is_word(*scan.at))
			take_word(&scan, before == '\n', before == '"');
		else if (begins(&scan, "//"))
			hide_user(&scan);
		else
			keep(&scan, 1);
	}
}
