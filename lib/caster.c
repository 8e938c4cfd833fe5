/* SPDX-License-Identifier: ISC */
#include "caster.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cols.h"
#include "csvout.h"
#include "decimal_bytes.h"

enum { LAST_SIZE = 48 };

/* A field of the schema. */
struct cast {
	const struct schema_field *field;
	long column; /* of the input, or -1 */
	bool number;
	const struct decimal_layout *layout; /* of the number before */
	/* of the record being cast: what to write, and if it is the input's */
	struct slice piece;
	bool as_it_was;
	/* the time or boolean before, and how it is spelled */
	char last[LAST_SIZE], spelled[LAST_SIZE];
	size_t last_len, spelled_len;
	bool last_passes; /* as it is */
};

struct caster {
	const struct schema *schema;
	struct csvin *in;
	struct out *out;
	bool empty_lacks; /* the empty text, and no other, is missing */
	struct decimal_layout layouts[DECIMAL_BYTES_SCALES];
	struct cast *casts;
	size_t ncasts;
	struct slice run; /* of the input, still to be written */
	struct buf spelled, note;
};

struct caster *
caster_new(const struct schema *schema, struct csvin *in, struct out *out)
{
	struct caster *caster = xcalloc(1, sizeof(*caster));
	struct decimal_range all;

	caster->schema = schema;
	caster->in = in;
	caster->out = out;
	caster->empty_lacks = schema_lacks_empty(schema);
	decimal_range_all(&all);
	for (int i = 0; i < DECIMAL_BYTES_SCALES; i++)
		caster->layouts[i] = decimal_layout_of(i, &all);
	caster->ncasts = schema->nfields;
	caster->casts = xcalloc(caster->ncasts, sizeof(*caster->casts));
	for (size_t i = 0; i < caster->ncasts; i++) {
		struct cast *cast = &caster->casts[i];

		cast->field = &schema->fields[i];
		cast->number = cast->field->type == SCHEMA_INTEGER ||
			       cast->field->type == SCHEMA_NUMBER;
		cast->layout = caster->layouts;
	}
	return caster;
}

void
caster_free(struct caster *caster)
{
	if (!caster)
		return;
	free(caster->casts);
	buf_release(&caster->spelled);
	buf_release(&caster->note);
	free(caster);
}

void
caster_xheader(struct caster *caster, const struct csvin_record *header)
{
	struct cols names = {0};

	cols_from_header(&names, caster->in, header);
	for (size_t i = 0; i < caster->ncasts; i++) {
		struct cast *cast = &caster->casts[i];
		const char *name = cast->field->name;

		cast->column =
		    cast->field->required
			? (long)cols_require(&names, caster->in, name)
			: cols_find(&names, slice_of(name));
		if (i)
			out_putc(caster->out, ',');
		csvout_value(caster->out, slice_of(name));
	}
	out_putc(caster->out, '\n');
	cols_release(&names);
}

static void
flush(struct caster *caster)
{
	out_slice(caster->out, caster->run);
	caster->run.len = 0;
}

/* Writes a piece, together with the one before if it stands behind it. */
static inline void
put(struct caster *caster, struct slice piece)
{
	struct slice *run = &caster->run;

	if (piece.data == run->data + run->len) {
		run->len += piece.len;
		return;
	}
	flush(caster);
	*run = piece;
}

/* Has the value written as it was spelled, if that is another way. */
static void
spell(struct cast *cast, struct slice value, struct slice spelled)
{
	cast->last_passes = slice_equal(spelled, value);
	cast->last_len = value.len <= LAST_SIZE ? value.len : 0;
	memcpy(cast->last, value.data, cast->last_len);
	if (cast->last_passes)
		return;
	/* only a time or a boolean changes, and these are short */
	memcpy(cast->spelled, spelled.data, spelled.len);
	cast->piece = (struct slice){cast->spelled, spelled.len};
	cast->as_it_was = false;
	cast->spelled_len = spelled.len;
}

/* True, and the piece is made, if the value is the one before. */
static bool
is_last(struct cast *cast, struct slice value)
{
	if (!value.len || value.len != cast->last_len ||
	    memcmp(value.data, cast->last, value.len))
		return false;
	if (!cast->last_passes) {
		cast->piece = (struct slice){cast->spelled, cast->spelled_len};
		cast->as_it_was = false;
	}
	return true;
}

/* Has the next number looked at in the layout of this one. */
static void
follow(struct caster *caster, struct cast *cast, struct slice value)
{
	struct decimal_small small;

	if (decimal_small(value, &small) && small.scale < DECIMAL_BYTES_SCALES)
		cast->layout = &caster->layouts[small.scale];
}

/* Casts a field; returns false with a note if its value does not fit. */
static bool
cast_value(struct caster *caster, struct cast *cast, struct slice raw)
{
	struct slice value = csvin_value(caster->in, raw);

	if (schema_lacks(caster->schema, cast->field, raw, value)) {
		cast->piece.len = 0;
		if (cast->field->required)
			buf_puts(&caster->note, "the value is missing");
		return !cast->field->required;
	}
	if (is_last(cast, value))
		return true;
	buf_clear(&caster->spelled);
	if (schema_cast(cast->field, value, &caster->spelled, &caster->note))
		return false;
	if (cast->number)
		follow(caster, cast, value);
	else
		spell(cast, value, buf_slice(&caster->spelled));
	return true;
}

/* Casts a field; before: so many bytes before it can be read. */
static inline bool
cast_field(
    struct caster *caster, struct cast *cast, struct slice raw, size_t before)
{
	struct decimal_bytes bytes;

	cast->piece = raw;
	cast->as_it_was = true;
	if (!caster->empty_lacks)
		return cast_value(caster, cast, raw);
	if (cast->number && before >= DECIMAL_BYTES &&
	    decimal_bytes_take(
		cast->layout, raw.data + raw.len, raw.len, &bytes))
		return true;
	if (cast->field->type == SCHEMA_STRING && raw.len)
		return true;
	return cast_value(caster, cast, raw);
}

/* Casts all fields of a record, and writes them only then. */
static void
cast_record(struct caster *caster, const struct csvin_batch *batch, size_t i)
{
	size_t before = csvin_batch_begin(batch, i);

	for (size_t j = 0; j < caster->ncasts; j++) {
		struct cast *cast = &caster->casts[j];
		struct csvin_record record;

		cast->piece.len = 0;
		cast->as_it_was = false;
		if (cast->column < 0 ||
		    cast_field(caster, cast,
			csvin_batch_field(batch, i, (size_t)cast->column),
			before))
			continue;
		flush(caster);
		csvin_batch_record(caster->in, batch, i, &record);
		csvin_die(caster->in, &record, "column '%s': %s",
		    cast->field->name, buf_text(&caster->note));
	}
}

static void
put_record(struct caster *caster)
{
	for (size_t j = 0; j < caster->ncasts; j++) {
		const struct cast *cast = &caster->casts[j];
		struct slice piece = cast->piece;
		const char *mark = j + 1 < caster->ncasts ? "," : "\n";

		/* what ends the field in the input may be what has to */
		if (cast->as_it_was && piece.data[piece.len] == *mark) {
			piece.len++;
			put(caster, piece);
		} else {
			put(caster, piece);
			put(caster, (struct slice){mark, 1});
		}
	}
}

void
caster_xbatch(struct caster *caster, const struct csvin_batch *batch)
{
	for (size_t i = 0; i < batch->nrecords; i++) {
		cast_record(caster, batch, i);
		put_record(caster);
	}
	flush(caster);
	caster->run = (struct slice){NULL, 0};
}
