/* SPDX-License-Identifier: ISC */
#include "gaps_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "csvout.h"
#include "keyset.h"

struct series {
	struct gaps gaps;
	char *key; /* its fields as CSV, a comma behind each */
};

struct gaps_table {
	const struct gaps_options *options;
	size_t time_at;
	size_t *key_at;
	struct keyset *keys; /* to indexes of series */
	struct series *series;
	size_t count, cap;
	struct buf key, last_key; /* of the record, and of the one before */
	size_t last;              /* the index of last_key's series */
};

struct gaps_table *
gaps_table_xnew(const struct gaps_options *options)
{
	struct gaps_table *table = xcalloc(1, sizeof(*table));

	table->options = options;
	table->key_at = xcalloc(options->key.count, sizeof(size_t));
	table->keys = keyset_xnew(true);
	/* a key is no longer than its record and the lengths of its parts */
	table->key.limit = table->last_key.limit = SIZE_MAX;
	return table;
}

void
gaps_table_free(struct gaps_table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->count; i++)
		free(table->series[i].key);
	free(table->series);
	free(table->key_at);
	keyset_free(table->keys);
	buf_release(&table->key);
	buf_release(&table->last_key);
	free(table);
}

static void
add_series(struct gaps_table *table, const char *key)
{
	struct series *series;

	table->series = xgrow(
	    table->series, table->count, &table->cap, sizeof(*table->series));
	series = &table->series[table->count++];
	series->key = xstrdup(key);
	gaps_begin(
	    &series->gaps, &table->options->step, table->options->bounds);
}

static void
take_header(struct gaps_table *table, struct csvin *in,
    const struct csvin_record *header)
{
	const struct gaps_options *options = table->options;
	struct cols names = {0};

	cols_from_header(&names, in, header);
	table->time_at = cols_require(&names, in, options->column);
	for (size_t i = 0; i < options->key.count; i++)
		table->key_at[i] =
		    cols_require(&names, in, options->key.names[i]);
	cols_release(&names);
	if (!options->key.count)
		add_series(table, "");
}

/* The names of what is written behind the key. */
static const char *
own_columns(const struct gaps_options *options)
{
	return options->totals ? "first,last,expected,present,missing,"
				 "duplicate,off_grid,coverage"
			       : "kind,from,to,count";
}

/* Dies at a key that is called as a column of the output is. */
static void
check_key(const struct gaps_options *options)
{
	struct cols own = {0};
	const char *reason;

	cols_from_list(&own, own_columns(options), &reason);
	for (size_t i = 0; i < options->key.count; i++) {
		if (cols_find(&own, slice_of(options->key.names[i])) >= 0)
			die(STATUS_TROUBLE,
			    "-k: '%s' is a column of the output already",
			    options->key.names[i]);
	}
	cols_release(&own);
}

static void
put_header(const struct gaps_options *options, struct out *out)
{
	check_key(options);
	for (size_t i = 0; i < options->key.count; i++) {
		csvout_value(out, slice_of(options->key.names[i]));
		out_putc(out, ',');
	}
	out_puts(out, own_columns(options));
	out_putc(out, '\n');
}

/* The key as the beginning of a record that is to be written. */
static void
add_keyed_series(struct gaps_table *table, struct csvin *in,
    const struct csvin_batch *batch, size_t row)
{
	struct buf text = {.limit = SIZE_MAX};

	for (size_t i = 0; i < table->options->key.count; i++) {
		struct slice field =
		    csvin_batch_field(batch, row, table->key_at[i]);

		csvout_append(&text, csvin_value(in, field));
		buf_putc(&text, ',');
	}
	add_series(table, buf_text(&text));
	buf_release(&text);
}

/* The series of a record; mostly it is that of the one before. */
static struct series *
find_series(struct gaps_table *table, struct csvin *in,
    const struct csvin_batch *batch, size_t row)
{
	struct buf swapped = table->last_key;
	uint64_t number = table->count;
	bool fresh;

	if (!table->options->key.count)
		return &table->series[0];
	buf_clear(&table->key);
	for (size_t i = 0; i < table->options->key.count; i++) {
		struct slice field =
		    csvin_batch_field(batch, row, table->key_at[i]);

		/* a key of one part may be held exactly */
		if (table->options->key.count == 1)
			buf_add_slice(&table->key, csvin_value(in, field));
		else
			keyset_part(&table->key, csvin_value(in, field));
	}
	if (table->count &&
	    slice_equal(buf_slice(&table->key), buf_slice(&table->last_key)))
		return &table->series[table->last];
	fresh = keyset_add(table->keys, buf_slice(&table->key), &number);
	table->last = (size_t)number;
	if (fresh)
		add_keyed_series(table, in, batch, row);
	table->last_key = table->key;
	table->key = swapped;
	return &table->series[table->last];
}

static void
put_time(struct out *out, int64_t time)
{
	char text[CLOCK_SIZE];

	clock_format(time, text);
	out_puts(out, text);
	out_putc(out, ',');
}

