/* SPDX-License-Identifier: ISC */
#include "gz.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "rng.h"

/* "abc" as gzip -n of GNU gzip 1.12 makes it. */
static const unsigned char abc[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b,
    0x4c, 0x4a, 0x06, 0x00, 0xc2, 0x41, 0x24, 0x35, 0x03, 0x00, 0x00, 0x00};

/* "abc" with all that a header may have: text, CRC, extra, name, comment. */
static const unsigned char full[] = {0x1f, 0x8b, 8, 0x1f, 1, 2, 3, 4, 0, 3, 2,
    0, 'x', 'y', 'n', 0, 'c', 0, 0xe3, 0x50, 0x4b, 0x4c, 0x4a, 0x06, 0x00, 0xc2,
    0x41, 0x24, 0x35, 0x03, 0x00, 0x00, 0x00};

static int
keep(void *user, const void *data, size_t len)
{
	buf_add(user, data, len);
	return len ? 0 : -1;
}

static int
refuse(void *user, const void *data, size_t len)
{
	(void)user, (void)data, (void)len;
	return -1;
}

/* All of in, by step bytes at once, through gz into out: the reason, or "". */
static const char *
pass(struct gz *gz, struct slice in, size_t step)
{
	const char *reason;
	int result = 0;

	for (size_t i = 0; !result && i < in.len; i += step) {
		size_t left = in.len - i;

		result = gz_write(gz, in.data + i, left < step ? left : step);
	}
	if (!result)
		result = gz_finish(gz);
	reason = gz_reason(gz);
	gz_free(gz);
	return !result ? "" : reason ? reason : "take";
}

static struct buf
deflated(struct slice in, size_t step)
{
	struct buf out = {0};

	CHECK(!*pass(gz_deflate(keep, &out), in, step));
	return out;
}

/* True if in is inflated to want, in pieces of any size. */
static bool
inflates(struct slice in, struct slice want)
{
	static const size_t steps[] = {1, 2, 3, 7, 100, 65536, 10000000};
	bool good = true;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct buf out = {0};

		good = good && !*pass(gz_inflate(keep, &out), in, steps[i]) &&
		       slice_equal(buf_slice(&out), want);
		buf_release(&out);
	}
	return good;
}

/* True if in is refused with this reason, in pieces of any size. */
static bool
refuses(struct slice in, const char *reason)
{
	bool good = true;

	for (size_t step = 1; step <= in.len + 1; step++) {
		struct buf out = {0};

		good = good &&
		       !strcmp(pass(gz_inflate(keep, &out), in, step), reason);
		buf_release(&out);
	}
	return good;
}

/* Text, noise and a long run, which deflate stores in its different ways. */
static struct buf
sample(void)
{
	struct buf buf = {0};
	uint64_t state = 7;

	for (int i = 0; i < 40000; i++)
		buf_printf(&buf, "%d,%d.5\n", i, i * 7919 % 1000);
	for (int i = 0; i < 40000; i++) {
		uint64_t bits = rng_next(&state);

		buf_add(&buf, &bits, sizeof(bits));
	}
	for (int i = 0; i < 500000; i++)
		buf_putc(&buf, 'x');
	return buf;
}

static void
check_round(struct slice in)
{
	static const size_t steps[] = {1000, 65536, 99999, 10000000};
	struct buf once = deflated(in, 10000000);

	CHECK(inflates(buf_slice(&once), in));
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct buf again = deflated(in, steps[i]);

		CHECK(slice_equal(buf_slice(&again), buf_slice(&once)));
		buf_release(&again);
	}
	buf_release(&once);
}

static void
check_header(void)
{
	struct buf out = deflated(slice_of("abc"), 1);

	CHECK(out.len == sizeof(abc) &&
	      !memcmp(out.data, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10));
	CHECK(!memcmp(out.data + 10, abc + 10, sizeof(abc) - 10));
	buf_release(&out);
}

static void
check_members(void)
{
	struct buf two = {0};

	buf_add(&two, abc, sizeof(abc));
	buf_add(&two, full, sizeof(full));
	CHECK(inflates(buf_slice(&two), slice_of("abcabc")));
	two.len--;
	CHECK(refuses(buf_slice(&two), "the gzip data end too early"));
	two.len = sizeof(abc) + 1;
	CHECK(refuses(buf_slice(&two), "the gzip data end too early"));
	two.len = sizeof(abc);
	buf_putc(&two, '\0');
	CHECK(refuses(buf_slice(&two), "other data behind the gzip data"));
	two.len = sizeof(abc);
	buf_puts(&two, "\x1f\x8c");
	CHECK(refuses(buf_slice(&two), "other data behind the gzip data"));
	buf_release(&two);
}

/* Every member cut anywhere, and every one with a bit changed. */
static void
check_broken(void)
{
	struct slice in = {(const char *)full, sizeof(full)};
	int early = 0, found = 0;

	CHECK(refuses((struct slice){"", 0}, "not gzip data"));
	CHECK(refuses(slice_of("open,close\n1,2\n"), "not gzip data"));
	for (size_t len = 1; len < in.len; len++)
		early += refuses((struct slice){in.data, len},
		    "the gzip data end too early");
	CHECK(early == (int)in.len - 1);
	for (size_t i = 0; i < in.len; i++) {
		char *copy = xmalloc(in.len);
		struct buf out = {0};

		memcpy(copy, in.data, in.len);
		copy[i] ^= 1;
		found += *pass(gz_inflate(keep, &out),
			     (struct slice){copy, in.len}, 3) != '\0';
		buf_release(&out);
		free(copy);
	}
	CHECK(found == (int)in.len);
}

int
main(void)
{
	struct buf in = sample();
	struct slice empty = {"", 0}, member = {(const char *)abc, sizeof(abc)};

	check_round(empty);
	check_round(slice_of("abc"));
	check_round(buf_slice(&in));
	check_header();
	CHECK(inflates(member, slice_of("abc")));
	check_members();
	check_broken();
	CHECK(!strcmp(pass(gz_inflate(refuse, NULL), member, 5), "take"));
	CHECK(!strcmp(pass(gz_deflate(refuse, NULL), member, 5), "take"));
	gz_free(NULL);
	buf_release(&in);
	return check_done();
}
