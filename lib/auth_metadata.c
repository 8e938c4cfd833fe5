/* SPDX-License-Identifier: ISC */
#include "auth_metadata.h"

#include <stdlib.h>
#include <string.h>

#include "hook.h"
#include "io.h"
#include "num.h"
#include "secret.h"

#define PRODUCT "/sys/class/dmi/id/product_name"
#define FLAVOR "Metadata-Flavor"

/* Seconds for an attempt: the most that one asks for, what is usual. */
enum { PING_MAX = 60, PING = 1, ATTEMPT = 10 };

static const char *const headers[] = {FLAVOR ": Google"};

/* A variable that is set and not empty, or another text. */
static const char *
setting(const char *name, const char *usual)
{
	const char *value = getenv(name);

	return value && *value ? value : usual;
}

/* Whether the answer came from a metadata server, and no other. */
static bool
has_flavor(struct http *http)
{
	const char *flavor = http_header(http, FLAVOR);

	return flavor && !strcmp(flavor, "Google");
}

static bool
made_by_google(void)
{
	const char *path = hook_text("SLUICE_TEST_PRODUCT");
	struct buf name = {.limit = 4096};
	bool found = !io_read_file(path ? path : PRODUCT, &name) &&
		     !strncmp(buf_text(&name), "Google", 6);

	buf_release(&name);
	return found;
}

/* One request to the address, so that no name is looked up for it. */
static bool
answers(struct http *http)
{
	struct buf url = {0};
	struct http_answer answer = {0};
	struct http_request request = {
	    .method = "GET", .headers = headers, .nheaders = 1, .direct = true};
	int64_t seconds;
	bool found;

	if (num_int64(
		slice_of(setting("GCE_METADATA_TIMEOUT", "")), &seconds) ||
	    seconds < 1 || seconds > PING_MAX)
		seconds = PING;
	buf_printf(
	    &url, "http://%s/", setting("GCE_METADATA_IP", "169.254.169.254"));
	request.url = buf_text(&url);
	request.milliseconds = seconds * 1000;
	request.stall_seconds = (int)seconds;
	http_attempt(http, &request, &answer);
	found = answer.class == HTTP_GOOD && has_flavor(http);
	http_answer_release(&answer);
	buf_release(&url);
	return found;
}

bool
auth_metadata_found(struct http *http)
{
	if (!strcmp(setting("NO_GCE_CHECK", ""), "true"))
		return false;
	if (*setting("GCE_METADATA_HOST", "") || made_by_google())
		return true;
	return answers(http);
}

/* Gets what is at a path: 0 with the answer, or -1. */
static int
get(struct auth_ask *ask, const char *path, struct http_answer *answer)
{
	struct buf url = {0};
	struct http_request request = {.method = "GET",
	    .headers = headers,
	    .nheaders = 1,
	    .direct = true,
	    .milliseconds = ATTEMPT * 1000};
	int result;

	buf_printf(&url, "http://%s/computeMetadata/v1/%s",
	    setting("GCE_METADATA_HOST",
		setting("GCE_METADATA_ROOT", "metadata.google.internal")),
	    path);
	request.url = buf_text(&url);
	result = auth_send(ask, &request, NULL, answer);
	if (!result && !has_flavor(ask->http))
		result = auth_fail(
		    ask, "what answers has no header " FLAVOR ": Google");
	buf_release(&url);
	return result;
}

int
auth_metadata_token(struct auth_ask *ask)
{
	struct buf path = {0}, scopes = {0};
	struct http_answer answer = {0};
	int result;

	buf_puts(&scopes, ask->scope);
	for (size_t i = 0; i < scopes.len; i++) {
		if (scopes.data[i] == ' ')
			scopes.data[i] = ',';
	}
	buf_puts(&path, "instance/service-accounts/default/token?scopes=");
	http_escape(buf_slice(&scopes), &path);
	result = get(ask, buf_text(&path), &answer);
	if (!result)
		result = auth_take_answer(ask, &answer);
	else if (answer.status == 404)
		buf_puts(&ask->reason, ": this machine has no service account");
	secret_release(&answer.body);
	http_answer_release(&answer);
	buf_release(&path);
	buf_release(&scopes);
	return result;
}

char *
auth_metadata_project(struct http *http)
{
	struct auth_ask ask = {.http = http};
	struct http_answer answer = {0};
	char *project = NULL;

	if (!get(&ask, "project/project-id", &answer) && answer.body.len)
		project = xstrdup(buf_text(&answer.body));
	http_answer_release(&answer);
	auth_ask_release(&ask);
	return project;
}
