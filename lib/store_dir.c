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
	const char *name;   /* of the put, borrowed */
	struct draft draft; /* of the put under way */
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
	walk_free(self->walk);
	self->walk = NULL;
}

static int
dir_put_begin(struct store *store, const struct store_put *put)
{
	struct store_dir *self = of(store);
	char *folder;
	int result;

	if (hidden(put->name))
		return store_fail(store, STATUS_TROUBLE, put->name,
		    "'" DRAFTS "' is the folder of unfinished objects");
	self->name = put->name;
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

/* Fails as one who did not find the object, or what errno says. */
static int
fail_find(struct store_dir *self, const char *name)
{
	if (errno == ENOENT || errno == ENOTDIR || errno == EISDIR)
		return store_fail_absent(&self->store, name);
	return fail(self, name);
}

/* Fails for an object that is of another generation than is asked for. */
static int
check_generation(
    struct store_dir *self, const struct store_object *object, int64_t want)
{
	if (!want || want == object->generation)
		return 0;
	store_fail(&self->store, STATUS_TROUBLE, object->name,
	    "generation %" PRId64 " is there, not %" PRId64, object->generation,
	    want);
	self->store.absent = true;
	return -1;
}

/* Opens what may be an object: a pipe would have us wait. */
static int
open_regular(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = ENOENT;
		return -1;
	}
	return io_open(path);
}

/* Opens and describes an object: a descriptor, or -1. */
static int
open_object(struct store_dir *self, const char *name, int64_t generation,
    struct store_object *object)
{
	char *path = path_of(self, name);
	struct stat st;
	int fd;

	errno = ENOENT;
	fd = hidden(name) ? -1 : open_regular(path);
	free(path);
	if (fd < 0)
		return fail_find(self, name);
	if (fstat(fd, &st)) {
		fail(self, name);
		close(fd);
		return -1;
	}
	describe(name, &st, object);
	if (check_generation(self, object, generation)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Hands over what fd holds. */
static int
hand_over(struct store_dir *self, const struct store_get *get, int fd)
{
	char block[64 * 1024];
	ssize_t got;

	while ((got = io_read(fd, block, sizeof(block))) > 0) {
		if (get->take(get->user, block, (size_t)got))
			return store_fail(&self->store, STATUS_TROUBLE,
			    get->name, "given up");
	}
	return got < 0 ? fail(self, get->name) : 0;
}

/* What a put made does not change, but other files may lie here too. */
static int
check_unchanged(
    struct store_dir *self, const struct store_object *object, int fd)
{
	struct store_object now;
	struct stat st;

	if (fstat(fd, &st))
		return fail(self, object->name);
	describe(object->name, &st, &now);
	if (now.bytes == object->bytes && now.generation == object->generation)
		return 0;
	return store_fail(&self->store, STATUS_TROUBLE, object->name,
	    "changed while it was read");
}

static int
dir_get(struct store *store, const struct store_get *get,
    struct store_object *object)
{
	struct store_dir *self = of(store);
	int fd = open_object(self, get->name, get->generation, object);
	int result;

	if (fd < 0)
		return -1;
	result = hand_over(self, get, fd);
	if (!result)
		result = check_unchanged(self, object, fd);
	close(fd);
	return result;
}

static int
dir_stat(struct store *store, const char *name, struct store_object *object)
{
	int fd = open_object(of(store), name, 0, object);

	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

/* Removes the folders that the name lay in and that are empty now. */
static void
remove_parents(struct store_dir *self, char *path)
{
	size_t end = strlen(self->dir);
	char *slash;

	while ((slash = strrchr(path, '/')) > path + end) {
		*slash = '\0';
		if (rmdir(path))
			return;
	}
}

static int
dir_remove(struct store *store, const char *name, int64_t generation)
{
	struct store_dir *self = of(store);
	struct store_object object;
	char *path;
	int fd = open_object(self, name, generation, &object), result;

	if (fd < 0)
		return -1;
	path = path_of(self, name);
	result = unlink(path) ? fail_find(self, name) : 0;
	/* it is gone already if another process removed the last one in it */
	if (!result && io_sync_parent(path) && errno != ENOENT)
		result = fail(self, name);
	if (!result)
		remove_parents(self, path);
	free(path);
	close(fd);
	return result;
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
	store->passed_over = walk_passed_over(self->walk);
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
    .get = dir_get,
    .stat = dir_stat,
    .remove = dir_remove,
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
	return &self->store;
}
