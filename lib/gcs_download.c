/* SPDX-License-Identifier: ISC */
#include "gcs_download.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gcs_hash.h"
#include "gz.h"
#include "http.h"

/* What a download does next. */
enum step { GET, PAUSE, DONE, FAILED };

struct download {
	struct gcp *gcp;
	const struct gcs_wanted *wanted;
	struct gcs_gotten *gotten;
	struct gcp_answer answer;
	struct digest *digest; /* of the bytes as they are stored */
	struct gz *gz;         /* inflates them, or NULL */
	struct gcs_hash hash;
	bool pinned;  /* the generation is known */
	bool looked;  /* at the headers of this answer */
	int64_t at;   /* the next byte; those before were handed on */
	int64_t skip; /* bytes of this answer that came before */
};

void
gcs_gotten_release(struct gcs_gotten *gotten)
{
	buf_release(&gotten->content_type);
	buf_release(&gotten->content_encoding);
	buf_release(&gotten->reason);
}

static enum step
fail(struct download *self, enum status status, const char *reason)
{
	buf_clear(&self->gotten->reason);
	buf_puts(&self->gotten->reason, reason);
	self->gotten->status = status;
	return FAILED;
}

static const char *
header(const struct download *self, const char *name)
{
	const char *value = gcp_header(self->gcp, name);

	return value ? value : "";
}

/* A header's whole number, or -1. */
static int64_t
number(const struct download *self, const char *name)
{
	int64_t value;

	return gcs_number(slice_of(header(self, name)), &value) ? -1 : value;
}

/* Where bytes go once they are counted and summed up. */
static int
hand_on(struct download *self, const void *data, size_t len)
{
	if (self->gz)
		return gz_write(self->gz, data, len);
	return self->wanted->take(self->wanted->user, data, len);
}

/* The first answer says which generation it is, and what will come. */
static enum step
pin(struct download *self)
{
	struct gcs_gotten *gotten = self->gotten;
	const char *stored = header(self, "x-goog-stored-content-encoding");
	const char *encoding = header(self, "Content-Encoding");
	const char *hash;

	gotten->generation = number(self, "x-goog-generation");
	gotten->bytes = number(self, "x-goog-stored-content-length");
	if (gotten->bytes < 0)
		gotten->bytes = number(self, "Content-Length");
	if (gotten->generation < 0 || gotten->bytes < 0)
		return fail(self, STATUS_TROUBLE,
		    "the service does not say what it sends");
	if (!strcmp(stored, "gzip") && strcmp(encoding, "gzip"))
		return fail(self, STATUS_TROUBLE,
		    "the service inflated what is stored as gzip, which "
		    "cannot be checked");
	buf_puts(&gotten->content_encoding, encoding);
	buf_puts(&gotten->content_type, header(self, "Content-Type"));
	for (size_t i = 0; (hash = gcp_header_at(self->gcp, "x-goog-hash", i));
	     i++)
		gcs_hash_read(hash, &self->hash);
	memcpy(gotten->crc32c, self->hash.crc32c, sizeof(gotten->crc32c));
	if (!strcmp(encoding, "gzip") && !self->wanted->raw)
		self->gz = gz_inflate(self->wanted->take, self->wanted->user);
	self->pinned = true;
	return GET;
}

/* A later answer has to go on where the last one broke off. */
static enum step
resume(struct download *self)
{
	char want[64];
	const char *range = gcp_header(self->gcp, "Content-Range");
	const char *encoding = header(self, "Content-Encoding");

	if (number(self, "x-goog-generation") != self->gotten->generation ||
	    strcmp(encoding, buf_text(&self->gotten->content_encoding)))
		return fail(self, STATUS_TROUBLE,
		    "the service went on with another object");
	if (!range) {
		self->skip = self->at; /* it sends all of it again */
		return GET;
	}
	snprintf(want, sizeof(want), "bytes %" PRId64 "-%" PRId64 "/%" PRId64,
	    self->at, self->gotten->bytes - 1, self->gotten->bytes);
	if (strcmp(range, want))
		return fail(self, STATUS_TROUBLE,
		    "the service went on at another byte");
	return GET;
}

/* Looks at the headers of a good answer, once. */
static enum step
look(struct download *self)
{
	if (self->looked)
		return GET;
	self->looked = true;
	return self->pinned ? resume(self) : pin(self);
}

