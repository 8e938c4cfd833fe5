/* SPDX-License-Identifier: ISC */
#include "spill.h"

#include <stdlib.h>
#include <string.h>

#include "scratch.h"

enum { PART_BUFFER = 16 * 1024 };

struct part {
	struct scratch file;
	uint64_t rows, values;
};

struct spill {
	struct part parts[SPILL_PARTS];
	bool digests, values;
	struct buf error;
};

struct spill *
spill_new(bool digests, bool values)
{
	struct spill *spill = xcalloc(1, sizeof(*spill));

	spill->digests = digests;
	spill->values = values;
	for (int i = 0; i < SPILL_PARTS; i++)
		scratch_init(&spill->parts[i].file, PART_BUFFER);
	return spill;
}

void
spill_free(struct spill *spill)
{
	if (!spill)
		return;
	for (int i = 0; i < SPILL_PARTS; i++)
		scratch_release(&spill->parts[i].file);
	buf_release(&spill->error);
	free(spill);
}

const char *
spill_error(struct spill *spill)
{
	for (int i = 0; i < SPILL_PARTS; i++) {
		const struct scratch *file = &spill->parts[i].file;

		if (!file->error)
			continue;
		buf_clear(&spill->error);
		buf_printf(&spill->error, "%s: %s", scratch_folder(),
		    strerror(file->error));
		return buf_text(&spill->error);
	}
	return NULL;
}

void
spill_add(struct spill *spill, const struct spill_row *row)
{
	struct part *part = &spill->parts[row->print.high % SPILL_PARTS];
	uint32_t len = (uint32_t)row->value.len;

	scratch_write(&part->file, &row->print, sizeof(row->print));
	scratch_write(&part->file, &row->row, sizeof(row->row));
	if (spill->digests)
		scratch_write(&part->file, &row->digest, sizeof(row->digest));
	if (spill->values) {
		scratch_write(&part->file, &len, sizeof(len));
		scratch_write(&part->file, row->value.data, len);
	}
	part->rows++;
	part->values += len;
}

uint64_t
spill_rows(const struct spill *spill, size_t part)
{
	return spill->parts[part].rows;
}

uint64_t
spill_values(const struct spill *spill, size_t part)
{
	return spill->parts[part].values;
}

void
spill_rewind(struct spill *spill, size_t part)
{
	scratch_rewind(&spill->parts[part].file);
}

/* Copies the next bytes of a part; false at its end. */
static bool
take(struct part *part, void *to, size_t len)
{
	const char *data = scratch_read(&part->file, len);

	if (data)
		memcpy(to, data, len);
	return data != NULL;
}

bool
spill_next(struct spill *spill, size_t at, struct spill_row *row)
{
	struct part *part = &spill->parts[at];
	uint32_t len;

	*row = (struct spill_row){0};
	if (!take(part, &row->print, sizeof(row->print)) ||
	    !take(part, &row->row, sizeof(row->row)))
		return false;
	if (spill->digests && !take(part, &row->digest, sizeof(row->digest)))
		return false;
	if (!spill->values)
		return true;
	if (!take(part, &len, sizeof(len)))
		return false;
	row->value.len = len;
	row->value.data = scratch_read(&part->file, len);
	return row->value.data != NULL;
}
