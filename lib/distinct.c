/* SPDX-License-Identifier: ISC */
#include "distinct.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "io.h"

struct distinct_file {
	const char *name; /* in messages; borrowed */
	dev_t device;
	ino_t number;
	char *missing; /* its name in the folder that these are of, or NULL */
};

/* Where a file will be that does not exist; false if there is no folder. */
static bool
place(struct distinct_file *file, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf folder = {0};
	struct stat st;
	bool found;

	if (slash)
		buf_add(&folder, path, (size_t)(slash - path) + 1);
	found = !stat(slash ? buf_text(&folder) : ".", &st);
	buf_release(&folder);
	if (!found)
		return false;
	file->device = st.st_dev;
	file->number = st.st_ino;
	file->missing = xstrdup(slash ? slash + 1 : path);
	return true;
}

/* Takes what stat() said; false if it is no file that could be another. */
static bool
take(struct distinct_file *file, int result, const struct stat *st)
{
	if (result || !S_ISREG(st->st_mode))
		return false;
	file->device = st->st_dev;
	file->number = st->st_ino;
	return true;
}

static bool
identify(struct distinct_file *file, const char *path)
{
	struct stat st;
	int result = stat(path, &st);

	return result ? place(file, path) : take(file, result, &st);
}

static bool
identify_open(struct distinct_file *file, int fd)
{
	struct stat st;

	return take(file, fstat(fd, &st), &st);
}

static bool
is_same(const struct distinct_file *a, const struct distinct_file *b)
{
	if (a->device != b->device || a->number != b->number)
		return false;
	return a->missing && b->missing ? !strcmp(a->missing, b->missing)
					: !a->missing && !b->missing;
}

static void
add(struct distinct *distinct, struct distinct_file file)
{
	distinct->files = xgrow(distinct->files, distinct->count,
	    &distinct->cap, sizeof(*distinct->files));
	distinct->files[distinct->count++] = file;
}

/* Adds an output that is known as path in messages. */
static void
add_output(
    struct distinct *distinct, struct distinct_file file, const char *path)
{
	for (size_t i = 0; i < distinct->count; i++) {
		if (is_same(&file, &distinct->files[i]))
			die(STATUS_TROUBLE, "%s: the same file as %s", path,
			    distinct->files[i].name);
	}
	add(distinct, file);
}

void
distinct_input(struct distinct *distinct, const char *path)
{
	struct distinct_file file = {.name = io_name(path)};
	bool known = strcmp(path, "-") ? identify(&file, path)
				       : identify_open(&file, STDIN_FILENO);

	if (known)
		add(distinct, file);
}

void
distinct_inputs(struct distinct *distinct, char *const *paths, int npaths)
{
	for (int i = 0; i < npaths; i++)
		distinct_input(distinct, paths[i]);
	if (!npaths)
		distinct_input(distinct, "-");
}

void
distinct_xstdout(struct distinct *distinct)
{
	struct distinct_file file = {.name = "standard output"};

	if (identify_open(&file, STDOUT_FILENO))
		add_output(distinct, file, file.name);
}

void
distinct_xoutput(struct distinct *distinct, const char *path)
{
	struct distinct_file file = {.name = path}, twin = {.name = path};
	struct buf temporary = {0};

	if (path && !strcmp(path, "-"))
		die(STATUS_TROUBLE, "-: not a file to write; ./- would be one");
	/* a pipe or a device is written directly */
	if (!path || !identify(&file, path))
		return;
	add_output(distinct, file, path);
	buf_printf(&temporary, "%s.tmp", path);
	if (identify(&twin, buf_text(&temporary)))
		add_output(distinct, twin, buf_text(&temporary));
	buf_release(&temporary);
}

void
distinct_release(struct distinct *distinct)
{
	for (size_t i = 0; i < distinct->count; i++)
		free(distinct->files[i].missing);
	free(distinct->files);
	*distinct = (struct distinct){0};
}
