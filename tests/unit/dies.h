/* SPDX-License-Identifier: ISC */
/*
 * dies - claims about functions that end the process
 */
#ifndef DIES_H
#define DIES_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "die.h"

/*
 * True if act(), run in a child process, exits with STATUS_TROUBLE and
 * exactly message on standard error.
 */
static inline bool
dies_saying(void (*act)(void), const char *message)
{
	char said[8192];
	size_t len = 0;
	ssize_t got;
	int ends[2], status;
	pid_t child;

	fflush(stdout);
	if (pipe(ends) || (child = fork()) < 0)
		return false;
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		act();
		_exit(STATUS_DONE);
	}
	close(ends[1]);
	while ((got = read(ends[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)got;
	close(ends[0]);
	said[len] = '\0';
	if (waitpid(child, &status, 0) != child)
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_TROUBLE &&
	    !strcmp(said, message))
		return true;
	printf("# wait status %d, said: %s", status, said);
	return false;
}

#endif
