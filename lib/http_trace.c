/* SPDX-License-Identifier: ISC */
#include "http_trace.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hook.h"
#include "http.h"
#include "io.h"
#include "redact.h"

/* Names a file to which tests have all traces added, asked for or not. */
#define TEST_FILE "SLUICE_TEST_TRACE"

static bool tracing;

void
http_trace(bool on)
{
	tracing = on;
}

bool
http_traced(void)
{
	return tracing || hook_text(TEST_FILE);
}

/* Whole lines at once: others may write there too. */
static void
write_lines(struct slice lines)
{
	const char *path = hook_text(TEST_FILE);
	int fd;

	if (tracing)
		io_write(STDERR_FILENO, lines.data, lines.len);
	if (!path)
		return;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	io_write(fd, lines.data, lines.len);
	close(fd);
}

/* Marks the lines of a text; control bytes are the terminal's, not ours. */
static void
mark_lines(struct buf *lines, char mark, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (i == 0 || text.data[i - 1] == '\n')
			buf_printf(lines, "%c ", mark);
		if (byte == '\n' || byte >= ' ')
			buf_putc(lines, byte == 0x7f ? '?' : text.data[i]);
		else if (byte != '\r')
			buf_putc(lines, '?');
	}
	if (text.len && text.data[text.len - 1] != '\n')
		buf_putc(lines, '\n');
}

void
http_trace_text(char mark, struct slice text)
{
	struct buf safe = {0}, lines = {0};

	if (!http_traced())
		return;
	redact_add(&safe, text);
	mark_lines(&lines, mark, buf_slice(&safe));
	write_lines(buf_slice(&lines));
	buf_release(&safe);
	buf_release(&lines);
}

void
http_trace_note(const char *fmt, ...)
{
	char text[512];
	va_list args;

	if (!http_traced())
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	http_trace_text('*', slice_of(text));
}
