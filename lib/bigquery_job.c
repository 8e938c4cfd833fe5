/* SPDX-License-Identifier: ISC */
#include "bigquery_job.h"

#include <stdlib.h>
#include <string.h>

#include "bigquery_cancel.h"
#include "bigquery_start.h"
#include "bigquery_wait.h"

enum {
	FAILURES = 5,    /* that pass, of one run, before it gives up */
	IDS = 1000,      /* tried, whoever used up the others */
	LABEL = 63,      /* a label's value has no more */
	APPEARING = 180, /* seconds until a job that has its id is seen */
};

void
bigquery_job_release(struct bigquery_job_run *run)
{
	buf_release(&run->id);
	json_free(run->state);
	*run = (struct bigquery_job_run){0};
}

/* Writes a label, which is KEY=VALUE. */
static void
put_label(const char *label, struct json_out *out)
{
	size_t len = strcspn(label, "=");
	char *key = xslicedup((struct slice){label, len});

	json_key(out, key);
	json_put_string(out, slice_of(label + len + (label[len] == '=')));
	free(key);
}

/* Appends the job resource that asks for it. */
static void
put_resource(const struct bigquery *bigquery, const struct bigquery_job *job,
    const struct bigquery_job_run *run, struct buf *text)
{
	struct json_out out = {.buf = text};

	json_open(&out, '{');
	json_key(&out, "jobReference");
	json_open(&out, '{');
	json_pair_text(&out, "projectId", bigquery->project);
	json_pair_text(&out, "jobId", buf_text(&run->id));
	if (bigquery->location)
		json_pair_text(&out, "location", bigquery->location);
	json_close(&out, '}');
	json_key(&out, "configuration");
	json_open(&out, '{');
	json_key(&out, "labels");
	json_open(&out, '{');
	json_key(&out, "sluice_content");
	json_put_string(&out, (struct slice){job->content, LABEL});
	for (size_t i = 0; job->labels && i < job->labels->count; i++)
		put_label(job->labels->names[i], &out);
	json_close(&out, '}');
	job->configure(job->user, buf_text(&run->id), &out);
	json_close(&out, '}');
	json_close(&out, '}');
}

static bool
same_text(const struct json *value, struct slice text)
{
	return json_type(value) == JSON_STRING &&
	       slice_equal(json_string(value), text);
}

/* True if the job that is there does what ours does. */
static bool
is_ours(
    const struct bigquery_job *job, struct json *state, const char *resource)
{
	struct json *theirs = json_get(state, "configuration"), *ours, *root;
	struct json *label =
	    json_get(json_get(theirs, "labels"), "sluice_content");
	struct buf error = {0};
	bool same;

	if (label)
		return same_text(label, (struct slice){job->content, LABEL});
	root = json_parse(slice_of(resource), &error);
	ours = json_get(root, "configuration");
	same =
	    same_text(json_get(json_get(theirs, "query"), "query"),
		json_string(json_get(json_get(ours, "query"), "query"))) ||
	    same_text(
		json_get(json_get(json_get(theirs, "load"), "destinationTable"),
		    "tableId"),
		json_string(json_get(
		    json_get(json_get(ours, "load"), "destinationTable"),
		    "tableId")));
	json_free(root);
	buf_release(&error);
	return same;
}

/* Takes the job with the id if it is there; *run->state is NULL if not. */
static int
adopt(struct bigquery *bigquery, const struct bigquery_job *job,
    struct bigquery_job_run *run, const char *resource, int patience)
{
	const struct bigquery_wait wait = {
	    job->what, buf_text(&run->id), patience};

	json_free(run->state);
	run->adopted = true;
	if (bigquery_wait_find(bigquery, &wait, &run->state))
		return -1;
	if (run->state && !is_ours(job, run->state, resource))
		return warehouse_fail(&bigquery->warehouse, STATUS_TROUBLE,
		    "%s: job %s is another one, which was there before",
		    job->what, buf_text(&run->id));
	return 0;
}

/* Has the job begin, or finds that it has. */
static int
begin(struct bigquery *bigquery, const struct bigquery_job *job,
    struct bigquery_job_run *run)
{
	struct buf resource = {0};
	int result;

	put_resource(bigquery, job, run, &resource);
	result = adopt(bigquery, job, run, buf_text(&resource), 0);
	if (!result && !run->state) {
		const struct bigquery_start start = {
		    .what = job->what,
		    .resource = buf_slice(&resource),
		    .fd = job->fd,
		    .bytes = job->bytes,
		};

		run->adopted = false;
		result = bigquery_start(bigquery, &start, &run->state);
		if (result == BIGQUERY_START_EXISTS)
			result = adopt(
			    bigquery, job, run, buf_text(&resource), APPEARING);
		if (!result && !run->state)
			result = warehouse_fail(&bigquery->warehouse,
			    STATUS_TEMPORARY,
			    "%s: job %s exists, and cannot be found", job->what,
			    buf_text(&run->id));
	}
	buf_release(&resource);
	return result;
}

