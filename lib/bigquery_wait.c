/* SPDX-License-Identifier: ISC */
#include "bigquery_wait.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "gcp.h"
#include "hook.h"
#include "http.h"
#include "rng.h"

static volatile sig_atomic_t caught;

static void
catch_signal(int number)
{
	caught = number;
}

/* What the signals did before. */
static struct sigaction interrupt, terminate;

void
bigquery_wait_guard(void)
{
	struct sigaction action = {.sa_handler = catch_signal};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, NULL, &interrupt);
	sigaction(SIGTERM, NULL, &terminate);
	if (interrupt.sa_handler != SIG_IGN)
		sigaction(SIGINT, &action, NULL);
	if (terminate.sa_handler != SIG_IGN)
		sigaction(SIGTERM, &action, NULL);
	http_stop(&caught);
}

void
bigquery_wait_unguard(void)
{
	http_stop(NULL);
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGTERM, &terminate, NULL);
}

/* Appends the job as Google's tools name it: PROJECT:LOCATION.ID. */
static void
put_job(const struct bigquery *bigquery, const char *id, struct buf *text)
{
	buf_printf(text, "job %s:", bigquery->project);
	if (bigquery->location)
		buf_printf(text, "%s.", bigquery->location);
	buf_puts(text, id);
}

void
bigquery_wait_obey(struct bigquery *bigquery, const struct bigquery_wait *wait)
{
	const char *location = bigquery->location;
	struct gcp_answer answer = {0};
	struct buf job = {0};

	if (!caught)
		return;
	put_job(bigquery, wait->id, &job);
	warning("%s: interrupted; cancelling %s", wait->what, buf_text(&job));
	bigquery_wait_unguard();
	bigquery_call(bigquery, &answer, "POST", slice_of(""),
	    "/jobs/%s/cancel%s%s", wait->id, location ? "?location=" : "",
	    location ? location : "");
	gcp_answer_release(&answer);
	buf_release(&job);
	raise(caught);
}

void
bigquery_wait_pause(int seconds)
{
	static uint64_t state;
	int64_t ms = seconds * (int64_t)hook_size("SLUICE_TEST_SECOND", 1000);
	struct timespec time;

	if (!state) {
		clock_gettime(CLOCK_MONOTONIC, &time);
		state = rng_mix((uint64_t)time.tv_sec, (uint64_t)time.tv_nsec);
	}
	if (caught)
		return;
	ms += (int64_t)(rng_next(&state) % (uint64_t)(ms / 10 + 1));
	time.tv_sec = (time_t)(ms / 1000);
	time.tv_nsec = (long)(ms % 1000) * 1000000;
	nanosleep(&time, NULL);
}

/* The pause before question number turn, from 0. */
static int
rung(int turn)
{
	if (turn < 8)
		return 1;
	return turn < 18 ? 2 + 3 * (turn - 8) : 30;
}

int
bigquery_wait_find(struct bigquery *bigquery, const struct bigquery_wait *wait,
    struct json **state)
{
	struct gcp_answer answer = {0};
	const char *location = bigquery->location;
	int result = 0;

	*state = NULL;
	for (int turn = 0, waited = 0;; turn++) {
		result = bigquery_call(bigquery, &answer, "GET", slice_of(""),
		    "/jobs/%s%s%s", wait->id, location ? "?location=" : "",
		    location ? location : "");
		if (!result || answer.status != 404 ||
		    waited >= wait->patience)
			break;
		waited += rung(turn);
		bigquery_wait_pause(rung(turn));
	}
	if (!result && !answer.json) {
		result = warehouse_fail(&bigquery->warehouse, STATUS_TEMPORARY,
		    "%s: job %s: an answer that is not JSON", wait->what,
		    wait->id);
	} else if (!result) {
		*state = answer.json;
		answer.json = NULL;
	} else if (answer.status == 404) {
		result = 0;
	} else {
		result = bigquery_fail(bigquery, wait->what, &answer);
	}
	gcp_answer_release(&answer);
	return result;
}

static bool
state_is(struct json *state, const char *name)
{
	return slice_equal(
	    json_string(json_get(json_get(state, "status"), "state")),
	    slice_of(name));
}

/* Asks once more; what it had is freed. */
static int
ask(struct bigquery *bigquery, const struct bigquery_wait *wait,
    struct json **state)
{
	struct warehouse *warehouse = &bigquery->warehouse;
	struct buf job = {0}, reason = {0};
	int result;

	json_free(*state);
	result = bigquery_wait_find(bigquery, wait, state);
	bigquery_wait_obey(bigquery, wait);
	if (result || !*state) {
		put_job(bigquery, wait->id, &job);
		buf_puts(&reason,
		    result ? buf_text(&warehouse->error) : "not found");
		result = warehouse_fail(warehouse, STATUS_TEMPORARY,
		    "%s: the outcome of %s is not known: %s", wait->what,
		    buf_text(&job), buf_text(&reason));
	}
	buf_release(&reason);
	buf_release(&job);
	return result;
}

static int
give_up(struct bigquery *bigquery, const struct bigquery_wait *wait, int waited)
{
	struct buf job = {0};

	put_job(bigquery, wait->id, &job);
	warehouse_fail(&bigquery->warehouse, STATUS_TEMPORARY,
	    "%s: %s has not begun after %d seconds; it may still, and the "
	    "same command will find it",
	    wait->what, buf_text(&job), waited);
	buf_release(&job);
	return -1;
}

int
bigquery_wait_done(struct bigquery *bigquery, const struct bigquery_wait *wait,
    struct json **state)
{
	int limit = bigquery->warehouse.max_pending, pending = 0, result = 0;

	for (int turn = 0; !result && !state_is(*state, "DONE"); turn++) {
		if (limit && state_is(*state, "PENDING") && pending >= limit)
			return give_up(bigquery, wait, pending);
		if (state_is(*state, "PENDING"))
			pending += rung(turn);
		bigquery_wait_pause(rung(turn));
		bigquery_wait_obey(bigquery, wait);
		result = ask(bigquery, wait, state);
	}
	return result;
}
