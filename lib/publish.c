/* SPDX-License-Identifier: ISC */
#include "publish.h"

#include <errno.h>
#include <string.h>

#include "gz.h"
#include "io.h"
#include "producer.h"

static _Noreturn void
refuse(struct store *store, const struct producer *producer, const char *reason)
{
	store_close(store);
	die(STATUS_TROUBLE, "%s: %s", producer->name, reason);
}

/* The store, as what takes the bytes. */
static int
put_bytes(void *user, const void *data, size_t len)
{
	struct store *store = user;

	if (store_put_write(store, data, len))
		store_die(store);
	return 0;
}

/* The input to its end, through gz if that is not NULL. */
static void
copy(struct store *store, const struct producer *producer, struct gz *gz)
{
	char block[64 * 1024];
	bool empty = true;
	ssize_t got;

	while ((got = io_read(producer->fd, block, sizeof(block))) > 0) {
		empty = false;
		if (gz)
			gz_write(gz, block, (size_t)got);
		else
			put_bytes(store, block, (size_t)got);
	}
	if (got < 0)
		refuse(store, producer, strerror(errno));
	/* it may be that of a producer that failed, which is for ever */
	if (empty && !producer->pid)
		refuse(
		    store, producer, "empty; NAME -- true is an empty object");
	if (gz)
		gz_finish(gz);
}

/* A command that failed ends the put before it is committed. */
static void
finish(struct store *store, struct producer *producer)
{
	struct buf reason = {0};
	enum status status = producer_wait(producer, &reason);

	if (status == STATUS_DONE)
		return;
	store_close(store);
	die(status, "%s", buf_text(&reason));
}

void
publish_xput(struct store *store, const struct publish *publish,
    struct store_receipt *receipt)
{
	struct gz *gz = publish->gzip ? gz_deflate(put_bytes, store) : NULL;
	struct producer producer;
	struct store_put put = {
	    .name = publish->name,
	    .content_type = gz ? "application/gzip" : NULL,
	};

	if (store_put_begin(store, &put))
		store_die(store);
	producer_start(&producer, publish->argc, publish->argv);
	copy(store, &producer, gz);
	finish(store, &producer);
	gz_free(gz);
	if (store_put_commit(store, receipt))
		store_die(store);
}
