/* SPDX-License-Identifier: ISC */
/*
 * opt - options out of one table
 *
 * A tool describes itself once, in a struct tool; parsing, --help, --version
 * and the words of usage errors all come from it, and the manual page is
 * tested against it.
 */
#ifndef OPT_H
#define OPT_H

#include <stddef.h>

#include "buf.h"

#define SLUICE_VERSION "0.1.0"

struct option_row {
	char letter;
	const char *name; /* long name, without dashes */
	const char *arg;  /* what the help calls the argument, or NULL */
	const char *help; /* one line */
};

struct tool {
	const char *name;
	const char *synopsis; /* what follows the name: "[-f] -c NAME" */
	const char *summary;  /* one line, as in the manual page's .Nd */
	const struct option_row *options; /* sorted by letter */
	size_t noptions;
	const char *examples; /* lines without the leading two blanks */
};

/* The parser's state; argv holds the operands once opt_next() returned -1. */
struct opts {
	const struct tool *tool;
	int argc;
	char **argv;
	char *arg;     /* argument of the option just returned, borrowed */
	void *table;   /* private */
	char *letters; /* private */
};

/*
 * Begins a tool's main: sets the program name, guards the standard
 * descriptors and prepares for parsing.
 */
void opt_begin(
    struct opts *opts, const struct tool *tool, int argc, char **argv);

/*
 * The letter of the next option, or -1 at the first operand or after "--".
 * --help and --version print on standard output and exit 0; a wrong option
 * prints two lines on standard error and exits STATUS_TROUBLE.
 */
int opt_next(struct opts *opts);

/* Wrong usage: prints the reason and a hint at --help, exits STATUS_TROUBLE. */
_Noreturn void opt_usage(const struct opts *opts, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

#endif
