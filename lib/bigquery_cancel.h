/* SPDX-License-Identifier: ISC */
/*
 * bigquery_cancel - a job that a signal cancels
 *
 * A job goes on, and is billed, without who began it. So while one runs, the
 * first SIGHUP, SIGINT or SIGTERM (interrupt.h) prints its id and cancels it
 * before it ends the process. There is one such job at a time.
 */
#ifndef BIGQUERY_CANCEL_H
#define BIGQUERY_CANCEL_H

#include "bigquery.h"

/*
 * From now on signals cancel the job that is named next. Until then it counts
 * as one that begins: one that interrupts it waits for its name for a while.
 */
void bigquery_cancel_begin(struct bigquery *bigquery);

/* The job that runs, and its location or NULL; without an id there is none. */
void bigquery_cancel_name(const char *id, const char *location);

/* There is no job any more. A signal that has come ends the process here. */
void bigquery_cancel_end(void);

#endif
