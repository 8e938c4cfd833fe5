/* SPDX-License-Identifier: ISC */
/*
 * producer - a command whose standard output is our input
 *
 * "gcs-put NAME -- command..." reads the command's output and publishes it
 * only if the command exits 0, which a pipe cannot tell.
 */
#ifndef PRODUCER_H
#define PRODUCER_H

#include <sys/types.h>

#include "buf.h"
#include "die.h"

struct producer {
	pid_t pid;        /* 0: there is none, input is standard input */
	const char *name; /* of the input, in messages; borrowed */
	int fd;           /* to read from */
};

/*
 * Starts argv[0] with its standard output as producer->fd and our standard
 * input as its own. With argc 0 nothing is started and fd is standard input.
 * Dies with STATUS_TROUBLE if the command cannot be run.
 */
void producer_start(struct producer *producer, int argc, char **argv);

/*
 * Waits for the command, after the end of its output. Returns STATUS_DONE if
 * it exited 0. Otherwise appends "COMMAND: exit status N" or "COMMAND: killed
 * by signal N" to reason, and returns STATUS_TEMPORARY if that was its status,
 * else STATUS_TROUBLE.
 */
enum status producer_wait(struct producer *producer, struct buf *reason);

/* producer_wait() that dies unless it is STATUS_DONE. */
void producer_finish(struct producer *producer);

#endif
