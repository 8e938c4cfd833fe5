/* SPDX-License-Identifier: ISC */
#include "bigquery_cancel.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "gcp.h"
#include "interrupt.h"

enum {
	STALL_SECONDS = 10,
	NAME_SECONDS = 5, /* the id of a job that has begun is waited for */
};

static struct {
	pthread_mutex_t lock; /* of the texts and of begins */
	pthread_cond_t named; /* or done */
	bool begins;          /* there is no id yet */
	char *id, *location;
	const char *project;
} job = {.lock = PTHREAD_MUTEX_INITIALIZER, .named = PTHREAD_COND_INITIALIZER};

/* Appends the path by which it is cancelled. */
static void
put_target(struct buf *target)
{
	buf_puts(target, "/bigquery/v2/projects/");
	http_escape(slice_of(job.project), target);
	buf_puts(target, "/jobs/");
	http_escape(slice_of(job.id), target);
	buf_puts(target, "/cancel");
	if (job.location) {
		buf_puts(target, "?location=");
		http_escape(slice_of(job.location), target);
	}
}

/* Waits for the id of a job that was just begun. */
static void
wait_name(void)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += NAME_SECONDS;
	while (
	    job.begins && !pthread_cond_timedwait(&job.named, &job.lock, &end))
		continue;
	if (job.begins)
		warning("interrupted: a job may have begun, and go on");
}

/* With a session of its own, since the other one is in use. */
static void
cancel(void *unused)
{
	struct gcp_request request = {
	    .method = "POST", .stall_seconds = STALL_SECONDS};
	struct gcp_answer answer = {0};
	struct buf target = {0};
	struct gcp *gcp;

	(void)unused;
	pthread_mutex_lock(&job.lock);
	wait_name();
	if (job.id) {
		warning("interrupted: cancelling job %s:%s%s%s", job.project,
		    job.location ? job.location : "", job.location ? "." : "",
		    job.id);
		put_target(&target);
		request.target = buf_text(&target);
		gcp = gcp_new(GCP_BIGQUERY);
		gcp_begin(gcp);
		if (gcp_attempt(gcp, &request, &answer))
			warning("it may go on: %s", buf_text(&answer.error));
		gcp_free(gcp);
	}
	pthread_mutex_unlock(&job.lock);
	gcp_answer_release(&answer);
	buf_release(&target);
}

void
bigquery_cancel_begin(struct bigquery *bigquery)
{
	job.project = bigquery->project;
	job.begins = true;
	interrupt_guard(cancel, NULL);
}

void
bigquery_cancel_name(const char *id, const char *location)
{
	pthread_mutex_lock(&job.lock);
	free(job.id);
	free(job.location);
	job.id = id ? xstrdup(id) : NULL;
	job.location = location ? xstrdup(location) : NULL;
	job.begins = false;
	pthread_cond_broadcast(&job.named);
	pthread_mutex_unlock(&job.lock);
}

void
bigquery_cancel_end(void)
{
	bigquery_cancel_name(NULL, NULL);
	interrupt_release();
}