/* Takes bytes of a good answer. */
static int
take(void *user, const void *data, size_t len)
{
	struct download *self = user;
	const char *bytes = data;
	size_t skip;

	if (look(self) == FAILED)
		return -1;
	skip = (uint64_t)self->skip < len ? (size_t)self->skip : len;
	self->skip -= (int64_t)skip;
	bytes += skip;
	len -= skip;
	if (!len)
		return 0;
	if (len > (uint64_t)(self->gotten->bytes - self->at)) {
		fail(self, STATUS_TROUBLE,
		    "the service sends more bytes than the object has");
		return -1;
	}
	digest_add(self->digest, bytes, len);
	self->at += (int64_t)len;
	if (!hand_on(self, bytes, len))
		return 0;
	fail(self, STATUS_TROUBLE,
	    self->gz && gz_reason(self->gz) ? gz_reason(self->gz) : "given up");
	return -1;
}

/* Asks for what is still missing. */
static void
request(struct download *self)
{
	int64_t generation =
	    self->pinned ? self->gotten->generation : self->wanted->generation;
	struct buf target = {0}, range = {0};
	const char *headers[2] = {"Accept-Encoding: gzip"};
	struct gcp_request get = {.method = "GET",
	    .headers = headers,
	    .nheaders = self->at ? 2 : 1,
	    .take = take,
	    .user = self};

	gcs_target(&self->wanted->place, &target);
	buf_puts(&target, "?alt=media");
	if (generation)
		buf_printf(&target, "&generation=%" PRId64, generation);
	buf_printf(&range, "Range: bytes=%" PRId64 "-", self->at);
	headers[1] = buf_text(&range);
	get.target = buf_text(&target);
	self->looked = false;
	self->skip = 0;
	gcp_attempt(self->gcp, &get, &self->answer);
	buf_release(&target);
	buf_release(&range);
}

/* Compares the bytes with the checksums. */
static enum step
verify(struct download *self)
{
	struct digest_result got;
	struct buf reason = {0};

	digest_finish(self->digest, &got);
	if (!*self->hash.crc32c && !*self->hash.md5)
		return fail(self, STATUS_TROUBLE,
		    "the service sends no checksum to compare with");
	if (*self->hash.crc32c && strcmp(self->hash.crc32c, got.crc32c))
		buf_printf(&reason, "crc32c %s, not %s", got.crc32c,
		    self->hash.crc32c);
	else if (*self->hash.md5 && strcmp(self->hash.md5, got.md5))
		buf_printf(&reason, "md5 %s, not %s", got.md5, self->hash.md5);
	if (!reason.len)
		return DONE;
	fail(self, STATUS_TROUBLE, "not the bytes that are stored: ");
	buf_add_slice(&self->gotten->reason, buf_slice(&reason));
	buf_release(&reason);
	return FAILED;
}

/* All bytes are there. */
static enum step
complete(struct download *self)
{
	if (verify(self) == FAILED)
		return FAILED;
	if (self->gz && gz_finish(self->gz))
		return fail(self, STATUS_TROUBLE,
		    gz_reason(self->gz) ? gz_reason(self->gz) : "given up");
	return DONE;
}

static enum step
refused(struct download *self)
{
	const struct gcp_answer *answer = &self->answer;

	if (answer->status == 404 && self->pinned)
		return fail(self, STATUS_TEMPORARY,
		    "removed or replaced while it was read; the same command "
		    "may be run again");
	self->gotten->absent = gcs_absent(answer);
	return fail(self, answer->exit, buf_text(&answer->error));
}

/* What follows an attempt, of which take() saw the bytes. */
static enum step
judge(struct download *self)
{
	if (self->gotten->reason.len)
		return FAILED;
	if (self->answer.class == HTTP_GOOD && look(self) == FAILED)
		return FAILED;
	if (self->pinned && self->at == self->gotten->bytes)
		return complete(self);
	if (self->answer.class == HTTP_GOOD) {
		buf_puts(&self->answer.error, "the answer ended early");
		self->answer.exit = STATUS_TEMPORARY;
		return PAUSE;
	}
	return self->answer.class == HTTP_TEMPORARY ? PAUSE : refused(self);
}

static enum step
get(struct download *self)
{
	int64_t before = self->at;

	request(self);
	if (self->at > before)
		gcp_progress(self->gcp);
	return judge(self);
}

int
gcs_download(
    struct gcp *gcp, const struct gcs_wanted *wanted, struct gcs_gotten *gotten)
{
	struct download self = {.gcp = gcp, .wanted = wanted, .gotten = gotten};
	enum step step = GET;

	self.digest = digest_new();
	gcp_begin(gcp);
	while (step < DONE) {
		if (step == GET)
			step = get(&self);
		else
			step =
			    gcp_pause(gcp, &self.answer) ? GET : refused(&self);
	}
	digest_free(self.digest);
	gz_free(self.gz);
	gcp_answer_release(&self.answer);
	return step == DONE ? 0 : -1;
}
