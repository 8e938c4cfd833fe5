/* SPDX-License-Identifier: ISC */
/*
 * stop - a signal that asks to end, taken when there is time to tidy up
 *
 * For what has begun something elsewhere, which would go on without it. Not
 * for filters: they die at once.
 */
#ifndef STOP_H
#define STOP_H

/*
 * From now on a first SIGINT or SIGTERM, unless it is ignored, only ends
 * requests (http_stop()); a second one kills as ever.
 */
void stop_begin(void);

/* What stop_begin() changed is as it was. */
void stop_end(void);

/*
 * The signal that came, or 0. From the first call that returns one on,
 * requests can be made again.
 */
int stop_taken(void);

/* Dies of the signal that came, or returns if none did. */
void stop_die(void);

#endif
