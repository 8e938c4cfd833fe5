/* SPDX-License-Identifier: ISC */
#include "bigquery_value.h"

#include <math.h>
#include <string.h>

#include "clock.h"
#include "decimal.h"
#include "json_out.h"
#include "num.h"

/* The years 0001 to 9999, in microseconds of the epoch. */
#define FIRST_TIME INT64_C(-62135596800000000)
#define LAST_TIME INT64_C(253402300799999999)

static size_t
count_digits(struct slice text)
{
	size_t count = 0;

	while (count < text.len && text.data[count] >= '0' &&
	       text.data[count] <= '9')
		count++;
	return count;
}

/*
 * True for a decimal as decimal_canon() spells it, up to an exponent. *whole
 * and *places become the digits before and behind the point.
 */
static bool
is_canonical(struct slice text, size_t *whole, size_t *places)
{
	bool minus = text.len && *text.data == '-';

	*places = 0;
	text.data += minus;
	text.len -= minus;
	*whole = count_digits(text);
	if (!*whole || (*whole > 1 && *text.data == '0'))
		return false;
	if (*whole == text.len)
		return !minus || *text.data != '0';
	if (text.data[*whole] != '.' || text.data[text.len - 1] == '0')
		return false;
	text.data += *whole + 1;
	text.len -= *whole + 1;
	*places = count_digits(text);
	return *places && *places == text.len;
}

static const char *
spell_decimal(struct slice *text, struct buf *room)
{
	size_t whole, places;

	if (is_canonical(*text, &whole, &places))
		return NULL;
	buf_clear(room);
	if (!decimal_valid(*text) || decimal_canon(*text, room))
		return "a NUMERIC that is none";
	*text = buf_slice(room);
	return NULL;
}

/*
 * True for a text of up to 15 significant digits without an exponent, as
 * num_format_float() would write it but for ".0".
 */
static bool
is_short_float(struct slice text, size_t *places)
{
	size_t whole;

	if (!is_canonical(text, &whole, places) || whole + *places > 15)
		return false;
	/* from the fifth zero on there would be an exponent */
	return !(
	    *places > 4 && whole == 1 && text.data[*text.data == '-'] == '0');
}

static const char *
spell_float(struct slice *text, struct buf *room)
{
	char spelled[NUM_SIZE];
	double value;
	size_t places;

	if (is_short_float(*text, &places)) {
		if (places)
			return NULL;
		buf_clear(room);
		buf_add_slice(room, *text);
		buf_puts(room, ".0");
		*text = buf_slice(room);
		return NULL;
	}
	if (slice_equal(*text, slice_of("NaN")) ||
	    slice_equal(*text, slice_of("Infinity")) ||
	    slice_equal(*text, slice_of("-Infinity")))
		return NULL;
	if (num_double(*text, &value))
		return "a FLOAT64 that is none";
	num_format_float(value, spelled);
	buf_clear(room);
	buf_puts(room, spelled);
	*text = buf_slice(room);
	return NULL;
}

static const char *
spell_time(struct slice *text, struct buf *room)
{
	char spelled[CLOCK_SIZE];
	int64_t time;

	if (num_int64(*text, &time) || time < FIRST_TIME || time > LAST_TIME)
		return "a TIMESTAMP that is no microseconds of the epoch";
	clock_format(time, spelled);
	buf_clear(room);
	buf_puts(room, spelled);
	*text = buf_slice(room);
	return NULL;
}

const char *
bigquery_value_spell(
    enum bigquery_kind kind, struct slice *text, struct buf *room)
{
	int64_t integer;

	switch (kind) {
	case BIGQUERY_INTEGER:
		return num_int64(*text, &integer) ? "an INT64 that is none"
						  : NULL;
	case BIGQUERY_FLOAT:
		return spell_float(text, room);
	case BIGQUERY_DECIMAL:
		return spell_decimal(text, room);
	case BIGQUERY_BOOL:
		return slice_equal(*text, slice_of("true")) ||
			       slice_equal(*text, slice_of("false"))
			   ? NULL
			   : "a BOOL that is none";
	case BIGQUERY_TIMESTAMP:
		return spell_time(text, room);
	default:
		return NULL;
	}
}

void
bigquery_value_string(struct slice text, struct buf *json)
{
	struct json_out out = {.buf = json};

	json_put_string(&out, text);
}

const char *
bigquery_value_json(
    enum bigquery_kind kind, struct slice text, struct buf *json)
{
	struct buf room = {0};
	const char *wrong = bigquery_value_spell(kind, &text, &room);
	bool bare = kind == BIGQUERY_INTEGER || kind == BIGQUERY_DECIMAL ||
		    kind == BIGQUERY_BOOL || kind == BIGQUERY_JSON ||
		    (kind == BIGQUERY_FLOAT && decimal_valid(text));

	if (wrong)
		;
	else if (bare)
		buf_add_slice(json, text);
	else
		bigquery_value_string(text, json);
	buf_release(&room);
	return wrong;
}
