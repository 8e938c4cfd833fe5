/* SPDX-License-Identifier: ISC */
#include "unique.h"

#include <inttypes.h>
#include <stdlib.h>

#include "decimal.h"
#include "keyset.h"

struct unique {
	const struct schema *schema;
	size_t field; /* if not primary */
	bool primary;
	const size_t *fields;
	size_t count;
	struct keyset *keys; /* to numbers of rows */
	struct buf key;      /* of the row checked last */
	bool complete;       /* no part of it is missing */
	struct buf spelled;
};

struct unique *
unique_xnew(const struct schema *schema, long field)
{
	struct unique *unique = xcalloc(1, sizeof(*unique));

	unique->schema = schema;
	unique->primary = field < 0;
	unique->field = unique->primary ? 0 : (size_t)field;
	unique->fields = unique->primary ? schema->key : &unique->field;
	unique->count = unique->primary ? schema->nkey : 1;
	unique->keys = keyset_xnew(true);
	/* no longer than a record and the lengths of its parts */
	unique->key.limit = SIZE_MAX;
	return unique;
}

void
unique_free(struct unique *unique)
{
	if (!unique)
		return;
	keyset_free(unique->keys);
	buf_release(&unique->key);
	buf_release(&unique->spelled);
	free(unique);
}

long
unique_field(const struct unique *unique)
{
	return unique->count == 1 ? (long)*unique->fields : -1;
}

static void
add_part(struct unique *unique, size_t at, struct slice value, struct buf *note)
{
	const struct schema_field *field = &unique->schema->fields[at];
	bool decimal =
	    field->type == SCHEMA_INTEGER || field->type == SCHEMA_NUMBER;

	buf_clear(&unique->spelled);
	/* a decimal too long to be spelled out compares as text */
	if (!decimal || decimal_canon(value, &unique->spelled))
		schema_cast(field, value, &unique->spelled, note);
	if (unique->count > 1)
		keyset_part(&unique->key, buf_slice(&unique->spelled));
	else
		buf_add_slice(&unique->key, buf_slice(&unique->spelled));
}

const char *
unique_check(struct unique *unique, const struct slice *values,
    const bool *missing, struct buf *note)
{
	uint64_t twin;

	buf_clear(&unique->key);
	unique->complete = false;
	for (size_t i = 0; i < unique->count; i++) {
		size_t at = unique->fields[i];

		if (!missing[at]) {
			add_part(unique, at, values[at], note);
			continue;
		}
		if (!unique->primary)
			return NULL;
		buf_printf(note, "'%s' of the primary key is missing",
		    unique->schema->fields[at].name);
		return "primary-key-error";
	}
	unique->complete = true;
	if (!keyset_find(unique->keys, buf_slice(&unique->key), &twin))
		return NULL;
	buf_printf(note, "the same as in record %" PRIu64, twin);
	return unique->primary ? "primary-key-error" : "unique-error";
}

void
unique_add(struct unique *unique, uint64_t number)
{
	if (unique->complete)
		keyset_add(unique->keys, buf_slice(&unique->key), &number);
}
