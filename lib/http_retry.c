/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "hook.h"
#include "http.h"
#include "http_trace.h"
#include "rng.h"

enum {
	BASE_MS = 1000,
	CAP_MS = 60 * 1000,
	GET_BASE_MS = 250,
	GET_CAP_MS = 30 * 1000,
	TELL_MS = 10 * 1000,
};

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
http_retry_begin(struct http_retry *retry, int seconds)
{
	*retry = (struct http_retry){
	    .base_ms = (int)hook_size("SLUICE_TEST_PAUSE", BASE_MS),
	    .cap_ms = CAP_MS,
	    .seconds = seconds,
	};
	http_retry_progress(retry);
}

void
http_retry_progress(struct http_retry *retry)
{
	retry->attempts = 0;
	retry->begun_ms = now_ms();
	retry->end_ms = retry->begun_ms + (int64_t)retry->seconds * 1000;
}

int64_t
http_retry_left(const struct http_retry *retry)
{
	return retry->end_ms - now_ms();
}

static int64_t
jitter_ms(struct http *http, const struct http_retry *retry)
{
	uint64_t most = (uint64_t)retry->base_ms, cap = (uint64_t)retry->cap_ms;

	for (int i = 1; i < retry->attempts && most < cap; i++)
		most *= 2;
	if (most > cap)
		most = cap;
	return (int64_t)(http_random(http) % (most + 1));
}

static void
sleep_ms(int64_t ms)
{
	struct timespec left = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&left, &left))
		continue;
}

/* What ends the attempts belongs to the reason of the last one. */
static bool
give_up(
    const struct http_retry *retry, int64_t asked, struct http_answer *answer)
{
	if (asked > 0)
		buf_printf(&answer->reason,
		    ", asks for a pause of %" PRId64 " s", asked);
	if (retry->attempts > 1)
		buf_printf(&answer->reason, ", %d attempts", retry->attempts);
	return false;
}

/* Once, for people who wonder why nothing happens. */
static void
tell(struct http_retry *retry, const struct http_answer *answer)
{
	if (retry->told || now_ms() - retry->begun_ms < TELL_MS)
		return;
	warning("%s; trying for %d s in all", buf_text(&answer->reason),
	    retry->seconds);
	retry->told = true;
}

bool
http_retry_pause(
    struct http *http, struct http_retry *retry, struct http_answer *answer)
{
	int64_t asked = answer->status ? http_retry_after(http) : -1;
	int64_t pause, left;

	retry->attempts++;
	pause = jitter_ms(http, retry);
	left = http_retry_left(retry);
	if (asked > 0 && asked <= left / 1000)
		pause += asked * 1000;
	if (asked > left / 1000 || pause >= left)
		return give_up(retry, asked, answer);
	tell(retry, answer);
	http_trace_note("again in %" PRId64 " ms", pause);
	sleep_ms(pause);
	return true;
}

void
http_get(struct http *http, const struct http_request *request, int seconds,
    struct http_answer *answer)
{
	struct http_request limited = *request;
	struct http_retry retry;

	http_retry_begin(&retry, seconds);
	retry.base_ms = GET_BASE_MS;
	retry.cap_ms = GET_CAP_MS;
	do {
		int64_t left = http_retry_left(&retry);
		bool banned;

		limited.milliseconds = left > 0 ? left : 1;
		http_attempt(http, &limited, answer);
		banned = (answer->status == 418 || answer->status == 429) &&
			 http_retry_after(http) < 0;
		if (answer->class != HTTP_TEMPORARY)
			return;
		if (banned) {
			retry.attempts++;
			give_up(&retry, 0, answer);
			return;
		}
	} while (http_retry_pause(http, &retry, answer));
}
