/* SPDX-License-Identifier: ISC */
#include "http.h"
#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A socket on a free port of 127.0.0.1, and the URL that leads to it. */
static int
open_socket(struct buf *url)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t len = sizeof(name);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(!bind(fd, (struct sockaddr *)&name, len));
	CHECK(!getsockname(fd, (struct sockaddr *)&name, &len));
	buf_clear(url);
	buf_printf(url, "http://127.0.0.1:%d/", ntohs(name.sin_port));
	return fd;
}

static struct http_answer
get(struct http *http, const char *url, int seconds, int stall_seconds)
{
	struct http_request request = {
	    .url = url,
	    .stall_seconds = stall_seconds,
	};
	struct http_answer answer = {0};

	http_get(http, &request, seconds, &answer);
	printf("# %s\n", buf_text(&answer.reason));
	return answer;
}

static void
check_no_connection(struct http *http)
{
	struct buf url = {0};
	int fd = open_socket(&url);
	struct http_answer answer = get(http, buf_text(&url), 3, 20);

	CHECK(answer.class == HTTP_TEMPORARY);
	CHECK(answer.status == 0);
	CHECK(answer.body.len == 0);
	CHECK(strstr(buf_text(&answer.reason), " attempts"));
	CHECK(!http_header(http, "Date"));
	http_answer_release(&answer);
	buf_release(&url);
	close(fd);
}

static void
check_no_answer(struct http *http)
{
	time_t begun = time(NULL);
	struct http_answer answer;
	struct buf url = {0};
	int fd = open_socket(&url);

	/* connections succeed, but nobody takes them */
	CHECK(!listen(fd, 5));
	answer = get(http, buf_text(&url), 1, 20);
	CHECK(answer.class == HTTP_TEMPORARY);
	CHECK(strstr(buf_text(&answer.reason), "timed out"));
	http_answer_release(&answer);
	/* a stalled attempt ends before the time for all of them does */
	answer = get(http, buf_text(&url), 3, 1);
	CHECK(answer.class == HTTP_TEMPORARY);
	CHECK(strstr(buf_text(&answer.reason), " attempts"));
	http_answer_release(&answer);
	CHECK(time(NULL) - begun < 10);
	buf_release(&url);
	close(fd);
}

static void
check_hopeless(struct http *http)
{
	static const char *const urls[] = {"", "file:///etc/passwd",
	    "ftp://127.0.0.1/", "http://", "http://127.0.0.1:99999/"};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct http_answer answer = get(http, urls[i], 60, 20);

		CHECK(answer.class == HTTP_BROKEN);
		CHECK(answer.reason.len > 0);
		http_answer_release(&answer);
	}
}

static void
check_escape(void)
{
	struct buf url = {0};

	http_escape(slice_of("aZ09-._~ &=/\xe5"), &url);
	CHECK(!strcmp(buf_text(&url), "aZ09-._~%20%26%3D%2F%E5"));
	buf_release(&url);
}

static void
check_secrets(void)
{
	static const char *const kept[] = {"https://a.b/", "HTTPS://a.b",
	    "http://localhost:1/x", "http://LOCALHOST", "http://127.0.0.1/",
	    "http://127.1.2.3:8/", "http://[::1]:80/", "http://u:p@127.0.0.1/"};
	static const char *const told[] = {"http://a.b/", "a.b", "localhost",
	    "", "ftp://localhost/", "http://127.0.0.1.a.b/",
	    "http://127.0.0.1@a.b/", "http://a.b/127.0.0.1",
	    "http://localhost.a.b/", "http://a.b#@localhost/",
	    "http://a.b?@localhost", "http://[::2]/", "http://0.0.0.0/",
	    "http://128.0.0.1/", "http://127.a.0.1/", "file:///x",
	    "http://localhost\\@a.b/"};

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		printf("# %s\n", kept[i]);
		CHECK(http_keeps_secrets(kept[i]));
	}
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		printf("# %s\n", told[i]);
		CHECK(!http_keeps_secrets(told[i]));
	}
}

/* Headers that never leave, with the reasons for it. */
static void
check_headers(struct http *http)
{
	static const char *const headers[] = {
	    "Authorization: Bearer x", "A: b\r\nAuthorization: x"};
	static const char *const reasons[] = {
	    "a token does not travel over plain http to another machine",
	    "a header has a line break"};
	struct http_answer answer = {0};

	for (size_t i = 0; i < 2; i++) {
		struct http_request request = {
		    .url = "http://example.invalid/",
		    .headers = &headers[i],
		    .nheaders = 1,
		};

		http_attempt(http, &request, &answer);
		CHECK(answer.class == HTTP_BROKEN);
		CHECK(answer.sent == 0);
		CHECK(!strcmp(buf_text(&answer.reason), reasons[i]));
	}
	http_answer_release(&answer);
}

static void
check_retry(struct http *http)
{
	struct http_answer answer = {.class = HTTP_TEMPORARY};
	struct http_retry retry;

	http_retry_begin(&retry, 3600);
	retry.base_ms = 1;
	retry.cap_ms = 4;
	for (int i = 1; i <= 100; i++) {
		CHECK(http_retry_pause(http, &retry, &answer));
		CHECK(retry.attempts == i);
	}
	CHECK(http_retry_left(&retry) > 3590 * 1000);
	CHECK(answer.reason.len == 0);
	http_retry_progress(&retry);
	CHECK(retry.attempts == 0);
	/* no time is left for a pause, be it none */
	http_retry_begin(&retry, 0);
	CHECK(!http_retry_pause(http, &retry, &answer));
	CHECK(answer.reason.len == 0);
	CHECK(!http_retry_pause(http, &retry, &answer));
	CHECK(!strcmp(buf_text(&answer.reason), ", 2 attempts"));
	http_answer_release(&answer);
}

int
main(void)
{
	struct http *http = http_new();

	check_no_connection(http);
	check_no_answer(http);
	check_hopeless(http);
	check_escape();
	check_secrets();
	check_headers(http);
	check_retry(http);
	http_free(http);
	return check_done();
}
