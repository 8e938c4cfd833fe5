/* SPDX-License-Identifier: ISC */
#include "gcp_error.h"

#include <string.h>
#include <strings.h>

#include "json.h"
#include "redact.h"

/* The words of RFC 9110 for what comes without any of its own. */
static const char *
phrase_of(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
	    {301, "a redirect, which is not followed"},
	    {302, "a redirect, which is not followed"},
	    {307, "a redirect, which is not followed"},
	    {308, "a redirect, which is not followed"},
	    {400, "bad request"},
	    {401, "unauthorized"},
	    {403, "forbidden"},
	    {404, "not found"},
	    {405, "method not allowed"},
	    {407, "the proxy wants to know who asks"},
	    {408, "request timeout"},
	    {409, "conflict"},
	    {410, "gone"},
	    {411, "length required"},
	    {412, "precondition failed"},
	    {413, "content too large"},
	    {416, "range not satisfiable"},
	    {429, "too many requests"},
	    {500, "internal server error"},
	    {502, "bad gateway"},
	    {503, "service unavailable"},
	    {504, "gateway timeout"},
	};

	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		if (phrases[i].status == status)
			return phrases[i].phrase;
	}
	return NULL;
}

/* Appends ": " and text on one line, cut to what a message can hold. */
static void
add_text(struct buf *out, struct slice text)
{
	struct buf safe = {0};
	bool blank = true;

	redact_add(&safe, text);
	buf_puts(out, ": ");
	for (size_t i = 0; i < safe.len && i < GCP_ERROR_TEXT; i++) {
		bool space = (unsigned char)safe.data[i] <= ' ';

		if (!space)
			buf_putc(out, safe.data[i]);
		else if (!blank)
			buf_putc(out, ' ');
		blank = space;
	}
	while (out->len && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	if (safe.len > GCP_ERROR_TEXT)
		buf_puts(out, "...");
	buf_release(&safe);
}

/* {"error": {"message", "status", "errors": [{"reason", "message"}]}} */
static struct slice
google_error(struct json *error, struct slice *reason)
{
	struct json *first = json_at(json_get(error, "errors"), 0);
	struct slice message = json_string(json_get(error, "message"));

	*reason = json_string(json_get(first, "reason"));
	if (!reason->len)
		*reason = json_string(json_get(error, "status"));
	if (!message.len)
		message = json_string(json_get(first, "message"));
	return message;
}

/* The message and the reason of a tree; empty if it has none. */
static struct slice
json_error(struct json *root, struct slice *reason)
{
	struct json *error = json_get(root, "error");
	struct slice message;

	if (json_type(error) == JSON_OBJECT)
		return google_error(error, reason);
	*reason = json_string(error);
	message = json_string(json_get(root, "error_description"));
	if (!message.len)
		message = json_string(json_get(root, "message"));
	return message;
}

/* What stands between <tag> and </, whatever the case; empty if nothing. */
static struct slice
between(struct slice body, const char *tag)
{
	struct slice none = {NULL, 0}, found;
	size_t len = strlen(tag);
	const char *at = body.data, *end = body.data + body.len;

	while ((size_t)(end - at) >= len && strncasecmp(at, tag, len)) {
		const char *next = memchr(at + 1, '<', (size_t)(end - at - 1));

		if (!next)
			return none;
		at = next;
	}
	if ((size_t)(end - at) < len)
		return none;
	found.data = at + len;
	at = memchr(found.data, '<', (size_t)(end - found.data));
	found.len = at ? (size_t)(at - found.data) : 0;
	return found;
}

/* The message and the reason in XML or HTML, or the text itself. */
static struct slice
text_error(struct slice body, struct slice *reason)
{
	struct slice title;

	*reason = between(body, "<Code>");
	if (reason->len)
		return between(body, "<Message>");
	title = between(body, "<title>");
	return title.len ? title : body;
}

void
gcp_error_read(int status, struct slice body, struct json *root,
    struct buf *text, struct buf *reason)
{
	const char *phrase = phrase_of(status);
	struct slice code = {NULL, 0}, message = {NULL, 0};

	if (json_type(root) == JSON_OBJECT)
		message = json_error(root, &code);
	else if (body.len)
		message = text_error(body, &code);
	buf_printf(text, "HTTP %d", status);
	if (code.len) {
		add_text(text, code);
		buf_add_slice(reason, code);
	}
	if (message.len)
		add_text(text, message);
	else if (!code.len && phrase)
		buf_printf(text, ": %s", phrase);
}
