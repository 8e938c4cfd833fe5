/* SPDX-License-Identifier: ISC */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

/*
 * Folders end in a slash, here and in the order: so what is in "a" stands
 * behind "a-b" and before "a0", as the bytes of the whole names want it.
 */
struct walk {
	const char *dir, *prefix, *hidden;
	char **pending; /* folders and files yet to visit, the next one last */
	size_t count;
	size_t cap;
	char *current; /* the name last taken from pending */
	int64_t passed_over;
};

static void
push(struct walk *walk, const char *name)
{
	walk->pending = xgrow(
	    walk->pending, walk->count, &walk->cap, sizeof(*walk->pending));
	walk->pending[walk->count++] = xstrdup(name);
}

struct walk *
walk_new(const char *dir, const char *prefix, const char *hidden)
{
	struct walk *walk = xcalloc(1, sizeof(*walk));

	*walk = (struct walk){.dir = dir, .prefix = prefix, .hidden = hidden};
	push(walk, "");
	return walk;
}

void
walk_free(struct walk *walk)
{
	if (!walk)
		return;
	while (walk->count)
		free(walk->pending[--walk->count]);
	free(walk->pending);
	free(walk->current);
	free(walk);
}

/* lstat(2) of a name. */
static int
examine(const struct walk *walk, const char *name, struct stat *st)
{
	struct buf path = {0};
	int result;

	buf_printf(&path, "%s/%s", walk->dir, name);
	result = lstat(buf_text(&path), st);
	buf_release(&path);
	return result;
}

/* True if the names agree as far as the shorter one goes. */
static bool
agree(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return !*a || !*b;
}

/* Keeps a name if it is a wanted file, or a folder that may hold some. */
static int
add(struct walk *walk, struct buf *name)
{
	struct stat st;

	/* first what spares the lstat(2), which is what takes time */
	if (!agree(name->data, walk->prefix))
		return 0;
	if (examine(walk, name->data, &st))
		return errno == ENOENT ? 0 : -1;
	if (S_ISDIR(st.st_mode)) {
		buf_putc(name, '/');
		push(walk, name->data);
	} else if (name->len < strlen(walk->prefix)) {
		return 0;
	} else if (S_ISREG(st.st_mode)) {
		push(walk, name->data);
	} else {
		walk->passed_over++;
	}
	return 0;
}

/* True for an entry of the current folder that is never part of a name. */
static bool
skipped(const struct walk *walk, const char *entry)
{
	return !strcmp(entry, ".") || !strcmp(entry, "..") ||
	       (!*walk->current && !strcmp(entry, walk->hidden));
}

/* Puts the current folder's entries into pending; -1 with errno. */
static int
add_all(struct walk *walk, DIR *folder)
{
	struct buf name = {0};
	struct dirent *entry;
	int result = 0;

	while (!result) {
		errno = 0;
		entry = readdir(folder);
		if (!entry) {
			result = errno ? -1 : 1;
		} else if (!skipped(walk, entry->d_name)) {
			buf_clear(&name);
			buf_puts(&name, walk->current);
			buf_puts(&name, entry->d_name);
			result = add(walk, &name);
		}
	}
	buf_release(&name);
	return result < 0 ? -1 : 0;
}

static int
last_first(const void *a, const void *b)
{
	return strcmp(*(char *const *)b, *(char *const *)a);
}

/* Puts what is in the current folder in its place. */
static int
expand(struct walk *walk)
{
	size_t before = walk->count;
	struct buf path = {0};
	int result, reason;
	DIR *folder;

	buf_printf(&path, "%s/%s", walk->dir, walk->current);
	folder = opendir(buf_text(&path));
	buf_release(&path);
	if (!folder)
		return errno == ENOENT ? 0 : -1;
	result = add_all(walk, folder);
	reason = errno;
	closedir(folder);
	errno = reason;
	if (walk->count > before)
		qsort(walk->pending + before, walk->count - before,
		    sizeof(*walk->pending), last_first);
	return result;
}

int
walk_next(struct walk *walk, const char **name, struct stat *st)
{
	while (walk->count) {
		char *current = walk->pending[--walk->count];
		size_t len = strlen(current);

		free(walk->current);
		walk->current = current;
		*name = current;
		if (!len || current[len - 1] == '/') {
			if (expand(walk))
				return -1;
		} else if (!examine(walk, current, st)) {
			return 1;
		} else if (errno != ENOENT) {
			return -1;
		}
	}
	return 0;
}

int64_t
walk_passed_over(const struct walk *walk)
{
	return walk->passed_over;
}
