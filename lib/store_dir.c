/* SPDX-License-Identifier: ISC */
#include "store_dir.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "draft.h"
#include "io.h"
#include "walk.h"

/* The folder of drafts: hidden from lists, and not in a name. */
#define DRAFTS ".tmp"

struct store_dir {
	struct store store; /* first, so that one is the other */
	char *dir;
	const char *name;   /* of the put or get, borrowed */
	struct draft draft; /* of the put under way */
	int fd;             /* of the get under way, or -1 */
	struct walk *walk;  /* of the list under way, or NULL */
};

static struct store_dir *
of(struct store *store)
{
	return (struct store_dir *)(void *)store;
}

/* The path of what is called name in the store; the caller frees. */
static char *
path_of(const struct store_dir *self, const char *name)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s", self->dir, name);
	return path.data;
}

/* Fails with errno as the reason; name as in store_fail(). */
static int
fail(struct store_dir *self, const char *name)
{
	const char *reason = strerror(errno);

	if (name && errno == ENOTDIR)
		reason = "a folder of this name is an object here";
	return store_fail(&self->store, STATUS_TROUBLE, name, "%s", reason);
}

/* True for a name that would lie among the drafts. */
static bool
hidden(const char *name)
{
	size_t len = strlen(DRAFTS);

	return !strncmp(name, DRAFTS, len) && (!name[len] || name[len] == '/');
}

/* Ends what is under way. */
static void
finish(struct store_dir *self)
{
	draft_close(&self->draft);
	if (self->fd >= 0)
		close(self->fd);
	self->fd = -1;
	walk_free(self->walk);
	self->walk = NULL;
}

static int
dir_put_begin(struct store *store, const char *name)
{
	struct store_dir *self = of(store);
	char *folder;
	int result;

	if (hidden(name))
		return store_fail(store, STATUS_TROUBLE, name,
		    "'" DRAFTS "' is the folder of unfinished objects");
	self->name = name;
	folder = path_of(self, DRAFTS);
	result = draft_open(&self->draft, folder);
	free(folder);
	return result ? fail(self, NULL) : 0;
}

static int
dir_put_write(struct store *store, const void *data, size_t len)
{
	struct store_dir *self = of(store);

	return io_write(self->draft.fd, data, len) ? fail(self, self->name) : 0;
}

/* What fd holds, from where it stands to its end. */
static int
digest_of(int fd, struct digest_result *result)
{
	struct digest *digest = digest_new();
	char block[64 * 1024];
	ssize_t got;

	while ((got = io_read(fd, block, sizeof(block))) > 0)
		digest_add(digest, block, (size_t)got);
	digest_finish(digest, result);
	digest_free(digest);
	return got < 0 ? -1 : 0;
}

/* Fails unless path holds the bytes that were put. */
static int
compare(
    struct store_dir *self, const char *path, const struct digest_result *put)
{
	struct digest_result there;
	int fd = io_open(path), result;

	if (fd < 0 && errno == EISDIR)
		return store_fail(&self->store, STATUS_TROUBLE, self->name,
		    "a folder of other objects here");
	if (fd < 0)
		return fail(self, self->name);
	result = digest_of(fd, &there) ? fail(self, self->name) : 0;
	close(fd);
	if (!result && strcmp(there.sha256, put->sha256))
		return store_fail(&self->store, STATUS_TROUBLE, self->name,
		    "exists with other bytes and is never overwritten: there "
		    "%" PRIu64 " bytes, sha256 %s; given %" PRIu64 " bytes, "
		    "sha256 %s",
		    there.bytes, there.sha256, put->bytes, put->sha256);
	return result;
}

static void
describe(const char *name, const struct stat *st, struct store_object *object)
{
	object->name = name;
	object->bytes = st->st_size;
	object->created =
	    st->st_mtim.tv_sec * CLOCK_SECOND + st->st_mtim.tv_nsec / 1000;
	object->generation = object->created;
}

/* Gives the draft its name, or finds its like there. */
static int
publish(struct store_dir *self, const char *path, struct store_receipt *receipt)
{
	int result = draft_publish(&self->draft, path);
	struct stat st;

	if (result < 0)
		return fail(self, self->name);
	receipt->existed = !result;
	if (receipt->existed && compare(self, path, &receipt->digest))
		return -1;
	if (stat(path, &st))
		return fail(self, self->name);
	describe(self->name, &st, &receipt->object);
	return 0;
}

static int
dir_put_commit(struct store *store, struct store_receipt *receipt)
{
	struct store_dir *self = of(store);
	char *path = path_of(self, self->name);
	int result = publish(self, path, receipt);

	free(path);
	finish(self);
	return result;
}

static int
dir_get_open(struct store *store, const char *name)
{
	struct store_dir *self = of(store);
	char *path = path_of(self, name);

	finish(self);
	self->name = name;
	errno = ENOENT;
	self->fd = hidden(name) ? -1 : io_open(path);
	free(path);
	if (self->fd >= 0)
		return 0;
	if (errno == ENOENT || errno == ENOTDIR || errno == EISDIR)
		return store_fail(
		    store, STATUS_TROUBLE, name, "no such object");
	return fail(self, name);
}

static ssize_t
dir_get_read(struct store *store, void *data, size_t size)
{
	struct store_dir *self = of(store);
	ssize_t got = io_read(self->fd, data, size);

	return got < 0 ? fail(self, self->name) : got;
}

static int
dir_list_begin(struct store *store, const char *prefix)
{
	struct store_dir *self = of(store);

	finish(self);
	self->walk = walk_new(self->dir, prefix, DRAFTS);
	return 0;
}

static int
dir_list_next(struct store *store, struct store_object *object)
{
	struct store_dir *self = of(store);
	struct stat st;
	const char *name;
	int result = walk_next(self->walk, &name, &st);

	if (result < 0)
		return fail(self, *name ? name : NULL);
	if (result)
		describe(name, &st, object);
	return result;
}

static void
dir_close(struct store *store)
{
	struct store_dir *self = of(store);

	finish(self);
	free(self->dir);
	free(self);
}

static const struct store_functions functions = {
    .put_begin = dir_put_begin,
    .put_write = dir_put_write,
    .put_commit = dir_put_commit,
    .get_open = dir_get_open,
    .get_read = dir_get_read,
    .list_begin = dir_list_begin,
    .list_next = dir_list_next,
    .close = dir_close,
};

struct store *
store_dir_new(const char *dir)
{
	struct store_dir *self = xcalloc(1, sizeof(*self));

	self->store.functions = &functions;
	self->dir = xstrdup(dir);
	self->fd = -1;
	return &self->store;
}
