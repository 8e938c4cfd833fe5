/* SPDX-License-Identifier: ISC */
#include "die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *program = "sluice";

void
die_name(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');

	program = slash ? slash + 1 : argv0;
}

const char *
die_program(void)
{
	return program;
}

static void
say(const char *fmt, va_list args)
{
	char line[4096];
	int len = vsnprintf(line, sizeof(line), fmt, args);

	if (len < 0)
		line[0] = '\0';
	for (char *p = line; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	}
	fprintf(stderr, "%s: %s%s\n", program, line,
	    len >= (int)sizeof(line) ? "..." : "");
}

void
warning(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
}

void
die(enum status status, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	exit((int)status);
}
