/* SPDX-License-Identifier: ISC */
/*
 * Claims that need no server. With arguments this program is what
 * tests/auth.bats drives: each is an order to one struct auth.
 *
 *	anonymous (first)	as for an emulator
 *	token			prints the token, or dies as tools do
 *	refused			a 401 came
 *	project quota		prints a project
 *	get			asks Cloud Storage for a list, prints its status
 *	trace			tells of all requests on standard error
 *	wait			until a byte comes on standard input
 */
#include "auth.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auth_ask.h"
#include "clock.h"
#include "gcp.h"
#include "secret.h"

static void
check_fresh(void)
{
	static const int64_t now = INT64_C(1700000000) * CLOCK_SECOND;

	CHECK(auth_fresh_until(now, 3600) == now + 3375 * CLOCK_SECOND);
	CHECK(auth_fresh_until(now, 450) == now + 225 * CLOCK_SECOND);
	CHECK(auth_fresh_until(now, 300) == now + 150 * CLOCK_SECOND);
	CHECK(auth_fresh_until(now, 1) == now);
	CHECK(auth_fresh_until(now, 0) == now);
}

static bool
takes(const char *data, size_t len)
{
	struct auth_ask ask = {0};
	bool taken = !auth_take(&ask, (struct slice){data, len}, 3600);

	if (taken)
		taken = ask.token.len == len &&
			!memcmp(ask.token.data, data, len) &&
			ask.fresh_until > clock_now();
	else
		printf("# %s\n", buf_text(&ask.reason));
	auth_ask_release(&ask);
	return taken;
}

/* A token becomes a part of a header: nothing may end that. */
static void
check_take(void)
{
	CHECK(takes("ya29.a0Af_-~/+=", 15));
	CHECK(takes("a", 1));
	CHECK(!takes("", 0));
	CHECK(!takes("a b", 3));
	CHECK(!takes("a\r\nX: y", 7));
	CHECK(!takes("a\0b", 3));
	CHECK(!takes("a\x7f", 2));
	CHECK(!takes("\xc3\xa9", 2));
}

static const char *
need_url(const char *url)
{
	struct auth_ask ask = {0};
	struct buf text = {0}, reason = {0};
	struct json *json;
	bool good;

	buf_printf(&text, "{\"u\": \"%s\"}", url);
	json = json_parse(buf_slice(&text), &reason);
	good = auth_need_url(&ask, json, "u", NULL) != NULL;
	json_free(json);
	auth_ask_release(&ask);
	buf_release(&text);
	buf_release(&reason);
	return good ? "taken" : "refused";
}

/* Secrets go where nobody listens, however a URL is dressed up. */
static void
check_urls(void)
{
	static const char *const good[] = {
	    "https://oauth2.googleapis.com/token",
	    "HTTPS://sts.googleapis.com/v1/token",
	    "http://127.0.0.1:8080/token", "http://127.1.2.3/",
	    "http://localhost/token", "http://[::1]:1/"};
	static const char *const bad[] = {"http://oauth2.googleapis.com/token",
	    "http://127.0.0.1@example.com/", "http://127.0.0.1.example.com/",
	    "http://localhost.example.com/", "http://localhost:x@example.com/",
	    "http://1270.0.0.1/", "http://10.0.0.1/", "ftp://127.0.0.1/",
	    "http://example.com#@127.0.0.1/", "http://example.com/?127.0.0.1",
	    "file:///etc/passwd", "token", "//127.0.0.1/", "http://",
	    "https://", "http://[::2]/"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		printf("# %s\n", good[i]);
		CHECK(!strcmp(need_url(good[i]), "taken"));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		printf("# %s\n", bad[i]);
		CHECK(!strcmp(need_url(bad[i]), "refused"));
	}
}

static void
check_secret(void)
{
	struct buf buf = {0};
	char text[] = "secret";

	secret_wipe(text, 3);
	CHECK(!memcmp(text, "\0\0\0ret", 7));
	secret_reserve(&buf, 100);
	CHECK(buf.cap > 100 && buf.len == 0);
	buf_puts(&buf, "secret");
	secret_release(&buf);
	CHECK(!buf.data && !buf.len && !buf.cap);
	secret_release(&buf);
}

static void
print_token(struct auth *auth)
{
	struct buf reason = {0};
	enum status status = STATUS_DONE;
	const char *token;

	if (auth_token(auth, &token, &reason, &status))
		die(status, "%s", buf_text(&reason));
	puts(token ? token : "(anonymous)");
	buf_release(&reason);
}

/* A request as the tools send it, with credentials of its own. */
static void
print_list(void)
{
	struct gcp_request request = {
	    .method = "GET", .target = "/storage/v1/b/bucket/o"};
	struct gcp_answer answer = {0};
	struct gcp *gcp = gcp_new(GCP_STORAGE);

	if (gcp_call(gcp, &request, &answer))
		die(answer.exit, "%s", buf_text(&answer.error));
	printf("%d\n", answer.status);
	gcp_answer_release(&answer);
	gcp_free(gcp);
}

static void
print_project(const char *project)
{
	puts(project ? project : "(none)");
}

static void
wait_for_byte(void)
{
	char byte;

	if (read(STDIN_FILENO, &byte, 1) < 0)
		die(STATUS_TROUBLE, "nothing to wait for");
}

static void
obey(struct auth *auth, const char *order)
{
	if (!strcmp(order, "token"))
		print_token(auth);
	else if (!strcmp(order, "refused"))
		auth_refused(auth);
	else if (!strcmp(order, "project"))
		print_project(auth_project(auth));
	else if (!strcmp(order, "quota"))
		print_project(auth_quota_project(auth));
	else if (!strcmp(order, "get"))
		print_list();
	else if (!strcmp(order, "trace"))
		http_trace(true);
	else
		wait_for_byte();
	fflush(stdout);
}

static int
drive(int argc, char **argv)
{
	bool anonymous = !strcmp(argv[1], "anonymous");
	struct auth *auth = auth_new("https://storage.googleapis.com/",
	    "https://www.googleapis.com/auth/devstorage.read_only "
	    "https://www.googleapis.com/auth/bigquery",
	    anonymous);

	die_name(argv[0]);
	for (int i = 1 + anonymous; i < argc; i++)
		obey(auth, argv[i]);
	auth_free(auth);
	return STATUS_DONE;
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		return drive(argc, argv);
	check_fresh();
	check_take();
	check_urls();
	check_secret();
	return check_done();
}
