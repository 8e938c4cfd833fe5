/* SPDX-License-Identifier: ISC */
/*
 * progress - one line on standard error that is drawn over
 *
 * For programs that wait on a network. Silent unless standard error is a
 * terminal that can erase a line.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>

#include "die.h"

/* {0} is a line that nothing was drawn on. */
struct progress {
	bool drawn;
};

/* Draws "prog: text" over what was drawn before. */
void progress_show(struct progress *progress, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* Leaves the line as it is, for messages to begin on the next. */
void progress_end(struct progress *progress);

#endif
