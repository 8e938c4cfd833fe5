/* SPDX-License-Identifier: ISC */
#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
progress_show(struct progress *progress, const char *fmt, ...)
{
	const char *terminal = getenv("TERM");
	va_list args;

	if (!isatty(STDERR_FILENO) || !terminal || !strcmp(terminal, "dumb"))
		return;
	fprintf(stderr, "\r%s: ", die_program());
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	/* ECMA-48 EL: erase to the end of the line */
	fputs("\033[K", stderr);
	progress->drawn = true;
}

void
progress_end(struct progress *progress)
{
	if (progress->drawn)
		fputc('\n', stderr);
	progress->drawn = false;
}
