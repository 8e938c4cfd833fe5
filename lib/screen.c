/* SPDX-License-Identifier: ISC */
#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "num.h"

enum { COLUMNS = 80, LINES = 24 };

/* less where it is there: with colours, long lines chopped, left in place. */
#define DEFAULT_PAGER \
	"if command -v less > /dev/null; then exec less; else exec cat; fi"

/* A size out of the environment, else the terminal's, else the usual one. */
static size_t
size_of(const char *variable, unsigned short asked, size_t usual)
{
	const char *text = getenv(variable);
	int64_t value;

	if (text && !num_int64(slice_of(text), &value) && value > 0)
		return (size_t)value;
	return asked ? asked : usual;
}

static bool
wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return (!no || !*no) && term && *term && strcmp(term, "dumb") != 0;
}

void
screen_open(struct screen *screen)
{
	struct winsize size = {0};

	*screen = (struct screen){.terminal = isatty(STDOUT_FILENO)};
	out_stdout(&screen->out);
	if (!screen->terminal)
		return;
	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	screen->columns = size_of("COLUMNS", size.ws_col, COLUMNS);
	screen->lines = size_of("LINES", size.ws_row, LINES);
	screen->colour = wants_colour();
}

/* In the child: becomes the pager that reads from fd. */
static _Noreturn void
become_pager(const char *command, int fd)
{
	dup2(fd, STDIN_FILENO);
	close(fd);
	/* what the user has set stays */
	setenv("LESS", "RSX", 0);
	setenv("LESSCHARSET", "utf-8", 0);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(STATUS_TROUBLE);
}

/* Output to a pager, if one is wanted and can be started. */
static void
start_pager(struct screen *screen)
{
	const char *command = getenv("PAGER");
	int ends[2];

	if (command && (!*command || !strcmp(command, "cat")))
		return;
	if (pipe(ends))
		return;
	screen->pager = fork();
	if (screen->pager == 0) {
		close(ends[1]);
		become_pager(command ? command : DEFAULT_PAGER, ends[0]);
	}
	close(ends[0]);
	if (screen->pager < 0) {
		screen->pager = 0;
		close(ends[1]);
		return;
	}
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	screen->out.fd = ends[1];
	/* the pager is left with its own keys; then writing to it fails */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
}

static size_t
count_lines(struct slice text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.data[i] == '\n';
	return count;
}

bool
screen_write(struct screen *screen, struct slice text, bool more, bool wide)
{
	struct out *out = &screen->out;

	if (!screen->begun && screen->terminal &&
	    (more || wide || count_lines(text) >= screen->lines))
		start_pager(screen);
	screen->begun = true;
	out_slice(out, text);
	if (screen->pager)
		out_flush(out);
	return !out->error;
}

enum status
screen_finish(struct screen *screen, enum status status)
{
	struct out *out = &screen->out;
	int ended = 0;

	if (!screen->pager)
		return out_finish(out, status);
	out_flush(out);
	if (out->error == EPIPE)
		out->error = 0;
	status = out_finish(out, status);
	while (waitpid(screen->pager, &ended, 0) < 0 && errno == EINTR)
		continue;
	/* the shell's word for a command that cannot be run; it said why */
	if (WIFEXITED(ended) && WEXITSTATUS(ended) >= 126)
		return STATUS_TROUBLE;
	return status;
}
