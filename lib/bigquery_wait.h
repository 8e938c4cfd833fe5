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
 * From guard to unguard SIGINT and SIGTERM do not end the program but an
 * attempt or a pause; bigquery_wait_done() obeys them, and so does
 * bigquery_wait_obey() if there was one: the job's id is printed, it is
 * cancelled, and the signal does what it did before.
 */
void bigquery_wait_guard(void);
void bigquery_wait_unguard(void);
void bigquery_wait_obey(
    struct bigquery *bigquery, const struct bigquery_wait *wait);

/* Sleeps so many seconds and up to a tenth more, or until a signal. */
void bigquery_wait_pause(int seconds);

/*
 * Waits until the job is done. If it may not have begun for longer than the
 * warehouse's max_pending, or cannot be asked for, the error tells its id and
 * STATUS_TEMPORARY: the same command finds it again. *state is its resource,
 * and is replaced by newer ones.
 */
int bigquery_wait_done(struct bigquery *bigquery,
    const struct bigquery_wait *wait, struct json **state);

#endif
