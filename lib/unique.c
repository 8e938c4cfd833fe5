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
	struct slice key;    /* of the row looked at last */
	struct buf joined;   /* its parts, if there are several */
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
	unique->joined.limit = SIZE_MAX;
	return unique;
}

void
unique_free(struct unique *unique)
{
	if (!unique)
		return;
	keyset_free(unique->keys);
	buf_release(&unique->joined);
	buf_release(&unique->spelled);
	free(unique);
}

long
unique_field(const struct unique *unique)
{
	return unique->count == 1 ? (long)*unique->fields : -1;
}

/* True for an integer that is spelled as decimal_canon() would. */
static bool
is_plain(const struct schema_field *field, struct slice value)
{
	return field->type == SCHEMA_INTEGER && value.data[0] >= '1' &&
	       value.data[0] <= '9';
}

/* The one spelling of all values that mean the same. */
static struct slice
spell(struct unique *unique, size_t at, struct slice value)
{
	const struct schema_field *field = &unique->schema->fields[at];
	struct buf *spelled = &unique->spelled;

	buf_clear(spelled);
	switch (field->type) {
	case SCHEMA_INTEGER:
	case SCHEMA_NUMBER:
		/* a decimal too long to be spelled out compares as text */
		if (is_plain(field, value) || decimal_canon(value, spelled))
			return value;
		break;
	case SCHEMA_STRING:
		return value;
	default:
		schema_cast(field, value, spelled, NULL);
		break;
	}
	return buf_slice(spelled);
}

/* Makes the key of a row; at a part that is missing, returns its field. */
static const struct schema_field *
look_at(struct unique *unique, const struct slice *values, const bool *missing)
{
	unique->complete = false;
	buf_clear(&unique->joined);
	for (size_t i = 0; i < unique->count; i++) {
		size_t at = unique->fields[i];

		if (missing[at])
			return &unique->schema->fields[at];
		unique->key = spell(unique, at, values[at]);
		if (unique->count > 1)
			keyset_part(&unique->joined, unique->key);
	}
	if (unique->count > 1)
		unique->key = buf_slice(&unique->joined);
	unique->complete = true;
	return NULL;
}

bool
unique_put(struct unique *unique, const struct slice *values,
    const bool *missing, uint64_t number)
{
	if (look_at(unique, values, missing))
		return !unique->primary;
	return keyset_add(unique->keys, unique->key, &number);
}

const char *
unique_check(struct unique *unique, const struct slice *values,
    const bool *missing, struct buf *note)
{
	const struct schema_field *lacks = look_at(unique, values, missing);
	uint64_t twin;

	if (lacks && !unique->primary)
		return NULL;
	if (lacks) {
		buf_printf(
		    note, "'%s' of the primary key is missing", lacks->name);
		return "primary-key-error";
	}
	if (!keyset_find(unique->keys, unique->key, &twin))
		return NULL;
	buf_printf(note, "the same as in record %" PRIu64, twin);
	return unique->primary ? "primary-key-error" : "unique-error";
}

void
unique_add(struct unique *unique, uint64_t number)
{
	if (unique->complete)
		keyset_add(unique->keys, unique->key, &number);
}
