/* SPDX-License-Identifier: ISC */
#include "append.h"

#include <string.h>

#include "csvout.h"

/*
 * Bytes are copied in steps of a constant size, which needs no call; so up to
 * a step too many are read and written.
 */
#define STEP 32
_Static_assert(STEP <= CSVIN_SLACK, "the input has too few spare bytes");
_Static_assert(STEP <= OUT_SLACK, "the output has too few spare bytes");

/* Puts the LF and the spare bytes behind the fields. */
static void
finish(struct append *append)
{
	static const char spare[STEP];

	buf_putc(&append->suffix, '\n');
	append->len = append->suffix.len;
	buf_add(&append->suffix, spare, STEP);
}

void
append_clear(struct append *append)
{
	buf_clear(&append->suffix);
	finish(append);
}

void
append_value(struct append *append, struct slice value)
{
	append->suffix.len = append->len - 1;
	buf_putc(&append->suffix, ',');
	csvout_append(&append->suffix, value);
	finish(append);
}

/* Copies at least len bytes, in whole steps; returns behind the len. */
static inline char *
copy(char *to, const char *from, size_t len)
{
	char *behind = to + len;

	do {
		memcpy(to, from, STEP);
		to += STEP;
		from += STEP;
	} while (to < behind);
	return behind;
}

void
append_record(const struct append *append, struct slice record, struct out *out)
{
	out_slice(out, record);
	out_write(out, append->suffix.data, append->len);
}

void
append_batch(const struct append *append, const struct csvin_batch *batch,
    struct out *out)
{
	const char *suffix = append->suffix.data;
	size_t suffix_len = append->len;
	char *to = out->data + out->len, *full = out->data + OUT_SIZE;

	for (size_t i = 0; i < batch->nrecords; i++) {
		struct slice record = csvin_batch_slice(batch, i);

		if (record.len + suffix_len > (size_t)(full - to)) {
			out->len = (size_t)(to - out->data);
			append_record(append, record, out);
			to = out->data + out->len;
			continue;
		}
		to = copy(to, record.data, record.len);
		to = copy(to, suffix, suffix_len);
	}
	out->len = (size_t)(to - out->data);
}

void
append_release(struct append *append)
{
	buf_release(&append->suffix);
	append->len = 0;
}
