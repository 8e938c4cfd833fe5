/* SPDX-License-Identifier: ISC */
#include "draft.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "io.h"

static int
make_folder(const char *path)
{
	if (mkdir(path, 0777))
		return errno == EEXIST ? 0 : -1;
	return io_sync_parent(path);
}

/* Makes the folders that path lies in. */
static int
make_parents(const char *path)
{
	char *parent = xstrdup(path);
	int result = 0;

	for (char *slash = parent; !result && (slash = strchr(slash + 1, '/'));
	     *slash = '/') {
		*slash = '\0';
		result = make_folder(parent);
	}
	free(parent);
	return result;
}

/* Removes a draft if its writer is gone. */
static void
remove_if_left(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return;
	if (!flock(fd, LOCK_SH | LOCK_NB))
		unlink(path);
	close(fd);
}

/* Removes what killed writers left; what cannot be removed stays. */
static void
remove_left(const char *folder)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;

	while (entries && (entry = readdir(entries))) {
		struct buf path = {0};

		buf_printf(&path, "%s/%s", folder, entry->d_name);
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			remove_if_left(path.data);
		buf_release(&path);
	}
	if (entries)
		closedir(entries);
}

/*
 * Creates and locks the draft; -1 with EAGAIN asks for another name. Between
 * open and flock another process may take the file for one that was left:
 * then the lock is refused, or the file has lost its name.
 */
static int
create(struct draft *draft)
{
	struct stat st;

	draft->fd =
	    open(draft->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (draft->fd < 0) {
		if (errno == EEXIST)
			errno = EAGAIN;
		return -1;
	}
	if (flock(draft->fd, LOCK_EX | LOCK_NB) || fstat(draft->fd, &st))
		return -1;
	errno = EAGAIN;
	return st.st_nlink ? 0 : -1;
}

int
draft_open(struct draft *draft, const char *folder)
{
	*draft = (struct draft){0};
	if (make_parents(folder) || make_folder(folder))
		return -1;
	remove_left(folder);
	for (int try = 0;; try++) {
		struct buf path = {0};

		buf_printf(&path, "%s/%lld-%ld-%d", folder,
		    (long long)clock_now(), (long)getpid(), try);
		draft->path = path.data;
		if (!create(draft))
			return 0;
		if (errno != EAGAIN)
			return -1;
		draft_close(draft);
	}
}

/* As link(2); the folder may be removed, being empty, before it gets the name.
 */
static int
link_draft(const struct draft *draft, const char *path)
{
	int result = -1;

	errno = ENOENT;
	for (int try = 0; result && errno == ENOENT && try < 100; try++) {
		if (make_parents(path) && errno != ENOENT)
			return -1;
		result = link(draft->path, path);
	}
	return result;
}

int
draft_publish(struct draft *draft, const char *path)
{
	bool exists;

	if (futimens(draft->fd, NULL) || fsync(draft->fd))
		return -1;
	exists = link_draft(draft, path);
	if ((exists && errno != EEXIST) || io_sync_parent(path))
		return -1;
	return !exists;
}

void
draft_close(struct draft *draft)
{
	if (draft->path && draft->fd >= 0) {
		unlink(draft->path);
		close(draft->fd);
	}
	free(draft->path);
	*draft = (struct draft){0};
}