/* The job's id and location are what the service says they are. */
static void
take_reference(struct bigquery *bigquery, struct bigquery_job_run *run)
{
	struct json *reference = json_get(run->state, "jobReference");
	struct slice location = json_string(json_get(reference, "location"));

	if (!bigquery->location && location.len)
		bigquery->location = xslicedup(location);
}

static void
one_line(struct buf *text)
{
	for (size_t at = 0; at < text->len; at++) {
		if (text->data[at] == '\n')
			text->data[at] = ' ';
	}
}

/* Adds a line to the notes for each entry of the job's errors. */
static void
note_errors(struct bigquery *bigquery, struct json *state)
{
	struct json *errors = json_get(json_get(state, "status"), "errors");
	struct buf line = {0};

	for (size_t i = 0; i < json_count(errors); i++) {
		buf_clear(&line);
		bigquery_put_error(&line, json_at(errors, i));
		one_line(&line);
		buf_add_slice(&bigquery->warehouse.notes, buf_slice(&line));
		buf_putc(&bigquery->warehouse.notes, '\n');
	}
	buf_release(&line);
}

/* Sets the error to that of the job, which failed. */
static int
fail(struct bigquery *bigquery, const struct bigquery_job *job,
    const struct bigquery_job_run *run, struct json *failure)
{
	struct slice text = json_string(json_get(failure, "message"));

	note_errors(bigquery, run->state);
	return warehouse_fail(&bigquery->warehouse,
	    bigquery_passes(failure) ? STATUS_TEMPORARY : STATUS_TROUBLE,
	    "%s: job %s failed: %.*s", job->what, buf_text(&run->id),
	    (int)text.len, text.len ? text.data : "");
}

/* One job from its beginning to its end: *failure is why it failed. */
static int
try(struct bigquery *bigquery, const struct bigquery_job *job,
    struct bigquery_job_run *run, bool *finished, struct json **failure)
{
	struct bigquery_wait wait = {.what = job->what};

	buf_clear(&run->id);
	buf_printf(&run->id, "%s_r%d", job->base, run->first);
	wait.id = buf_text(&run->id);
	bigquery_cancel_name(wait.id, bigquery->location);
	if (begin(bigquery, job, run))
		return -1;
	take_reference(bigquery, run);
	*finished = slice_equal(
	    json_string(json_get(json_get(run->state, "status"), "state")),
	    slice_of("DONE"));
	if (bigquery_wait_done(bigquery, &wait, &run->state))
		return -1;
	*failure = json_get(json_get(run->state, "status"), "errorResult");
	if (json_type(*failure) == JSON_NULL)
		*failure = NULL;
	return 0;
}

/* Waits before the job is done again, and says so: it can be minutes. */
static void
rest(const struct bigquery_job *job, const struct bigquery_job_run *run,
    struct json *failure, int seconds)
{
	struct buf line = {0};

	bigquery_put_error(&line, failure);
	one_line(&line);
	warning("%s: job %s failed, again in %d s: %s", job->what,
	    buf_text(&run->id), seconds, buf_text(&line));
	buf_release(&line);
	bigquery_cancel_name(NULL, NULL);
	bigquery_wait_pause(seconds);
}

static int
run_job(struct bigquery *bigquery, const struct bigquery_job *job,
    struct bigquery_job_run *run)
{
	int failures = 0;

	for (;; run->first++) {
		struct json *failure = NULL;
		bool finished = false;

		if (try(bigquery, job, run, &finished, &failure))
			return -1;
		if (!failure) {
			note_errors(bigquery, run->state);
			return 0;
		}
		if (run->first >= IDS)
			return fail(bigquery, job, run, failure);
		if (run->adopted && finished)
			continue; /* of an earlier run */
		if (!bigquery_passes(failure) || ++failures == FAILURES)
			return fail(bigquery, job, run, failure);
		rest(job, run, failure, 5 << failures);
	}
}

int
bigquery_job_do(struct bigquery *bigquery, const struct bigquery_job *job,
    struct bigquery_job_run *run)
{
	int result;

	bigquery_cancel_begin(bigquery);
	result = run_job(bigquery, job, run);
	bigquery_cancel_end();
	return result;
}
