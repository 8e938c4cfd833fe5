/* SPDX-License-Identifier: ISC */
#include "opt.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"

static const struct option_row common[] = {
    {'h', "help", NULL, "print this help and exit"},
    {'V', "version", NULL, "print the version and exit"},
};
enum { NCOMMON = sizeof(common) / sizeof(common[0]) };

/* Row i of the tool's options followed by the common ones. */
static const struct option_row *
row_at(const struct tool *tool, size_t i)
{
	return i < tool->noptions ? &tool->options[i]
				  : &common[i - tool->noptions];
}

void
opt_begin(struct opts *opts, const struct tool *tool, int argc, char **argv)
{
	size_t count = tool->noptions + NCOMMON;
	struct option *table;
	struct buf letters = {0};

	die_name(argc > 0 ? argv[0] : tool->name);
	io_guard_standard();
	table = xcalloc(count + 1, sizeof(*table));
	/* '+': stop at the first operand; ':': tell a missing argument */
	buf_puts(&letters, "+:");
	for (size_t i = 0; i < count; i++) {
		const struct option_row *row = row_at(tool, i);

		table[i] = (struct option){
		    .name = row->name,
		    .has_arg = row->arg ? required_argument : no_argument,
		    .val = row->letter,
		};
		buf_putc(&letters, row->letter);
		if (row->arg)
			buf_putc(&letters, ':');
	}
	opterr = 0;
	*opts = (struct opts){
	    .tool = tool,
	    .argc = argc,
	    .argv = argv,
	    .table = table,
	    .letters = letters.data,
	};
}

/* Prints an option's row: "  -k, --key COL[,COL]  help". */
static void
print_row(struct out *out, const struct option_row *row)
{
	struct buf left = {0};

	buf_printf(&left, "  -%c, --%s", row->letter, row->name);
	if (row->arg)
		buf_printf(&left, " %s", row->arg);
	if (left.len > 28)
		buf_puts(&left, "\n");
	out_slice(out, buf_slice(&left));
	for (size_t i = left.len > 28 ? 0 : left.len; i < 30; i++)
		out_putc(out, ' ');
	out_puts(out, row->help);
	out_putc(out, '\n');
	buf_release(&left);
}

static void
print_examples(struct out *out, const char *examples)
{
	out_puts(out, "\nExamples:\n");
	while (*examples) {
		size_t len = strcspn(examples, "\n");

		out_puts(out, "  ");
		out_write(out, examples, len);
		out_putc(out, '\n');
		examples += len + (examples[len] == '\n');
	}
}

static _Noreturn void
print_help(const struct tool *tool)
{
	struct out out;

	out_stdout(&out);
	out_puts(&out, "usage: ");
	out_puts(&out, tool->name);
	out_putc(&out, ' ');
	out_puts(&out, tool->synopsis);
	out_puts(&out, "\n\n");
	out_puts(&out, tool->summary);
	out_puts(&out, "\n\nOptions:\n");
	for (size_t i = 0; i < tool->noptions + NCOMMON; i++)
		print_row(&out, row_at(tool, i));
	print_examples(&out, tool->examples);
	exit((int)out_finish(&out, STATUS_DONE));
}

static _Noreturn void
print_version(const struct tool *tool)
{
	struct out out;

	out_stdout(&out);
	out_puts(&out, tool->name);
	out_puts(&out, " (sluice) " SLUICE_VERSION "\n");
	exit((int)out_finish(&out, STATUS_DONE));
}

void
opt_usage(const struct opts *opts, const char *fmt, ...)
{
	char reason[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	warning("%s", reason);
	die(STATUS_TROUBLE, "try '%s --help'", opts->tool->name);
}

/*
 * Says what getopt_long refused. It sets optopt to 0 for a long name it does
 * not know; an unknown letter may stand inside a word that it has not left.
 */
static _Noreturn void
refuse(const struct opts *opts, int why)
{
	const char *typed = opts->argv[optind - 1];
	char letter[3] = {'-', (char)optopt, '\0'};
	bool known = optopt && strchr(opts->letters + 2, optopt);
	bool spelled = !optopt || (known && !strncmp(typed, "--", 2));
	const char *name = spelled ? typed : letter;

	if (why == ':')
		opt_usage(opts, "option %s wants an argument", name);
	if (known)
		opt_usage(opts, "option %s takes no argument", name);
	opt_usage(opts, "unknown option %s", name);
}

int
opt_next(struct opts *opts)
{
	int letter = getopt_long(
	    opts->argc, opts->argv, opts->letters, opts->table, NULL);

	switch (letter) {
	case 'h':
		print_help(opts->tool);
	case 'V':
		print_version(opts->tool);
	case '?':
	case ':':
		refuse(opts, letter);
	case -1:
		opts->argc -= optind;
		opts->argv += optind;
		free(opts->table);
		free(opts->letters);
		return -1;
	default:
		opts->arg = optarg;
		return letter;
	}
}
