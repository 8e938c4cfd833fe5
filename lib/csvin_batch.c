/* SPDX-License-Identifier: ISC */
/*
 * csvin_batch - the records of the inputs, many at once
 *
 * Errors come out in the order of the input: a batch ends before the record
 * that is wrong, which is judged when it is the first that is left.
 */
#include "csvin_input.h"

#include <stdio.h>
#include <string.h>

#include "csvstrict.h"

/* A syntax error: -1, or 0 if the record is to be skipped instead. */
static int
refuse(struct csvin *in)
{
	const char *record = in->data + in->start;
	size_t known = in->scan.wrong + 1 - in->start;
	size_t at = csvstrict_offence(record, known);
	const char *reason = "text after a closing quote";

	if (at == known && record[--at] != '\0')
		return csvin_fail_at(in, csvin_line(in, in->scan.wrong),
		    "internal error: refused, but libcsv accepts it");
	if (record[at] == '"')
		reason = "quote inside an unquoted field";
	else if (record[at] == '\0')
		reason = in->records == 0 && at < 4 ? "NUL byte; is it UTF-16?"
						    : "NUL byte";
	at += in->start;
	if (in->records == 0 || !(in->flags & CSVIN_RECOVER))
		return csvin_fail_at(in, csvin_line(in, at), reason);
	in->broken = reason;
	in->skipped = at;
	return 0;
}

/* What is at the end of the input without a LF: 1 there is a record, 0, -1. */
static int
finish(struct csvin *in)
{
	if (in->start == in->len)
		return 0;
	if (in->scan.inside && !in->broken)
		return csvin_fail_at(
		    in, csvin_line(in, csvin_open_quote(in)), "unclosed quote");
	if (in->scan.cr && !in->broken)
		in->scan.wrong = in->len - 1;
	else
		csvin_terminate(in);
	return 1;
}

static int
read_on(struct csvin *in)
{
	int filled = in->at_end ? 0 : csvin_fill(in);

	return filled ? filled : finish(in);
}

/* Finds where the broken record ends: 1, or -1. */
static int
skip(struct csvin *in)
{
	const char *lf;

	while (!(
	    lf = memchr(in->data + in->skipped, '\n', in->len - in->skipped))) {
		in->skipped = in->len;
		if (read_on(in) < 0)
			return -1;
	}
	in->skipped = (size_t)(lf - in->data);
	return 1;
}

static int
fail_too_many(struct csvin *in)
{
	char reason[40];

	snprintf(
	    reason, sizeof(reason), "more than %d fields", CSVIN_FIELD_LIMIT);
	return csvin_fail_at(in, in->lines + 1, reason);
}

/* Scans what has been read: 1, or -1. */
static int
scan_on(struct csvin *in)
{
	size_t left = in->len - in->scan.at;
	struct csvscan *scan = &in->scan;

	if (scan->nseps > CSVIN_FIELD_LIMIT +
			      (scan->nends ? scan->count[scan->nends - 1] : 0))
		return fail_too_many(in);
	csvscan_run(scan, in->code, in->data,
	    scan->at + (left < in->step ? left : in->step));
	in->step *= in->step < in->read_size ? 2 : 1;
	return 1;
}

/* Finds a record, good or broken: 1, or 0 at the end of the input, or -1. */
static int
find_record(struct csvin *in)
{
	int found = 1;

	while (found > 0 && in->head == in->scan.nends) {
		if (in->broken)
			return skip(in);
		if (in->scan.wrong != CSVSCAN_NONE)
			found = refuse(in) ? -1 : 1;
		else if (in->scan.at < in->len)
			found = scan_on(in);
		else
			found = read_on(in);
	}
	return found;
}

/* Hands out the next n records, all with so many fields. */
static void
deliver(struct csvin *in, size_t n, size_t fields, struct csvin_batch *batch)
{
	struct csvscan *scan = &in->scan;
	uint32_t *end = scan->end + in->head, *sep = NULL;
	uint32_t start = (uint32_t)in->start;

	*batch = (struct csvin_batch){
	    .base = in->data + in->start,
	    .nrecords = n,
	    .end = end,
	    .ncolumns = fields,
	    .first_number = in->records + 1,
	    .first_line = in->lines + 1,
	    .quoted = scan->quoted != 0,
	};
	if (scan->fields)
		sep = scan->sep + (in->head ? scan->count[in->head - 1] : 0);
	batch->sep = sep;
	for (size_t i = 0; start && i < n; i++)
		end[i] -= start;
	for (size_t i = 0; start && sep && i < n * fields; i++)
		sep[i] -= start;
	for (size_t i = 0; i < n; i++)
		batch->crlf |= batch->base[(size_t)end[i] - 1] == '\r';
	in->lines += scan->multiline
			 ? in->code->lines(batch->base, end[n - 1] + (size_t)1)
			 : n;
	in->records += n;
	in->start += end[n - 1] + (size_t)1;
	in->head += n;
}

