/* SPDX-License-Identifier: ISC */
#include "copier.h"

#include <inttypes.h>
#include <string.h>

#include "copy.h"
#include "store.h"
#include "workers.h"

struct run {
	const struct copier *plan;
	size_t at;          /* the place that the next task is from */
	struct store *list; /* of that place, if it is a folder, or NULL */
	bool any;           /* the list had an object */
	enum status status; /* of what failed here, not in a worker */
	struct store *from; /* a worker's, or NULL */
	struct store *to;
};

/*
 * A task, or what a store tells of an object, as bytes that last. No member is
 * followed by a gap, whose bytes would be anything.
 */
struct item {
	size_t place;
	size_t known; /* 1: not only the name is */
	struct store_object object;
};

static const char **
text_of(struct store_object *object, int i)
{
	const char **texts[] = {&object->name, &object->content_type,
	    &object->content_encoding, &object->crc32c, &object->sha256};

	return texts[i];
}

enum { TEXTS = 5 };

static void
pack(struct item item, struct buf *bytes)
{
	buf_add(bytes, &item, sizeof(item));
	for (int i = 0; i < TEXTS; i++) {
		const char *text = *text_of(&item.object, i);

		buf_puts(bytes, text ? text : "");
		buf_putc(bytes, '\0');
	}
}

/* The item, with texts in bytes. */
static struct item
unpack(const char *bytes)
{
	struct item item;

	memcpy(&item, bytes, sizeof(item));
	bytes += sizeof(item);
	for (int i = 0; i < TEXTS; i++) {
		*text_of(&item.object, i) = *bytes ? bytes : NULL;
		bytes += strlen(bytes) + 1;
	}
	return item;
}

static void
put_task(const struct run *run, struct item item, struct buf *task)
{
	buf_printf(
	    task, "%s/%s", run->plan->from[run->at].location, item.object.name);
	buf_putc(task, '\0');
	item.place = run->at;
	pack(item, task);
}

static void
tell(struct run *run, enum status status, const char *message)
{
	warning("%s", message);
	run->status = workers_worse(run->status, status);
}

static void
end_list(struct run *run)
{
	store_close(run->list);
	run->list = NULL;
}

/* Begins the list of the folder that the run is at; false if it failed. */
static bool
begin_list(struct run *run)
{
	const struct place *place = &run->plan->from[run->at];
	struct buf reason = {0};

	run->any = false;
	run->list = store_open(place->location, &reason);
	if (!run->list) {
		tell(run, STATUS_TROUBLE, buf_text(&reason));
	} else if (store_list_begin(run->list, place->name)) {
		tell(run, run->list->status, buf_text(&run->list->reason));
		end_list(run);
	}
	buf_release(&reason);
	return run->list;
}

/* A list is at its end, or broken off. */
static void
finish_list(struct run *run, bool broken)
{
	const char *url = run->plan->from[run->at].url;
	struct buf none = {0};

	if (run->list->passed_over)
		warning("%s: %" PRId64 " entries passed over that are no "
			"files: links, sockets or the like",
		    url, run->list->passed_over);
	buf_printf(&none, "%s: no objects", url);
	if (broken)
		tell(run, run->list->status, buf_text(&run->list->reason));
	else if (!run->any)
		tell(run, STATUS_TROUBLE, buf_text(&none));
	buf_release(&none);
	end_list(run);
}

/* The next task of the folder that the run is at; false if there is none. */
static bool
next_below(struct run *run, struct buf *task)
{
	struct item item = {.known = 1};
	int more;

	if (!run->list && !begin_list(run))
		return false;
	more = store_list_next(run->list, &item.object);
	if (more <= 0) {
		finish_list(run, more < 0);
		return false;
	}
	run->any = true;
	put_task(run, item, task);
	return true;
}

static bool
next(void *user, struct buf *task)
{
	struct run *run = user;
	const struct copier *plan = run->plan;

	for (; run->at < plan->nfrom && !plan->out->error; run->at++) {
		const struct place *place = &plan->from[run->at];

		if (!place->folder) {
			put_task(run, (struct item){.object.name = place->name},
			    task);
			run->at++;
			return true;
		}
		if (next_below(run, task))
			return true;
	}
	return false;
}

/* Has a worker's store be that of location; false with a reason if it is none.
 */
static bool
use_store(struct store **store, const char *location, struct buf *reason)
{
	if (*store && strcmp((*store)->location, location)) {
		store_close(*store);
		*store = NULL;
	}
	if (!*store)
		*store = store_open(location, reason);
	return *store;
}

/* The stores begin anew after a failure. */
static enum status
fail(struct run *run, struct store *failed, struct buf *answer)
{
	enum status status = failed->status;

	buf_add_slice(answer, buf_slice(&failed->reason));
	store_close(run->from);
	store_close(run->to);
	run->from = run->to = NULL;
	return status;
}

static enum status
copy(struct run *run, struct item item, struct buf *answer)
{
	const struct copier *plan = run->plan;
	struct buf name = {0}, known = {0};
	struct copy copy = {.from = run->from, .to = run->to};
	struct store_receipt receipt;
	struct store *failed = NULL;
	enum status status = STATUS_DONE;

	place_target(
	    &plan->from[item.place], item.object.name, plan->to, &name);
	if (!item.known &&
	    store_stat(run->from, item.object.name, &item.object))
		failed = run->from;
	pack(item, &known);
	copy.object = unpack(known.data).object;
	copy.name = buf_text(&name);
	if (!failed)
		failed = copy_object(&copy, &receipt);
	if (failed)
		status = fail(run, failed, answer);
	else
		copy_receipt_print(&copy, &receipt, plan->tool, answer);
	buf_release(&name);
	buf_release(&known);
	return status;
}

static enum status
work(void *user, struct slice task, struct buf *answer)
{
	struct run *run = user;
	struct item item = unpack(task.data + strlen(task.data) + 1);

	if (!use_store(
		&run->from, run->plan->from[item.place].location, answer) ||
	    !use_store(&run->to, run->plan->to->location, answer))
		return STATUS_TROUBLE;
	return copy(run, item, answer);
}

static void
done(void *user, struct slice answer)
{
	struct run *run = user;

	out_slice(run->plan->out, answer);
	out_flush(run->plan->out);
}

enum status
copier_run(const struct copier *copier, int workers)
{
	struct run run = {.plan = copier};
	struct workers plan = {workers, next, work, done, &run};
	bool folder = false;
	enum status status;

	for (size_t i = 0; i < copier->nfrom; i++)
		folder = folder || copier->from[i].folder;
	if (!folder && copier->nfrom < (size_t)workers)
		plan.count = (int)copier->nfrom;
	status = workers_run(&plan);
	if (run.list)
		end_list(&run);
	return workers_worse(run.status, status);
}
