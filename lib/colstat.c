/* SPDX-License-Identifier: ISC */
#include "colstat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "decimal.h"
#include "keyset_hash.h"
#include "num.h"
#include "value.h"

/* Values taken at a time, so that what is made of them stays in the cache. */
enum { CHUNK = 1024 };

/* What all values were so far; each numeric kind has types within. */
enum kind { NONE, NUMBER, TIME, BOOLEAN, STRING };

/* A least or greatest value. */
struct extreme {
	char text[COLSTAT_TEXT];
	size_t len;
	bool there, cut;
};

/* The first 16 bytes of a text, so that it sorts as an integer. */
struct prefix {
	uint64_t high, low;
};

/* Whether values only rise or only fall. */
struct trend {
	bool up, down;
	bool begun;
	int64_t last;
	unsigned scale;
};

struct colstat {
	enum kind kind;
	bool fraction; /* a number is no integer */
	bool clock;    /* a time is no date */
	uint64_t count, empty;
	struct extreme first, last; /* as text */
	struct extreme least, greatest;
	struct prefix first_prefix, last_prefix;
	struct frequent frequent;
	bool many;      /* too many different ones to count them all */
	struct hll hll; /* in use if so */
	struct moments moments;
	struct quantile quantile;
	struct trend trend;
};

struct colstat *
colstat_new(void)
{
	struct colstat *column = xcalloc(1, sizeof(*column));

	column->trend.up = column->trend.down = true;
	return column;
}

void
colstat_free(struct colstat *column)
{
	if (!column)
		return;
	frequent_release(&column->frequent);
	hll_release(&column->hll);
	quantile_release(&column->quantile);
	free(column);
}

const char *
colstat_type_name(enum colstat_type type)
{
	static const char *const names[] = {"empty", "integer", "decimal",
	    "date", "datetime", "boolean", "string"};

	return names[type];
}

static void
set_extreme(struct extreme *extreme, struct slice text)
{
	extreme->there = true;
	extreme->cut = text.len > COLSTAT_TEXT;
	extreme->len = text.len < COLSTAT_TEXT ? text.len : COLSTAT_TEXT;
	memcpy(extreme->text, text.data, extreme->len);
}

static struct slice
extreme_text(const struct extreme *extreme)
{
	return (struct slice){extreme->text, extreme->len};
}

/* Eight bytes, the first one highest; compilers make one load of it. */
static inline uint64_t
load(const char *from)
{
	const unsigned char *at = (const unsigned char *)from;

	return (uint64_t)at[0] << 56 | (uint64_t)at[1] << 48 |
	       (uint64_t)at[2] << 40 | (uint64_t)at[3] << 32 |
	       (uint64_t)at[4] << 24 | (uint64_t)at[5] << 16 |
	       (uint64_t)at[6] << 8 | (uint64_t)at[7];
}

/* No NUL is in a text, so that zeros sort before all that could follow. */
static inline struct prefix
prefix_of(struct slice text)
{
	struct prefix prefix = {load(text.data), load(text.data + 8)};

	if (text.len < 8) {
		prefix.high &= ~(UINT64_MAX >> (8 * text.len));
		prefix.low = 0;
	} else if (text.len < 16) {
		prefix.low &= ~(UINT64_MAX >> (8 * (text.len - 8)));
	}
	return prefix;
}

/* No branches: which it will be is hard to tell. */
static inline bool
is_before(struct prefix a, struct prefix b)
{
	return (a.high < b.high) | ((a.high == b.high) & (a.low < b.low));
}

/* True if text a, of this prefix, comes before b, as far as they are kept. */
static bool
is_text_before(struct slice a, struct prefix a_prefix, struct slice b,
    struct prefix b_prefix)
{
	size_t x = a.len < COLSTAT_TEXT ? a.len : COLSTAT_TEXT;
	size_t y = b.len < COLSTAT_TEXT ? b.len : COLSTAT_TEXT;
	int diff;

	if (is_before(a_prefix, b_prefix) || is_before(b_prefix, a_prefix))
		return is_before(a_prefix, b_prefix);
	if (a.len <= 16 || b.len <= 16)
		return a.len < b.len;
	diff = memcmp(a.data, b.data, x < y ? x : y);
	return diff ? diff < 0 : x < y;
}

static void
begin_texts(struct colstat *column, struct slice text)
{
	column->first_prefix = column->last_prefix = prefix_of(text);
	set_extreme(&column->first, text);
	set_extreme(&column->last, text);
}

