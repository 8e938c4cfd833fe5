/* SPDX-License-Identifier: ISC */
/*
 * workers - the same work on many things, by several processes at once
 *
 * A worker is a fork of this process, which gets one task after another by a
 * socket and answers each. It has a memory of its own, so what it opens is
 * its own, and what kills it costs one task.
 *
 * A task that fails is told at once, as a message, and the others go on; but
 * after as many temporary failures in a row as there are workers, or a
 * hundred failures of any kind in a row, no more are given out: then it is
 * not a task that is at fault.
 *
 * SIGINT, SIGTERM and SIGHUP end the workers, by SIGTERM, before they end this
 * process. When this process is killed, each worker ends after its task.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include <stdbool.h>

#include "buf.h"
#include "die.h"

enum {
	WORKERS_MAX = 64,
	WORKERS_USUAL = 4,
	WORKERS_MESSAGE = 64 * 1024, /* most bytes of a task, of an answer */
};

struct workers {
	int count; /* 1 to WORKERS_MAX */
	/*
	 * In this process: appends the next task, or returns false when there
	 * are no more. A task is what it is called in messages, a NUL, and
	 * whatever work() wants to know.
	 */
	bool (*next)(void *user, struct buf *task);
	/*
	 * In a worker: does the task. Returns STATUS_DONE and appends the
	 * answer, or another status and the reason, the whole message.
	 */
	enum status (*work)(void *user, struct slice task, struct buf *answer);
	/* In this process: takes the answer of a task that is done. */
	void (*done)(void *user, struct slice answer);
	void *user; /* each worker has a copy, as of the call */
};

/*
 * Runs until all tasks are done. Returns STATUS_DONE, or STATUS_TEMPORARY if
 * all failures were temporary, or STATUS_TROUBLE; a worker that dies is a
 * temporary one. Nothing that a worker must not share, such as a connection,
 * is to be open at the call.
 */
enum status workers_run(const struct workers *workers);

/* The worse one: trouble before temporary before done. */
enum status workers_worse(enum status a, enum status b);

/* An option's number of workers, or dies saying which option wanted what. */
int workers_option(const char *option, const char *text);

#endif