/* The broken record: 1. */
static int
take_broken(struct csvin *in, struct csvin_batch *batch)
{
	in->scan.end[0] = (uint32_t)in->skipped;
	in->scan.nends = 1;
	in->scan.multiline = 1;
	in->head = 0;
	deliver(in, 1, 0, batch);
	batch->sep = NULL;
	batch->error = in->broken;
	in->broken = NULL;
	in->step = CSVIN_FIRST_STEP;
	in->head = 0;
	csvscan_restart(&in->scan, in->start);
	return 1;
}

/* The header of an input: 1 if it is delivered, 0 if it is a repeat, or -1. */
static int
take_header(struct csvin *in, struct csvin_batch *batch)
{
	size_t fields = in->scan.count[0];
	struct slice header;

	if (fields > CSVIN_FIELD_LIMIT)
		return fail_too_many(in);
	deliver(in, 1, fields, batch);
	header = csvin_batch_slice(batch, 0);
	if (in->flags & CSVIN_RECORDS) {
		in->scan.fields = false;
		in->head = 0;
		csvscan_restart(&in->scan, in->start);
	}
	if (in->columns == 0) {
		in->columns = fields;
		buf_add_slice(&in->header, header);
		return 1;
	}
	if (slice_equal(header, buf_slice(&in->header)))
		return 0;
	in->records--;
	return csvin_fail_at(
	    in, batch->first_line, "header differs from the first file's");
}

/* The fields of record i of the scan. */
static size_t
fields_of(const struct csvscan *scan, size_t i)
{
	return scan->count[i] - (i ? scan->count[i - 1] : 0);
}

/* Counts the next records that have the header's number of fields. */
static size_t
count_good(const struct csvin *in)
{
	size_t i = in->head;

	while (i < in->scan.nends && fields_of(&in->scan, i) == in->columns)
		i++;
	return i - in->head;
}

static int
fail_shape(struct csvin *in, size_t fields, bool empty)
{
	char reason[80];

	if (empty)
		snprintf(reason, sizeof(reason),
		    "empty line, header has %zu fields", in->columns);
	else
		snprintf(reason, sizeof(reason), "%zu field%s, header has %zu",
		    fields, fields == 1 ? "" : "s", in->columns);
	return csvin_fail_at(in, in->lines + 1, reason);
}

/*
 * A record with another number of fields: 1 if it is delivered, 0 if it is
 * the empty line that may be last or that is not known yet, or -1.
 */
static int
take_odd(struct csvin *in, struct csvin_batch *batch)
{
	const char *record = in->data + in->start;
	size_t fields = fields_of(&in->scan, in->head);
	bool empty = *record == '\n' || (*record == '\r' && record[1] == '\n');

	if (empty && in->scan.end[in->head] + (size_t)1 == in->len) {
		if (!in->at_end)
			return csvin_fill(in) < 0 ? -1 : 0;
		deliver(in, 1, fields, batch);
		return 0;
	}
	if (fields > CSVIN_FIELD_LIMIT)
		return fail_too_many(in);
	if (!(in->flags & CSVIN_RAGGED))
		return fail_shape(in, fields, empty);
	deliver(in, 1, fields, batch);
	batch->ragged = true;
	return 1;
}

static int
take_records(struct csvin *in, struct csvin_batch *batch)
{
	size_t good = count_good(in);

	if (!good)
		return take_odd(in, batch);
	deliver(in, good, in->columns, batch);
	return 1;
}

int
csvin_find(struct csvin *in, struct csvin_batch *batch)
{
	for (;;) {
		int found = in->fd < 0 ? csvin_open(in) : 1;

		if (found <= 0)
			return found;
		found = find_record(in);
		if (found == 0 && csvin_close(in))
			found = -1;
		if (found > 0)
			found = in->broken         ? take_broken(in, batch)
				: in->records == 0 ? take_header(in, batch)
						   : take_records(in, batch);
		if (found)
			return found;
	}
}
