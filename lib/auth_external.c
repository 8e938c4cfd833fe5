/* SPDX-License-Identifier: ISC */
#include "auth_external.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "clock.h"
#include "json_out.h"
#include "secret.h"

#define URN "urn:ietf:params:oauth:"

/* The usual and the longest life of a token of impersonation, in seconds. */
enum { LIFE = 3600, LIFE_MAX = 43200 };

/* The foreign token in what the source gave, without a newline behind it. */
static int
take_text(struct auth_ask *ask, struct slice text, struct buf *subject)
{
	while (text.len && strchr(" \r\n", text.data[text.len - 1]))
		text.len--;
	if (text.len == 0 || memchr(text.data, '\0', text.len))
		return auth_fail(ask, "credential_source: no token in it");
	secret_reserve(subject, text.len);
	buf_add_slice(subject, text);
	return 0;
}

static int
take_subject(struct auth_ask *ask, struct json *source, struct slice text,
    struct buf *subject)
{
	struct json *format = json_get(source, "format"), *json;
	const char *type = auth_text(format, "type");
	const char *name = auth_text(format, "subject_token_field_name");
	struct buf ignored = {0};
	int result;

	if (!type || !strcmp(type, "text"))
		return take_text(ask, text, subject);
	if (strcmp(type, "json") || !name)
		return auth_fail(ask,
		    "credential_source: its format is neither "
		    "text nor json with a field's name");
	json = json_parse(text, &ignored);
	result = take_text(ask, json_string(json_get(json, name)), subject);
	json_free(json);
	buf_release(&ignored);
	return result;
}

static int
subject_of_file(struct auth_ask *ask, struct json *source, const char *path,
    struct buf *subject)
{
	struct buf text = {0};
	mode_t mode;
	int result;

	if (secret_read(path, &text, &mode))
		result = auth_fail(
		    ask, "credential_source: %s: %s", path, strerror(errno));
	else
		result = take_subject(ask, source, buf_slice(&text), subject);
	secret_release(&text);
	return result;
}

/* The members of an object as headers, "Name: value". */
static char **
make_headers(struct json *object, size_t *count)
{
	char **headers;
	struct buf line = {0};

	*count = json_type(object) == JSON_OBJECT ? json_count(object) : 0;
	headers = xcalloc(*count + 1, sizeof(*headers));
	for (size_t i = 0; i < *count; i++) {
		const char *name = json_key_at(object, i);

		buf_clear(&line);
		buf_printf(&line, "%s: ", name);
		buf_add_slice(&line, json_string(json_get(object, name)));
		for (size_t k = 0; k < line.len; k++) {
			if ((unsigned char)line.data[k] < ' ')
				line.data[k] = ' ';
		}
		headers[i] = xslicedup(buf_slice(&line));
	}
	secret_release(&line);
	return headers;
}

static void
free_headers(char **headers, const char **values)
{
	for (char **header = headers; *header; header++) {
		secret_wipe(*header, strlen(*header));
		free(*header);
	}
	free(headers);
	free(values);
}

static int
subject_of_url(struct auth_ask *ask, struct json *source, const char *url,
    struct buf *subject)
{
	struct http_answer answer = {0};
	struct http_request request = {.method = "GET", .url = url};
	char **headers =
	    make_headers(json_get(source, "headers"), &request.nheaders);
	const char **values = xcalloc(request.nheaders + 1, sizeof(*values));
	int result;

	for (size_t i = 0; i < request.nheaders; i++)
		values[i] = strchr(headers[i], ':') + 2;
	request.headers = (const char *const *)headers;
	result = auth_send(ask, &request, values, &answer);
	if (!result)
		result =
		    take_subject(ask, source, buf_slice(&answer.body), subject);
	secret_release(&answer.body);
	http_answer_release(&answer);
	free_headers(headers, values);
	return result;
}

static int
get_subject(struct auth_ask *ask, struct json *file, struct buf *subject)
{
	struct json *source = json_get(file, "credential_source");
	const char *path = auth_text(source, "file");
	const char *url = auth_text(source, "url");

	if (auth_text(source, "environment_id"))
		return auth_fail(ask, "credential_source: AWS is not supported"
				      "; a file and a url are");
	if (path)
		return subject_of_file(ask, source, path, subject);
	if (!url)
		return auth_fail(
		    ask, "credential_source: neither a file nor a url in it");
	if (strncasecmp(url, "https://", 8) && strncasecmp(url, "http://", 7))
		return auth_fail(ask, "credential_source: its url is not one");
	return subject_of_url(ask, source, url, subject);
}

/* {"userProject": ..}, in which project a workforce's requests count. */
static void
add_options(struct json *file, struct buf *options)
{
	const char *project = auth_text(file, "workforce_pool_user_project");
	struct json_out json = {.buf = options};

	if (!project)
		return;
	json_open(&json, '{');
	json_pair_text(&json, "userProject", project);
	json_close(&json, '}');
}