static void
add_texts(struct colstat *column, const struct slice *values, size_t count)
{
	struct prefix first = column->first_prefix;
	struct prefix last = column->last_prefix;
	const struct slice *new_first = NULL, *new_last = NULL;
	struct slice first_text = extreme_text(&column->first);
	struct slice last_text = extreme_text(&column->last);

	for (size_t i = 0; i < count; i++) {
		struct prefix prefix = prefix_of(values[i]);

		if (!is_before(first, prefix) &&
		    is_text_before(values[i], prefix, first_text, first)) {
			first = prefix;
			first_text = values[i];
			new_first = &values[i];
		}
		if (!is_before(prefix, last) &&
		    is_text_before(last_text, last, values[i], prefix)) {
			last = prefix;
			last_text = values[i];
			new_last = &values[i];
		}
	}
	if (new_first)
		set_extreme(&column->first, *new_first);
	if (new_last)
		set_extreme(&column->last, *new_last);
	column->first_prefix = first;
	column->last_prefix = last;
}

/* The order of two values of a column of numbers or times. */
static int
compare_values(const struct colstat *column, struct slice a, struct slice b)
{
	return column->kind == NUMBER ? decimal_compare(a, b)
				      : value_compare(a, b);
}

/* A candidate for both ends by value. */
static void
add_value(struct colstat *column, struct slice least, struct slice greatest)
{
	if (!column->least.there ||
	    compare_values(column, least, extreme_text(&column->least)) < 0)
		set_extreme(&column->least, least);
	if (!column->greatest.there || compare_values(column, greatest,
					   extreme_text(&column->greatest)) > 0)
		set_extreme(&column->greatest, greatest);
}

static void
follow(struct trend *trend, const int64_t *values, size_t count, unsigned scale)
{
	size_t rises = 0, falls = 0, steps = count - 1;

	if (!trend->up && !trend->down)
		return;
	if (trend->begun) {
		steps += 1;
		rises += trend->scale == scale && values[0] > trend->last;
		falls += trend->scale == scale && values[0] < trend->last;
	}
	for (size_t i = 1; i < count; i++) {
		rises += values[i] > values[i - 1];
		falls += values[i] < values[i - 1];
	}
	trend->up &= rises == steps;
	trend->down &= falls == steps;
	trend->begun = true;
	trend->last = values[count - 1];
	trend->scale = scale;
}

/* Adds numbers or times that stand in values. */
static void
add_integers(struct colstat *column, const struct slice *values,
    const int64_t *integers, size_t count, unsigned scale)
{
	size_t least = 0, greatest = 0;
	int64_t low = integers[0], high = integers[0];

	for (size_t i = 1; i < count; i++) {
		least = integers[i] < low ? i : least;
		low = integers[i] < low ? integers[i] : low;
		greatest = integers[i] > high ? i : greatest;
		high = integers[i] > high ? integers[i] : high;
	}
	add_value(column, values[least], values[greatest]);
	follow(&column->trend, integers, count, scale);
	moments_add(&column->moments, integers, count, scale);
	quantile_add_scaled(
	    &column->quantile, integers, count, (double)mantissa_power(scale));
}

/* Adds values up to the first that is no plain decimal: returns how many. */
static size_t
add_plain_numbers(
    struct colstat *column, const struct slice *values, size_t count)
{
	int64_t mantissas[CHUNK];
	uint8_t scales[CHUNK];
	size_t plain = mantissa_parse(values, count, mantissas, scales);
	int scale;

	if (plain == 0)
		return 0;
	column->kind = NUMBER;
	scale = mantissa_align(mantissas, scales, plain);
	if (scale > 0)
		column->fraction = true;
	if (scale >= 0) {
		add_integers(column, values, mantissas, plain, (unsigned)scale);
		return plain;
	}
	column->fraction = true;
	for (size_t i = 0; i < plain; i++)
		add_integers(column, values + i, mantissas + i, 1, scales[i]);
	return plain;
}

static bool
is_time(struct slice text, int64_t *time)
{
	return text.len >= 10 && text.len < COLSTAT_TEXT &&
	       text.data[4] == '-' && !clock_parse(text, time);
}

static size_t
add_times(struct colstat *column, const struct slice *values, size_t count)
{
	int64_t times[CHUNK];
	size_t i;

	for (i = 0; i < count; i++) {
		/* a stamp is often that of the record before */
		if (i && slice_equal(values[i], values[i - 1]))
			times[i] = times[i - 1];
		else if (!is_time(values[i], &times[i]))
			break;
		column->clock |= values[i].len > 10;
	}
	if (i)
		add_integers(column, values, times, i, 0);
	return i;
}

static bool
is_boolean(struct slice text)
{
	static const char *const words[] = {
	    "true", "false", "True", "False", "TRUE", "FALSE"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_equal(text, slice_of(words[i])))
			return true;
	return false;
}