static void
put_number(struct out *out, uint64_t number, char behind)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64 "%c", number, behind);
	out_puts(out, text);
}

static void
put_findings(const struct gaps_table *table, const struct series *series,
    const struct gaps_finding *found, int count, struct out *out)
{
	for (int i = 0; i < count && !table->options->totals; i++) {
		out_puts(out, series->key);
		out_puts(out, found[i].kind);
		out_putc(out, ',');
		put_time(out, found[i].from);
		put_time(out, found[i].to);
		put_number(out, found[i].count, '\n');
	}
}

/* Dies over the time of a record. */
static _Noreturn void
refuse(const struct gaps_table *table, struct csvin *in,
    const struct csvin_batch *batch, size_t row, const char *what)
{
	struct slice field = csvin_batch_field(batch, row, table->time_at);
	struct slice value = csvin_value(in, field);
	struct csvin_record record;

	csvin_batch_record(in, batch, row, &record);
	csvin_die(in, &record, "%s: '%.*s' is %s", table->options->column,
	    (int)value.len, value.data, what);
}

static void
take_row(struct gaps_table *table, struct csvin *in,
    const struct csvin_batch *batch, size_t row, struct out *out)
{
	const struct gaps_options *options = table->options;
	struct slice field = csvin_batch_field(batch, row, table->time_at);
	struct gaps_finding found[GAPS_FINDINGS];
	struct series *series;
	int64_t time;
	int count;

	if (clock_parse(csvin_value(in, field), &time))
		refuse(table, in, batch, row, "not a time");
	if (time < options->bounds.since || time > options->bounds.until)
		return;
	series = find_series(table, in, batch, row);
	count = gaps_add(&series->gaps, &options->step, time, found);
	if (count < 0)
		refuse(table, in, batch, row,
		    "before the time of an earlier record");
	if (count > 0)
		put_findings(table, series, found, count, out);
}

static void
put_coverage(struct buf *text, int64_t coverage)
{
	if (coverage >= 0)
		buf_printf(text, "%" PRId64 ".%06" PRId64, coverage / 1000000,
		    coverage % 1000000);
}

static void
put_totals(const struct series *series, struct out *out)
{
	const struct gaps *gaps = &series->gaps;
	struct buf coverage = {0};

	out_puts(out, series->key);
	if (gaps->begun) {
		put_time(out, gaps->first);
		put_time(out, gaps->last);
	} else
		out_puts(out, ",,");
	put_number(out, gaps->present + gaps->missing, ',');
	put_number(out, gaps->present, ',');
	put_number(out, gaps->missing, ',');
	put_number(out, gaps->duplicate, ',');
	put_number(out, gaps->off_grid, ',');
	put_coverage(&coverage, gaps_coverage(gaps));
	out_slice(out, buf_slice(&coverage));
	out_putc(out, '\n');
	buf_release(&coverage);
}

void
gaps_table_read(struct gaps_table *table, struct csvin *in, struct out *out)
{
	const struct gaps_options *options = table->options;
	struct csvin_record header;
	struct csvin_batch batch;

	if (!csvin_xnext(in, &header))
		return;
	take_header(table, in, &header);
	if (!options->totals)
		put_header(options, out);
	while (csvin_xnext_batch(in, &batch)) {
		for (size_t i = 0; i < batch.nrecords; i++)
			take_row(table, in, &batch, i, out);
	}
	/* totals that are not complete are not begun */
	if (options->totals)
		put_header(options, out);
	for (size_t i = 0; i < table->count; i++) {
		struct series *series = &table->series[i];
		struct gaps_finding found[GAPS_FINDINGS];
		int count = gaps_end(
		    &series->gaps, &options->step, options->bounds, found);

		put_findings(table, series, found, count, out);
		if (options->totals)
			put_totals(series, out);
	}
}

bool
gaps_table_covers(
    const struct gaps_table *table, int64_t least, struct buf *reason)
{
	const struct series *worst = NULL;
	size_t under = 0;

	for (size_t i = 0; i < table->count; i++) {
		const struct series *series = &table->series[i];
		int64_t coverage = gaps_coverage(&series->gaps);

		under += coverage < least;
		if (!worst || coverage < gaps_coverage(&worst->gaps))
			worst = series;
	}
	if (worst && !under)
		return true;
	if (!worst || gaps_coverage(&worst->gaps) < 0) {
		buf_puts(reason, "no interval is expected");
		return false;
	}
	if (*worst->key)
		buf_printf(
		    reason, "%.*s: ", (int)strlen(worst->key) - 1, worst->key);
	buf_puts(reason, "coverage ");
	put_coverage(reason, gaps_coverage(&worst->gaps));
	buf_puts(reason, " is under ");
	put_coverage(reason, least);
	if (under > 1)
		buf_printf(reason, ", as with %zu more of %zu keys", under - 1,
		    table->count);
	return false;
}
