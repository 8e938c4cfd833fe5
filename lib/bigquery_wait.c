/* SPDX-License-Identifier: ISC */
#include "bigquery_wait.h"

#include <errno.h>
#include <time.h>

#include "gcp.h"
#include "hook.h"
#include "rng.h"

/* Asks for the job's resource. */
static int
get(struct bigquery *bigquery, const struct bigquery_wait *wait,
    struct gcp_answer *answer)
{
	const struct bigquery_request request = {.method = "GET"};
	const char *location = bigquery->location;

	return bigquery_call(bigquery, &request, answer, "/jobs/%s%s%s",
	    wait->id, location ? "?location=" : "", location ? location : "");
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
bigquery_wait_pause(int seconds)
{
	static uint64_t state;
	int64_t ms = seconds * (int64_t)hook_size("SLUICE_TEST_SECOND", 1000);
	struct timespec time;

	if (!state) {
		clock_gettime(CLOCK_MONOTONIC, &time);
		state = rng_mix((uint64_t)time.tv_sec, (uint64_t)time.tv_nsec);
	}
	ms += (int64_t)(rng_next(&state) % (uint64_t)(ms / 10 + 1));
	time.tv_sec = (time_t)(ms / 1000);
	time.tv_nsec = (long)(ms % 1000) * 1000000;
	while (nanosleep(&time, &time) && errno == EINTR)
		continue;
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
	int result = get(bigquery, wait, &answer);

	*state = NULL;
	for (int turn = 0, waited = 0;
	     answer.status == 404 && waited < wait->patience; turn++) {
		waited += rung(turn);
		bigquery_wait_pause(rung(turn));
		result = get(bigquery, wait, &answer);
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

/* Sets the error to "WHAT: the JOB TEXT"; returns -1. */
static int
give_up(struct bigquery *bigquery, const struct bigquery_wait *wait,
    const char *text)
{
	struct buf job = {0}, reason = {0};

	put_job(bigquery, wait->id, &job);
	buf_puts(&reason, text);
	warehouse_fail(&bigquery->warehouse, STATUS_TEMPORARY, "%s: %s: %s",
	    wait->what, buf_text(&job), buf_text(&reason));
	buf_release(&reason);
	buf_release(&job);
	return -1;
}

/* Asks once more; what it had is freed. */
static int
ask(struct bigquery *bigquery, const struct bigquery_wait *wait,
    struct json **state)
{
	struct buf reason = {0};
	int result;

	json_free(*state);
	result = bigquery_wait_find(bigquery, wait, state);
	if (result || !*state) {
		buf_printf(&reason, "outcome unknown: %s",
		    result ? buf_text(&bigquery->warehouse.error)
			   : "it is not found any more");
		result = give_up(bigquery, wait, buf_text(&reason));
		buf_release(&reason);
	}
	return result;
}

int
bigquery_wait_done(struct bigquery *bigquery, const struct bigquery_wait *wait,
    struct json **state)
{
	int limit = bigquery->warehouse.max_pending, pending = 0;

	for (int turn = 0; !state_is(*state, "DONE"); turn++) {
		if (limit && state_is(*state, "PENDING") && pending >= limit)
			return give_up(bigquery, wait,
			    "it has not begun in time; it may still, and the "
			    "same command will find it");
		if (state_is(*state, "PENDING"))
			pending += rung(turn);
		bigquery_wait_pause(rung(turn));
		if (ask(bigquery, wait, state))
			return -1;
	}
	return 0;
}
