/* SPDX-License-Identifier: ISC */
#include "utf8.h"

#include <string.h>

/*
 * The length of a sequence by its first byte, and the range of its second,
 * which is where overlong forms, surrogates and what lies above U+10FFFF
 * differ from other sequences: RFC 3629, section 4.
 */
struct lead {
	size_t len;
	unsigned char low, high;
};

static struct lead
lead_of(unsigned char byte)
{
	if (byte < 0x80)
		return (struct lead){1, 0, 0};
	if (byte < 0xc2 || byte > 0xf4)
		return (struct lead){0, 0, 0};
	if (byte < 0xe0)
		return (struct lead){2, 0x80, 0xbf};
	if (byte < 0xf0)
		return (struct lead){
		    3, byte == 0xe0 ? 0xa0 : 0x80, byte == 0xed ? 0x9f : 0xbf};
	return (struct lead){
	    4, byte == 0xf0 ? 0x90 : 0x80, byte == 0xf4 ? 0x8f : 0xbf};
}

static bool
well_formed(const unsigned char *at, size_t left)
{
	struct lead lead = lead_of(*at);

	if (lead.len == 0 || lead.len > left)
		return false;
	if (lead.len > 1 && (at[1] < lead.low || at[1] > lead.high))
		return false;
	for (size_t i = 2; i < lead.len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return false;
	}
	return true;
}

static inline uint64_t
word(const unsigned char *at)
{
	uint64_t eight;

	memcpy(&eight, at, sizeof(eight));
	return eight;
}

/* Four words in one: for all their bytes there is one test. */
static inline uint64_t
words(const unsigned char *at)
{
	return word(at) | word(at + 8) | word(at + 16) | word(at + 24);
}

/* The number of leading bytes, in eights, that are ASCII. */
static size_t
ascii_prefix(const unsigned char *at, size_t left)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	size_t i = 0;

	while (left - i >= 64 && !((words(at + i) | words(at + i + 32)) & high))
		i += 64;
	while (left - i >= 8 && !(word(at + i) & high))
		i += 8;
	return i;
}

size_t
utf8_prefix(struct slice text)
{
	const unsigned char *data = (const unsigned char *)text.data;
	size_t i = 0;

	while (i < text.len) {
		i += ascii_prefix(data + i, text.len - i);
		if (i == text.len || !well_formed(data + i, text.len - i))
			break;
		i += lead_of(data[i]).len;
	}
	return i;
}

size_t
utf8_count(struct slice text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.data[i] & 0xc0) != 0x80;
	return count;
}

void
utf8_add(struct buf *buf, struct slice text, size_t limit)
{
	size_t i = 0;

	while (i < text.len) {
		const unsigned char *at = (const unsigned char *)text.data + i;
		bool good = well_formed(at, text.len - i);
		size_t len = good ? lead_of(*at).len : 1;

		if (i + len > limit) {
			buf_puts(buf, "...");
			return;
		}
		if (good)
			buf_add(buf, at, len);
		else
			buf_puts(buf, "\xef\xbf\xbd");
		i += len;
	}
}

uint32_t
utf8_take(struct slice *text)
{
	const unsigned char *at = (const unsigned char *)text->data;
	size_t len = well_formed(at, text->len) ? lead_of(*at).len : 0;
	/* the bits of the first byte that belong to the code point */
	uint32_t code = len > 1 ? *at & (0xffu >> (len + 1)) : *at;

	for (size_t i = 1; i < len; i++)
		code = code << 6 | (at[i] & 0x3f);
	text->data += len ? len : 1;
	text->len -= len ? len : 1;
	return len ? code : 0xfffd;
}

void
utf8_put(struct buf *buf, uint32_t code)
{
	char bytes[4];
	size_t i = sizeof(bytes);
	uint32_t room = 0x3f; /* the first byte's bits for the code point */

	if (code < 0x80) {
		buf_putc(buf, (char)code);
		return;
	}
	do {
		bytes[--i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
		room >>= 1;
	} while (code > room);
	bytes[--i] = (char)(~(room << 1 | 1) | code);
	buf_add(buf, bytes + i, sizeof(bytes) - i);
}
