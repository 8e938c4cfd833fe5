/* SPDX-License-Identifier: ISC */
#include "opt.h"
#include "check.h"
#include "dies.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const struct option_row options[] = {
    {'f', "force", NULL, "no argument"},
    {'k', "key", "COL", "one argument"},
};

static const struct tool tool = {
    .name = "tool",
    .synopsis = "[-f] [-k COL]",
    .summary = "be a test",
    .options = options,
    .noptions = 2,
    .examples = "tool",
};

/*
 * What parsing these words gives: each option as its letter, with =ARGUMENT
 * where it has one, and the operands behind a bar.
 */
static const char *
parsed(struct buf *text, char **argv)
{
	struct opts opts;
	int argc = 0, letter;

	while (argv[argc])
		argc++;
	buf_clear(text);
	optind = 1; /* getopt_long begins anew */
	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1) {
		buf_printf(text, "%c", letter);
		if (letter == 'k')
			buf_printf(text, "=%s", opts.arg);
		buf_putc(text, ' ');
	}
	buf_putc(text, '|');
	for (int i = 0; i < opts.argc; i++)
		buf_printf(text, " %s", opts.argv[i]);
	return buf_text(text);
}

#define PARSED(text, ...) \
	parsed((text), (char *[]){"bin/tool", __VA_ARGS__, NULL})

static void
check_parsing(void)
{
	struct buf text = {0};

	CHECK(!strcmp(PARSED(&text, NULL), "|"));
	CHECK(!strcmp(PARSED(&text, "-f", "-k", "a"), "f k=a |"));
	CHECK(!strcmp(PARSED(&text, "-fka", "b"), "f k=a | b"));
	CHECK(!strcmp(PARSED(&text, "--key=a", "--force"), "k=a f |"));
	CHECK(!strcmp(PARSED(&text, "--key", "-f"), "k=-f |"));
	CHECK(!strcmp(PARSED(&text, "-k", ""), "k= |"));
	CHECK(!strcmp(PARSED(&text, "a", "-f"), "| a -f"));
	CHECK(!strcmp(PARSED(&text, "-f", "--", "-k"), "f | -k"));
	CHECK(!strcmp(PARSED(&text, "-", "-f"), "| - -f"));
	CHECK(!strcmp(die_program(), "tool"));
	buf_release(&text);
}

#define REFUSED(name, ...) \
	static void name(void) \
	{ \
		struct buf text = {0}; \
\
		PARSED(&text, __VA_ARGS__); \
	}

REFUSED(unknown_letter, "-x")
REFUSED(unknown_in_cluster, "--force", "-xf")
REFUSED(unknown_name, "--nothing")
REFUSED(bare_letter, "-f", "-k")
REFUSED(bare_name, "--key")
REFUSED(argument_too_many, "--force=yes")

#define HINT "tool: try 'tool --help'\n"

static void
check_refusals(void)
{
	CHECK(dies_saying(unknown_letter, "tool: unknown option -x\n" HINT));
	CHECK(
	    dies_saying(unknown_in_cluster, "tool: unknown option -x\n" HINT));
	CHECK(
	    dies_saying(unknown_name, "tool: unknown option --nothing\n" HINT));
	CHECK(dies_saying(
	    bare_letter, "tool: option -k wants an argument\n" HINT));
	CHECK(dies_saying(
	    bare_name, "tool: option --key wants an argument\n" HINT));
	CHECK(dies_saying(argument_too_many,
	    "tool: option --force=yes takes no argument\n" HINT));
}

int
main(void)
{
	check_parsing();
	check_refusals();
	return check_done();
}
