/* SPDX-License-Identifier: ISC */
#include "gz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST /* what goes in is not written to */
#include <zlib.h>

#include "buf.h"

enum {
	LEVEL = 6,
	GZIP = 15 + 16,    /* the largest window, in gzip's wrapper */
	MEMORY = 8,        /* zlib's default */
	UNKNOWN_OS = 255,  /* RFC 1952, 2.3.1 */
	BLOCK = 64 * 1024, /* what goes into zlib or out of it at once */
};

static const unsigned char magic[] = {0x1f, 0x8b};

struct gz {
	z_stream stream;
	gz_header header;
	int (*code)(z_stream *stream, int flush); /* deflate or inflate */
	int (*take)(void *user, const void *data, size_t len);
	void *user;
	const char *reason;
	/* gathered for deflate: where zlib ends blocks depends on its input's
	 */
	size_t gathered;
	/* of the member that inflate is at; above 0 it is unfinished */
	size_t position;
	bool members; /* there was a whole one */
	unsigned char in[BLOCK], out[BLOCK];
};

static struct gz *
begin(int (*take)(void *user, const void *data, size_t len), void *user)
{
	struct gz *gz = xcalloc(1, sizeof(*gz));

	gz->take = take;
	gz->user = user;
	return gz;
}

struct gz *
gz_deflate(int (*take)(void *user, const void *data, size_t len), void *user)
{
	struct gz *gz = begin(take, user);

	gz->code = deflate;
	gz->header.os = UNKNOWN_OS;
	if (deflateInit2(&gz->stream, LEVEL, Z_DEFLATED, GZIP, MEMORY,
		Z_DEFAULT_STRATEGY) ||
	    deflateSetHeader(&gz->stream, &gz->header))
		die(STATUS_TROUBLE, "no memory for zlib");
	return gz;
}

struct gz *
gz_inflate(int (*take)(void *user, const void *data, size_t len), void *user)
{
	struct gz *gz = begin(take, user);

	gz->code = inflate;
	if (inflateInit2(&gz->stream, GZIP))
		die(STATUS_TROUBLE, "no memory for zlib");
	return gz;
}

void
gz_free(struct gz *gz)
{
	if (!gz)
		return;
	if (gz->code == deflate)
		deflateEnd(&gz->stream);
	else
		inflateEnd(&gz->stream);
	free(gz);
}

static int
fail(struct gz *gz, const char *reason)
{
	gz->reason = reason;
	return -1;
}

/*
 * Runs zlib over the input that its stream has, until it wants more or is at
 * an end. Returns zlib's last word, or Z_ERRNO if take() failed.
 */
static int
run(struct gz *gz, int flush)
{
	int result;

	do {
		size_t len;

		gz->stream.next_out = gz->out;
		gz->stream.avail_out = BLOCK;
		result = gz->code(&gz->stream, flush);
		len = BLOCK - gz->stream.avail_out;
		if (len && gz->take(gz->user, gz->out, len))
			return Z_ERRNO;
	} while (result == Z_OK && !gz->stream.avail_out);
	return result;
}

static int
compress_gathered(struct gz *gz, int flush)
{
	gz->stream.next_in = gz->in;
	gz->stream.avail_in = (uInt)gz->gathered;
	gz->gathered = 0;
	return run(gz, flush) == Z_ERRNO ? -1 : 0;
}

static int
compress_bytes(struct gz *gz, const unsigned char *data, size_t len)
{
	while (len) {
		size_t room = BLOCK - gz->gathered;
		size_t part = len < room ? len : room;

		memcpy(gz->in + gz->gathered, data, part);
		gz->gathered += part;
		data += part;
		len -= part;
		if (gz->gathered == BLOCK && compress_gathered(gz, Z_NO_FLUSH))
			return -1;
	}
	return 0;
}

/* Fails if a member cannot begin with, or go on with, these bytes. */
static int
check_magic(struct gz *gz, const unsigned char *data, size_t len)
{
	for (size_t i = 0; gz->position + i < sizeof(magic) && i < len; i++) {
		if (data[i] != magic[gz->position + i])
			return fail(gz, gz->members
					    ? "other data behind the gzip data"
					    : "not gzip data");
	}
	return 0;
}

static int
inflate_bytes(struct gz *gz, const unsigned char *data, size_t len)
{
	while (len) {
		uInt part = (uInt)(len < BLOCK ? len : BLOCK), used;
		int result;

		if (check_magic(gz, data, part))
			return -1;
		gz->stream.next_in = data;
		gz->stream.avail_in = part;
		result = run(gz, Z_NO_FLUSH);
		used = part - gz->stream.avail_in;
		data += used;
		len -= used;
		gz->position += used;
		if (result == Z_STREAM_END) {
			gz->members = true;
			gz->position = 0;
			inflateReset(&gz->stream);
		} else if (result == Z_ERRNO) {
			return -1;
		} else if (result != Z_OK && result != Z_BUF_ERROR) {
			return fail(gz, "broken gzip data");
		}
	}
	return 0;
}

int
gz_write(void *to, const void *data, size_t len)
{
	struct gz *gz = to;

	if (gz->code == deflate)
		return compress_bytes(gz, data, len);
	return inflate_bytes(gz, data, len);
}

int
gz_finish(struct gz *gz)
{
	if (gz->code == deflate)
		return compress_gathered(gz, Z_FINISH);
	if (gz->position)
		return fail(gz, "the gzip data end too early");
	return gz->members ? 0 : fail(gz, "not gzip data");
}

const char *
gz_reason(const struct gz *gz)
{
	return gz->reason;
}
