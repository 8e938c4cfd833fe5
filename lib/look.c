/* SPDX-License-Identifier: ISC */
#include "look.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "screen.h"
#include "table.h"
#include "tail.h"

struct run {
	const struct look *look;
	struct csvin *in;
	struct table *table;
	uint64_t shown;
	struct buf text;
	struct screen screen;
	struct buf error;
};

/* What a table on paper or in a file does not need: how much this was. */
static void
put_footer(struct run *run)
{
	const struct look *look = run->look;
	const char *which = run->shown == look->rows ? "first " : "";
	bool colour = run->screen.colour;

	buf_puts(&run->text, colour ? "\x1b[2m" : "");
	buf_printf(&run->text, "%s%" PRIu64 " row%s",
	    look->tail ? "last " : which, run->shown,
	    run->shown == 1 ? "" : "s");
	table_left_out(run->table, &run->text);
	buf_puts(&run->text, colour ? "\x1b[0m\n" : "\n");
}

/* Writes the page; false if there is no use in going on. */
static bool
put_page(struct run *run, bool more)
{
	struct screen *screen = &run->screen;
	size_t width = table_page(run->table, &run->text);
	bool wide = screen->terminal && width > screen->columns;
	bool good;

	if (!more && screen->terminal)
		put_footer(run);
	good = screen_write(screen, buf_slice(&run->text), more, wide);
	buf_clear(&run->text);
	return good;
}

/*
 * io_open() of a regular file only: to open a pipe a second time could wait
 * for ever.
 */
static int
open_regular(const char *path)
{
	struct stat st;

	if (!strcmp(path, "-"))
		return STDIN_FILENO;
	if (stat(path, &st))
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = ESPIPE;
		return -1;
	}
	return io_open(path);
}

/* Sets the reader on the first of the last rows: 0, or -1 with the error. */
static int
go_to_tail(struct run *run, const char *path, off_t begin, bool drop)
{
	struct tail tail = {
	    .begin = begin,
	    .drop = drop,
	    .count = run->look->rows,
	};
	int fd = open_regular(path), found = fd < 0 ? -1 : tail_find(fd, &tail);

	if (found)
		buf_printf(
		    &run->error, "%s: %s", io_name(path), strerror(errno));
	if (fd > STDIN_FILENO)
		close(fd);
	if (found)
		return -1;
	table_number(run->table, -(int64_t)tail.count);
	return tail.at ? csvin_seek(run->in, tail.at) : 0;
}

/* Shows the rows behind the header: 0, or -1 with csvin_error(). */
static int
show_rows(struct run *run)
{
	struct csvin_record row;
	int got = 1;

	while (run->look->tail || run->shown < run->look->rows) {
		got = csvin_next(run->in, &row);
		if (got <= 0)
			break;
		run->shown++;
		if (table_add(run->table, run->in, &row) &&
		    !put_page(run, true))
			return 0;
	}
	put_page(run, false);
	return got < 0 ? -1 : 0;
}

static struct table_style
style_of(const struct run *run)
{
	const struct screen *screen = &run->screen;
	const struct look *look = run->look;
	bool fit = screen->terminal && !look->cell && !look->expanded;

	return (struct table_style){
	    .cell = look->cell ? look->cell : SIZE_MAX,
	    .screen = fit ? screen->columns : SIZE_MAX,
	    .colour = screen->colour,
	    .expanded = look->expanded,
	};
}

/* Shows all: 0, or -1 with the error, or csvin_error(). */
static int
show(struct run *run, const char *path)
{
	bool tail = run->look->tail, standard = !strcmp(path, "-");
	off_t begin = tail && standard ? lseek(STDIN_FILENO, 0, SEEK_CUR) : 0;
	struct csvin_record header;
	int got = csvin_next(run->in, &header);

	if (got <= 0)
		return got;
	run->table = table_new(style_of(run), run->in, &header);
	if (tail && go_to_tail(run, path, begin, header.nfields > 1))
		return -1;
	return show_rows(run);
}

enum status
look_show(const struct look *look, struct csvin *in, const char *path)
{
	/* a page of the longest record, with its controls as pictures */
	struct run run = {.look = look, .in = in, .text = {.limit = SIZE_MAX}};
	enum status status;
	int shown;

	screen_open(&run.screen);
	csvin_tie(in, &run.screen.out);
	shown = show(&run, path);
	status = screen_finish(&run.screen, STATUS_DONE);
	if (shown < 0) {
		warning("%s",
		    run.error.len ? buf_text(&run.error) : csvin_error(in));
		status = STATUS_TROUBLE;
	}
	table_free(run.table);
	buf_release(&run.text);
	buf_release(&run.error);
	return status;
}
