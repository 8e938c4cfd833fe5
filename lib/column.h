/* SPDX-License-Identifier: ISC */
/*
 * column - the values of one column, checked quickly one after another
 *
 * A part of the checker, which says what the answers are worth. What a field
 * of a schema asks is worked out once: bounds become those of integers, and a
 * number is taken as decimal_bytes.h says if it looks like the one before it.
 */
#ifndef COLUMN_H
#define COLUMN_H

#include "csvin.h"
#include "decimal_bytes.h"
#include "schema.h"

enum column_kind {
	COLUMN_ANY,    /* nothing to check */
	COLUMN_NUMBER, /* a decimal in a range */
	COLUMN_MOMENT, /* microseconds in a range */
	COLUMN_OTHER,  /* schema_check() */
};

/* What a record's value is known as, to be compared with others of it. */
struct known {
	struct decimal_bytes bytes;
	struct decimal_small small; /* a time: microseconds, scale 0 */
	int form; /* the scale of bytes, or one of enum known_form */
};

enum known_form {
	KNOWN_SMALL = DECIMAL_BYTES_SCALES, /* small */
	KNOWN_TEXT,                         /* a number too long for that */
	KNOWN_MISSING,
};

enum { COLUMN_LAST = 48 };

struct column {
	enum column_kind kind;
	bool more; /* column_finish() has something to do */
	const struct decimal_layout *layout; /* that of the value before */
	struct known *known;

	bool wanted; /* its values are put aside, in *value and *missing */
	struct slice *value;
	bool *missing;
	bool *aligned; /* is cleared if a value compared is not in bytes */
	bool compared;
	const struct schema *schema;
	const struct schema_field *field; /* NULL: not in the schema */
	struct csvin *in;
	bool empty_lacks; /* the empty text, and no other, is missing */
	struct decimal_range range;
	struct decimal_layout *layouts; /* of each scale, if COLUMN_NUMBER */
	/* the last good value: in many columns the next one is the same */
	char last[COLUMN_LAST];
	size_t last_len;
	int64_t last_time;
	struct buf note; /* of no use here */
};

/*
 * Makes a column of a field of the schema; the caller has set where values
 * are known and put aside. column_release() frees. column_ready() comes when
 * no more bounds are added.
 */
void column_init(struct column *column, const struct schema *schema,
    const struct schema_field *field, struct csvin *in);
void column_ready(struct column *column);
void column_release(struct column *column);

/*
 * Asks of the values also that they have a relation to a number. Returns
 * false if that cannot be done, because of the relation or the numbers.
 */
bool column_compare(
    struct column *column, enum schema_operator relation, const char *number);

/* Has the values put aside, whatever their kind; before column_ready(). */
void column_want(struct column *column);

/* Checks a field as it stands in CSV, of any kind but COLUMN_ANY. */
bool column_check(struct column *column, struct slice raw);

/* What is left to do for a number that was taken. */
bool column_finish(struct column *column, struct slice raw);

/* column_check_number() of what does not look like the number before. */
bool column_check_odd(struct column *column, struct slice raw);

/*
 * The same as column_check() for COLUMN_NUMBER, where 16 bytes before the
 * field may be read and the empty text is what is missing.
 */
static inline bool
column_check_number(struct column *column, struct slice raw)
{
	if (!decimal_bytes_take(column->layout, raw.data + raw.len, raw.len,
		&column->known->bytes))
		return column_check_odd(column, raw);
	return !column->more || column_finish(column, raw);
}

#endif
