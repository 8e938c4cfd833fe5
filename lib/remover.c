/* SPDX-License-Identifier: ISC */
#include "remover.h"

#include <inttypes.h>
#include <string.h>

#include "json_out.h"
#include "workers.h"

static bool
next(void *user, struct buf *task)
{
	struct remover *remover = user;
	const char *name = *remover->names;

	if (!name || remover->out->error)
		return false;
	remover->names++;
	store_url(remover->store, name, task);
	buf_putc(task, '\0');
	buf_puts(task, name);
	buf_putc(task, '\0');
	return true;
}

static void
print_receipt(const struct store *store, const struct store_object *object,
    const char *tool, struct buf *text)
{
	struct json_out json = {.buf = text};
	struct buf url = {0}, generation = {0};

	store_url(store, object->name, &url);
	buf_printf(&generation, "%" PRId64, object->generation);
	json_open(&json, '{');
	json_pair_text(&json, "url", buf_text(&url));
	json_pair_text(&json, "name", object->name);
	json_pair_text(&json, "generation", buf_text(&generation));
	json_pair_int(&json, "bytes", object->bytes);
	json_pair_bool(&json, "removed", true);
	json_pair_text(&json, "tool", tool);
	json_close(&json, '}');
	buf_release(&url);
	buf_release(&generation);
}

/* A bucket with versions may have the other one, too: it is left alone. */
static int
check_generation(
    struct store *store, const char *name, int64_t there, int64_t want)
{
	if (!want || want == there)
		return 0;
	return store_fail(store, STATUS_TROUBLE, name,
	    "generation %" PRId64 " is there, not %" PRId64, there, want);
}

/* Removes the generation that was looked at, so that the receipt is true. */
static enum status
work(void *user, struct slice task, struct buf *answer)
{
	const struct remover *remover = user;
	struct store *store = remover->store;
	struct store_object object;
	const char *name = task.data + strlen(task.data) + 1;
	int64_t want = remover->generation;

	if (!store_stat(store, name, &object) &&
	    !check_generation(store, name, object.generation, want) &&
	    !store_remove(store, name, object.generation)) {
		object.name = name;
		print_receipt(store, &object, remover->tool, answer);
		return STATUS_DONE;
	}
	buf_add_slice(answer, buf_slice(&store->reason));
	return store->status;
}

static void
done(void *user, struct slice answer)
{
	struct remover *remover = user;

	out_slice(remover->out, answer);
	out_flush(remover->out);
}

enum status
remover_run(struct remover *remover, int jobs)
{
	struct workers workers = {jobs, next, work, done, remover};
	size_t count = 0;

	while (remover->names[count])
		count++;
	if (count < (size_t)jobs)
		workers.count = (int)count;
	return workers_run(&workers);
}
