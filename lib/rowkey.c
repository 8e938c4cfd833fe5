/* SPDX-License-Identifier: ISC */
#include "rowkey.h"

#include <stdlib.h>

#include "decimal.h"
#include "keyset.h"

/* The schema's field for each name, or NULL. */
static void
find_fields(struct rowkey *key)
{
	key->fields = xcalloc(key->names.count + 1, sizeof(*key->fields));
	for (size_t i = 0; i < key->names.count && key->schema; i++) {
		struct slice name = slice_of(key->names.names[i]);
		long field = schema_find(key->schema, name);

		if (field >= 0)
			key->fields[i] = &key->schema->fields[field];
	}
}

size_t *
rowkey_columns(
    struct rowkey *key, struct csvin *in, const struct csvin_record *header)
{
	size_t *at = xcalloc(key->names.count + 1, sizeof(*at));
	struct cols present = {0};

	if (!key->fields)
		find_fields(key);
	cols_from_header(&present, in, header);
	for (size_t i = 0; i < key->names.count; i++)
		at[i] = cols_require(&present, in, key->names.names[i]);
	cols_release(&present);
	return at;
}

/* Spells a value as its type does; false if it does not fit. */
static bool
spell(const struct schema_field *field, struct slice value, struct buf *to)
{
	struct buf note = {0};
	bool fits;

	/* a decimal too long to be spelled out is compared as text */
	if (field->type == SCHEMA_INTEGER || field->type == SCHEMA_NUMBER)
		return decimal_valid(value) && !decimal_canon(value, to);
	fits = !schema_cast(field, value, to, &note);
	buf_release(&note);
	return fits;
}

struct slice
rowkey_of(struct rowkey *key, struct csvin *in, const struct csvin_record *row,
    const size_t *at)
{
	/* no longer than the record and the lengths of its parts */
	key->bytes.limit = SIZE_MAX;
	buf_clear(&key->bytes);
	for (size_t i = 0; i < key->names.count; i++) {
		struct slice value = csvin_value(in, csvin_field(row, at[i]));

		buf_clear(&key->spelled);
		if (key->fields[i] &&
		    spell(key->fields[i], value, &key->spelled))
			value = buf_slice(&key->spelled);
		/* a key of one part may be held exactly */
		if (key->names.count == 1)
			buf_add_slice(&key->bytes, value);
		else
			keyset_part(&key->bytes, value);
	}
	return buf_slice(&key->bytes);
}

void
rowkey_release(struct rowkey *key)
{
	cols_release(&key->names);
	free(key->fields);
	buf_release(&key->bytes);
	buf_release(&key->spelled);
}
