/* SPDX-License-Identifier: ISC */
/*
 * aside - a second thread that does one thing at a time
 *
 * For work on the same bytes that goes on beside what the caller does with
 * them: start it, do the other half, wait.
 */
#ifndef ASIDE_H
#define ASIDE_H

struct aside;

/* A thread, or NULL if there is none to be had; aside_free() frees. */
struct aside *aside_new(void);
void aside_free(struct aside *aside);

/* Starts work(user); the one before must have been waited for. */
void aside_start(struct aside *aside, void (*work)(void *user), void *user);

/* Waits until it is done. */
void aside_wait(struct aside *aside);

#endif
