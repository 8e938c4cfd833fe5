/* SPDX-License-Identifier: ISC */
#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "io.h"
#include "json_out.h"
#include "utf8.h"

static const struct {
	const char *type, *title, *description;
} types[] = {
    {"source-error", "Source Error",
	"the record cannot be read as CSV of the accepted dialect"},
    {"encoding-error", "Encoding Error", "the bytes are not UTF-8"},
    {"missing-label", "Missing Label",
	"the header lacks a column of the schema"},
    {"extra-label", "Extra Label",
	"the header has a column that the schema has not"},
    {"duplicate-label", "Duplicate Label", "two columns have one name"},
    {"incorrect-label", "Incorrect Label",
	"the columns are not in the order of the schema"},
    {"blank-row", "Blank Row", "the line is empty"},
    {"missing-cell", "Missing Cell",
	"the record has fewer fields than the header"},
    {"extra-cell", "Extra Cell", "the record has more fields than the header"},
    {"type-error", "Type Error", "the value does not fit the field's type"},
    {"constraint-error", "Constraint Error",
	"the value is outside a constraint of its field"},
    {"unique-error", "Unique Error",
	"the value of a unique field was there before"},
    {"primary-key-error", "Primary Key Error",
	"the key is incomplete or was there before"},
    {"row-constraint", "Row Constraint",
	"the record breaks a constraint between fields"},
};
enum { NTYPES = sizeof(types) / sizeof(types[0]) };

/* An error, with texts of our own. */
struct entry {
	const char *type;
	uint64_t row;
	size_t number;
	struct buf note, field, cell;
};

struct report {
	struct entry *entries;
	size_t count, cap;
	uint64_t errors;
	uint64_t of_type[NTYPES];
};

struct report *
report_new(void)
{
	return xcalloc(1, sizeof(struct report));
}

void
report_free(struct report *report)
{
	if (!report)
		return;
	for (size_t i = 0; i < report->count; i++) {
		buf_release(&report->entries[i].note);
		buf_release(&report->entries[i].field);
		buf_release(&report->entries[i].cell);
	}
	free(report->entries);
	free(report);
}

/* The index of a type; the last one for any that is not in the table. */
static size_t
find_type(const char *name)
{
	size_t type = 0;

	while (type < NTYPES - 1 && strcmp(types[type].type, name))
		type++;
	return type;
}

void
report_add(struct report *report, const struct report_error *error)
{
	struct entry *entry;

	report->errors++;
	report->of_type[find_type(error->type)]++;
	if (report->count == REPORT_LIMIT)
		return;
	report->entries = xgrow(report->entries, report->count, &report->cap,
	    sizeof(*report->entries));
	entry = &report->entries[report->count++];
	*entry = (struct entry){
	    .type = error->type, .row = error->row, .number = error->number};
	utf8_add(&entry->note, error->note, REPORT_TEXT_LIMIT);
	if (error->field)
		utf8_add(
		    &entry->field, slice_of(error->field), REPORT_TEXT_LIMIT);
	utf8_add(&entry->cell, error->cell, REPORT_TEXT_LIMIT);
}

static void
put_text(struct json_out *out, const char *key, const struct buf *text)
{
	json_key(out, key);
	json_put_string(out, buf_slice(text));
}

static void
put_entry(struct json_out *out, const struct entry *entry)
{
	size_t type = find_type(entry->type);
	struct buf message = {0};

	if (entry->row)
		buf_printf(
		    &message, "row %llu: ", (unsigned long long)entry->row);
	if (entry->field.len)
		buf_printf(&message, "field '%s': ", entry->field.data);
	buf_add_slice(&message, buf_slice(&entry->note));
	json_open(out, '{');
	json_pair_text(out, "type", entry->type);
	json_pair_text(out, "title", types[type].title);
	json_pair_text(out, "description", types[type].description);
	put_text(out, "message", &message);
	put_text(out, "note", &entry->note);
	if (entry->row)
		json_pair_int(out, "rowNumber", (int64_t)entry->row);
	if (entry->field.len)
		put_text(out, "fieldName", &entry->field);
	if (entry->number) {
		json_pair_int(out, "fieldNumber", (int64_t)entry->number);
		put_text(out, "cell", &entry->cell);
	}
	json_close(out, '}');
	buf_release(&message);
}

static void
put_counts(struct json_out *out, const struct report *report,
    const struct report_totals *totals)
{
	uint64_t accepted = totals->rows - totals->rejected;

	json_pair_int(out, "errors", (int64_t)report->errors);
	json_pair_int(out, "rows", (int64_t)totals->rows);
	json_pair_int(out, "accepted", (int64_t)accepted);
	json_pair_int(out, "rejected", (int64_t)totals->rejected);
	json_pair_int(out, "listed", (int64_t)report->count);
	json_key(out, "errorsByType");
	json_open(out, '{');
	for (size_t i = 0; i < NTYPES; i++) {
		if (report->of_type[i])
			json_pair_int(
			    out, types[i].type, (int64_t)report->of_type[i]);
	}
	json_close(out, '}');
}

static void
put_task(struct json_out *out, const struct report *report,
    const struct report_totals *totals)
{
	json_open(out, '{');
	json_pair_text(out, "name", totals->place);
	json_pair_text(out, "type", "table");
	json_pair_bool(out, "valid", report->errors == 0);
	json_pair_text(out, "place", totals->place);
	json_key(out, "labels");
	json_open(out, '[');
	for (size_t i = 0; i < totals->labels->count; i++) {
		struct buf label = {0};

		utf8_add(&label, slice_of(totals->labels->names[i]),
		    REPORT_TEXT_LIMIT);
		json_put_string(out, buf_slice(&label));
		buf_release(&label);
	}
	json_close(out, ']');
	json_key(out, "stats");
	json_open(out, '{');
	json_pair_int(out, "fields", (int64_t)totals->labels->count);
	put_counts(out, report, totals);
	json_close(out, '}');
	json_key(out, "errors");
	json_open(out, '[');
	for (size_t i = 0; i < report->count; i++)
		put_entry(out, &report->entries[i]);
	json_close(out, ']');
	json_close(out, '}');
}

void
report_print(const struct report *report, const struct report_totals *totals,
    struct buf *text)
{
	struct json_out out = {.buf = text, .lines = 4};
	struct buf warning = {0};
	bool cut = report->errors > report->count;

	json_open(&out, '{');
	json_pair_bool(&out, "valid", report->errors == 0);
	json_key(&out, "stats");
	json_open(&out, '{');
	json_pair_int(&out, "tasks", 1);
	put_counts(&out, report, totals);
	json_pair_int(&out, "warnings", cut);
	json_pair_number(&out, "seconds",
	    (double)(clock_now() - totals->start) / CLOCK_SECOND);
	json_close(&out, '}');
	json_key(&out, "warnings");
	json_open(&out, '[');
	if (cut) {
		buf_printf(&warning, "%zu of %" PRIu64 " errors are listed",
		    report->count, report->errors);
		json_put_string(&out, buf_slice(&warning));
		buf_release(&warning);
	}
	json_close(&out, ']');
	json_key(&out, "tasks");
	json_open(&out, '[');
	put_task(&out, report, totals);
	json_close(&out, ']');
	json_close(&out, '}');
}

void
report_xwrite(const struct report *report, const struct report_totals *totals,
    const char *path)
{
	struct buf text = {0};

	report_print(report, totals, &text);
	out_xwhole(path, buf_slice(&text));
	buf_release(&text);
}