static int
exchange(
    struct auth_ask *ask, struct json *file, const char *url, const char *scope)
{
	struct buf subject = {0}, options = {0};
	struct auth_pair pairs[] = {
	    {"grant_type", URN "grant-type:token-exchange", false},
	    {"requested_token_type", URN "token-type:access_token", false},
	    {"scope", scope, false},
	    {"audience", auth_need(ask, file, "audience"), false},
	    {"subject_token_type", NULL, false},
	    {"subject_token", NULL, true},
	    {"options", NULL, false},
	};
	int result = -1;

	if (!pairs[3].value)
		return -1;
	pairs[4].value = auth_need(ask, file, pairs[4].name);
	if (!pairs[4].value)
		return -1;
	if (!get_subject(ask, file, &subject)) {
		pairs[5].value = buf_text(&subject);
		add_options(file, &options);
		pairs[6].value = options.len ? buf_text(&options) : NULL;
		result = auth_post(ask, url, pairs, 7);
	}
	secret_release(&subject);
	buf_release(&options);
	return result;
}

int
auth_external(struct auth_ask *ask, struct json *file)
{
	static const char act_for[] = "service_account_impersonation_url";
	struct json *how = json_get(file, "service_account_impersonation");
	struct json *life = json_get(how, "token_lifetime_seconds");
	bool acts = auth_text(file, act_for) != NULL;
	const char *url = auth_need_url(ask, file, "token_url", NULL);
	const char *whom = NULL;

	if (!url)
		return -1;
	if (auth_text(file, "client_id"))
		return auth_fail(ask, "its client_id is not supported");
	if (acts) {
		whom = auth_need_url(ask, file, act_for, NULL);
		if (!whom)
			return -1;
	}
	if (exchange(ask, file, url, acts ? AUTH_CLOUD_PLATFORM : ask->scope))
		return -1;
	return acts ? auth_impersonate(
			  ask, whom, NULL, (int64_t)json_number(life))
		    : 0;
}

/* {"delegates": [..], "scope": [..], "lifetime": "3600s"} */
static void
add_wish(const struct auth_ask *ask, struct json *delegates, int64_t seconds,
    struct buf *body)
{
	struct json_out json = {.buf = body};
	struct buf lifetime = {0};
	const char *scope = ask->scope;

	json_open(&json, '{');
	if (json_count(delegates)) {
		json_key(&json, "delegates");
		json_open(&json, '[');
		for (size_t i = 0; i < json_count(delegates); i++)
			json_put_string(
			    &json, json_string(json_at(delegates, i)));
		json_close(&json, ']');
	}
	json_key(&json, "scope");
	json_open(&json, '[');
	while (*(scope += strspn(scope, " "))) {
		struct slice one = {scope, strcspn(scope, " ")};

		json_put_string(&json, one);
		scope += one.len;
	}
	json_close(&json, ']');
	buf_printf(&lifetime, "%ds", (int)seconds);
	json_pair_text(&json, "lifetime", buf_text(&lifetime));
	json_close(&json, '}');
	buf_release(&lifetime);
}

static int
take_impersonated(struct auth_ask *ask, struct http_answer *answer)
{
	struct json *json = json_parse(buf_slice(&answer->body), &ask->reason);
	struct slice expires = json_string(json_get(json, "expireTime"));
	int64_t end, now = clock_now();
	int result;

	if (!json) {
		ask->status = STATUS_TROUBLE;
		return -1;
	}
	if (clock_parse(expires, &end))
		end = now + LIFE * CLOCK_SECOND;
	result = auth_take(ask, json_string(json_get(json, "accessToken")),
	    (end - now) / CLOCK_SECOND);
	json_free(json);
	return result;
}

int
auth_impersonate(struct auth_ask *ask, const char *url, struct json *delegates,
    int64_t seconds)
{
	struct buf bearer = {0}, body = {0};
	struct http_answer answer = {0};
	const char *headers[] = {"Content-Type: application/json", NULL};
	const char *secret[] = {NULL, NULL};
	struct slice piece;
	struct http_request request = {.method = "POST",
	    .url = url,
	    .headers = headers,
	    .nheaders = 2,
	    .body = &piece,
	    .nbody = 1};
	int result;

	if (seconds < 1 || seconds > LIFE_MAX)
		seconds = LIFE;
	secret_reserve(&bearer, ask->token.len + 32);
	buf_printf(&bearer, "Authorization: Bearer %s", buf_text(&ask->token));
	headers[1] = buf_text(&bearer);
	secret[0] = buf_text(&ask->token);
	add_wish(ask, delegates, seconds, &body);
	piece = buf_slice(&body);
	result = auth_send(ask, &request, secret, &answer);
	if (result)
		buf_puts(&ask->reason, ", from the service account to act for");
	else
		result = take_impersonated(ask, &answer);
	secret_release(&bearer);
	buf_release(&body);
	secret_release(&answer.body);
	http_answer_release(&answer);
	return result;
}