/* A number in a spelling that is not plain. */
static bool
is_number(struct slice text, double *number)
{
	return text.len < COLSTAT_TEXT && !num_double(text, number);
}

static bool
is_integer(struct slice text)
{
	for (size_t i = text.data[0] == '-' || text.data[0] == '+';
	     i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return true;
}

/* What a value is; of a number also which one. */
static enum kind
kind_of(struct slice text, double *number)
{
	int64_t time;

	if (is_number(text, number))
		return NUMBER;
	if (is_time(text, &time))
		return TIME;
	return is_boolean(text) ? BOOLEAN : STRING;
}

static void
add_number(struct colstat *column, struct slice text, double number)
{
	column->fraction |= !is_integer(text);
	column->trend.up = column->trend.down = false;
	add_value(column, text, text);
	moments_add_double(&column->moments, number);
	quantile_add(&column->quantile, number);
}

/* Adds the value at which the quick way ended. */
static void
add_odd(struct colstat *column, struct slice text)
{
	double number = 0;
	enum kind kind = kind_of(text, &number);

	if (column->kind == NONE)
		column->kind = kind;
	if (column->kind != kind) {
		column->kind = STRING;
		quantile_release(&column->quantile);
	}
	if (column->kind == NUMBER)
		add_number(column, text, number);
	else if (column->kind == TIME)
		add_times(column, &text, 1);
}

static void
add_values(struct colstat *column, const struct slice *values, size_t count)
{
	size_t i = 0;

	while (i < count && column->kind != STRING) {
		if (column->kind <= NUMBER)
			i += add_plain_numbers(column, values + i, count - i);
		else if (column->kind == TIME)
			i += add_times(column, values + i, count - i);
		if (i < count)
			add_odd(column, values[i++]);
	}
}

/* The sketch takes over, with what was counted, when that gets too much. */
static void
add_hashes(struct colstat *column, const struct slice *values, size_t count)
{
	uint64_t hashes[CHUNK], before[FREQUENT_VALUES];
	size_t nbefore = 0;

	keyset_hash(values, count, hashes);
	if (!column->many)
		nbefore = frequent_hashes(&column->frequent, before);
	frequent_add(&column->frequent, values, hashes, count);
	if (!frequent_error(&column->frequent))
		return;
	column->many = true;
	hll_add(&column->hll, before, nbefore);
	hll_add(&column->hll, hashes, count);
}

void
colstat_add(struct colstat *column, const struct slice *values, size_t count)
{
	struct slice chunk[CHUNK];

	while (count) {
		size_t taken = count < CHUNK ? count : CHUNK, filled = 0;

		for (size_t i = 0; i < taken; i++)
			if (values[i].len)
				chunk[filled++] = values[i];
		column->count += filled;
		column->empty += taken - filled;
		if (filled) {
			if (!column->first.there)
				begin_texts(column, chunk[0]);
			add_texts(column, chunk, filled);
			add_hashes(column, chunk, filled);
			add_values(column, chunk, filled);
		}
		values += taken;
		count -= taken;
	}
}

static enum colstat_type
type_of(const struct colstat *column)
{
	switch (column->kind) {
	case NONE:
		return COLSTAT_EMPTY;
	case NUMBER:
		return column->fraction ? COLSTAT_DECIMAL : COLSTAT_INTEGER;
	case TIME:
		return column->clock ? COLSTAT_DATETIME : COLSTAT_DATE;
	case BOOLEAN:
		return COLSTAT_BOOLEAN;
	case STRING:
		break;
	}
	return COLSTAT_STRING;
}

static bool
is_measured(const struct colstat *column)
{
	return column->kind == NUMBER || column->kind == TIME;
}

static void
count_distinct(const struct colstat *column, struct colstat_summary *summary)
{
	const struct trend *trend = &column->trend;
	bool sorted = is_measured(column) && (trend->up || trend->down);

	summary->distinct_exact = sorted || !column->many;
	if (sorted)
		summary->distinct = column->count;
	else if (column->many)
		summary->distinct = hll_count(&column->hll);
	else
		summary->distinct = frequent_count(&column->frequent);
	if (summary->distinct > column->count)
		summary->distinct = column->count;
}

static void
list_top(const struct colstat *column, struct colstat_summary *summary)
{
	uint64_t error = frequent_error(&column->frequent);
	uint64_t enough = error ? error + 1 : 2;
	size_t count =
	    frequent_list(&column->frequent, summary->top, COLSTAT_TOP);

	while (count && summary->top[count - 1].count < enough)
		count--;
	summary->ntop = count;
	summary->top_exact = error == 0;
}

/* A date stays one where the time of day is midnight. */
static void
put_time(const struct colstat *column, int64_t time, struct buf *out)
{
	char text[CLOCK_SIZE];

	clock_format(time, text);
	if (!column->clock && time % CLOCK_DAY == 0)
		text[sizeof("YYYY-MM-DD") - 1] = '\0';
	buf_puts(out, text);
}

/*
 * A number that is a value of the column, or lies a quarter of the way between
 * two, which takes at most two digits more than they have: what is behind that
 * is what was lost in computing it.
 */
static void
put_between(const struct colstat *column, double number, struct buf *out)
{
	const size_t precise = 15; /* digits that a double surely has */
	size_t places = column->moments.scale + 2, whole, behind;
	char text[NUM_SIZE];
	struct buf plain = {0}, rounded = {0};

	num_format(number, text);
	decimal_canon(slice_of(text), &plain);
	whole = strcspn(plain.data, ".");
	behind = plain.len - whole;
	if (column->moments.inexact) {
		buf_printf(out, "%.*g", (int)precise, number);
	} else if (behind <= places + 1 || whole > precise) {
		buf_add_slice(out, buf_slice(&plain));
	} else {
		if (whole + places > precise)
			places = precise - whole;
		buf_printf(&rounded, "%.*f", (int)places, number);
		decimal_canon(buf_slice(&rounded), out);
	}
	buf_release(&plain);
	buf_release(&rounded);
}

static void
put_quantile(const struct colstat *column, const struct quantile_view *view,
    double share, struct buf *out)
{
	double value = quantile_at(view, share);

	if (column->kind == TIME)
		put_time(column, llround(value), out);
	else
		put_between(column, value, out);
}

static void
put_mean(const struct colstat *column, struct buf *out)
{
	struct buf text = {0};
	struct slice whole;
	int64_t time;

	if (column->kind != TIME) {
		moments_mean(&column->moments, out);
		return;
	}
	moments_mean(&column->moments, &text);
	whole = buf_slice(&text);
	whole.len = strcspn(text.data, ".");
	if (!num_int64(whole, &time))
		put_time(column, time, out);
	buf_release(&text);
}

/* Where a value stands on the line that the sketch is on. */
static double
position(const struct colstat *column, const struct extreme *extreme)
{
	double number = 0;
	int64_t time = 0;

	if (column->kind == NUMBER)
		num_double(extreme_text(extreme), &number);
	else if (!clock_parse(extreme_text(extreme), &time))
		number = (double)time;
	return number;
}

static void
measure(const struct colstat *column, struct colstat_summary *summary)
{
	double least = position(column, &column->least);
	double greatest = position(column, &column->greatest);
	double deviation = moments_deviation(&column->moments);
	struct quantile_view view;

	quantile_view(&column->quantile, &view);
	put_quantile(column, &view, 0.25, &summary->q1);
	put_quantile(column, &view, 0.5, &summary->median);
	put_quantile(column, &view, 0.75, &summary->q3);
	summary->quartiles_exact = view.exact;
	put_mean(column, &summary->mean);
	if (column->kind == NUMBER && !isnan(deviation))
		buf_printf(&summary->deviation, "%.10g", deviation);
	summary->has_bins = least < greatest;
	if (summary->has_bins)
		quantile_bins(
		    &view, least, greatest, summary->bins, COLSTAT_BINS);
	quantile_view_release(&view);
}

void
colstat_put_text(struct buf *out, struct slice text, bool cut)
{
	size_t len = text.len;

	/* a character of which only the beginning is there goes as well */
	while (cut && len && ((unsigned char)text.data[len - 1] & 0xc0) == 0x80)
		len--;
	if (cut && len && ((unsigned char)text.data[len - 1] & 0xc0) == 0xc0)
		len--;
	buf_add(out, text.data, len);
	if (cut)
		buf_puts(out, "...");
}

void
colstat_summarize(const struct colstat *column, struct colstat_summary *summary)
{
	bool measured = is_measured(column);
	const struct extreme *min = measured ? &column->least : &column->first;
	const struct extreme *max =
	    measured ? &column->greatest : &column->last;

	*summary = (struct colstat_summary){
	    .type = type_of(column),
	    .count = column->count,
	    .empty = column->empty,
	};
	count_distinct(column, summary);
	list_top(column, summary);
	colstat_put_text(&summary->min, extreme_text(min), min->cut);
	colstat_put_text(&summary->max, extreme_text(max), max->cut);
	if (measured)
		measure(column, summary);
}

void
colstat_summary_release(struct colstat_summary *summary)
{
	buf_release(&summary->min);
	buf_release(&summary->max);
	buf_release(&summary->q1);
	buf_release(&summary->median);
	buf_release(&summary->q3);
	buf_release(&summary->mean);
	buf_release(&summary->deviation);
}
