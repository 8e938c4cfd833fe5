/* SPDX-License-Identifier: ISC */
/*
 * bigquery_wait - what has become of a job
 *
 * A job is asked for after 1 s, eight times, then after 2, 5, 8, .. 29 s, then
 * every 30 s, each with up to a tenth more at random: the ladder of the bq
 * tool. Functions that return an int return 0, or -1 with the warehouse's
 * error.
 */
#ifndef BIGQUERY_WAIT_H
#define BIGQUERY_WAIT_H

#include "bigquery.h"

/* A job by its id; all borrowed. */
struct bigquery_wait {
	const char *what; /* it does, for messages */
	const char *id;
	int patience; /* seconds for which it may not be there yet */
};

/*
 * Gets a job's resource, which json_free() frees; NULL if there is none, even
 * after the seconds of patience.
 */
int bigquery_wait_find(struct bigquery *bigquery,
    const struct bigquery_wait *wait, struct json **state);

/*
 * Waits until the job, whose resource *state is, is done; newer ones replace
 * it. If it does not begin within the warehouse's max_pending seconds, or
 * cannot be asked for, the error has its id and STATUS_TEMPORARY: the same
 * command finds it again.
 */
int bigquery_wait_done(struct bigquery *bigquery,
    const struct bigquery_wait *wait, struct json **state);

/* Sleeps so many seconds and up to a tenth more. */
void bigquery_wait_pause(int seconds);

#endif
