/* SPDX-License-Identifier: ISC */
/*
 * screen - standard output, with what a terminal adds to it
 *
 * On a terminal there are its size, colours unless the environment has
 * NO_COLOR (https://no-color.org), and a pager for what does not fit.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <sys/types.h>

#include "io.h"

struct screen {
	bool terminal;
	bool colour;
	size_t columns, lines; /* of a terminal */

	struct out out;
	bool begun;  /* something was written */
	pid_t pager; /* or 0 */
};

/* Looks at standard output. */
void screen_open(struct screen *screen);

/*
 * Writes text, of which, if more, not all has come yet. What is written first
 * goes through $PAGER, less if it is not set, if there is more, if it has more
 * lines than the terminal, or if it is too wide. False if no more can be
 * written, so that there is no use in going on.
 */
bool screen_write(
    struct screen *screen, struct slice text, bool more, bool wide);

/*
 * Ends the output and waits for the pager, which may have been left early.
 * Returns status, or STATUS_TROUBLE after a message.
 */
enum status screen_finish(struct screen *screen, enum status status);

#endif
