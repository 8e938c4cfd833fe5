/* SPDX-License-Identifier: ISC */
/*
 * csv-cast - columns and values as a schema says
 *
 * A value that is spelled as its type asks already passes as it is, quoting
 * included; only other spellings are written anew.
 */
#include <stdlib.h>

#include "cols.h"
#include "csvin.h"
#include "csvout.h"
#include "io.h"
#include "opt.h"
#include "schema.h"

static const struct option_row options[] = {
    {'s', "schema", "SCHEMA", "the table schema to follow"},
};

static const struct tool tool = {
    .name = "csv-cast",
    .synopsis = "-s SCHEMA [FILE...]",
    .summary = "bring CSV into the columns and types of a schema",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "csv-cast -s klines.schema.json < klines.csv",
};

struct cast {
	const struct schema *schema;
	long *column; /* of each field in the input, or -1 */
	struct buf line, spelled, note;
};

/* Finds the input's columns; one that is not required may lack. */
static void
find_columns(
    struct cast *cast, struct csvin *in, const struct csvin_record *header)
{
	struct cols names = {0};

	cols_from_header(&names, in, header);
	cast->column = xcalloc(cast->schema->nfields, sizeof(long));
	for (size_t i = 0; i < cast->schema->nfields; i++) {
		const struct schema_field *field = &cast->schema->fields[i];

		cast->column[i] =
		    field->required
			? (long)cols_require(&names, in, field->name)
			: cols_find(&names, slice_of(field->name));
	}
	cols_release(&names);
}

static void
write_header(const struct cast *cast, struct out *out)
{
	for (size_t i = 0; i < cast->schema->nfields; i++) {
		if (i)
			out_putc(out, ',');
		csvout_value(out, slice_of(cast->schema->fields[i].name));
	}
	out_putc(out, '\n');
}

/* Appends field i of the schema to the line. */
static void
cast_field(struct cast *cast, struct csvin *in, const struct csvin_record *row,
    size_t i)
{
	const struct schema_field *field = &cast->schema->fields[i];
	struct slice raw, value;

	if (cast->column[i] < 0)
		return;
	raw = csvin_field(row, (size_t)cast->column[i]);
	value = csvin_value(in, raw);
	if (schema_lacks(cast->schema, field, raw, value)) {
		if (field->required)
			csvin_die(in, row, "column '%s': the value is missing",
			    field->name);
		return;
	}
	buf_clear(&cast->spelled);
	if (schema_cast(field, value, &cast->spelled, &cast->note))
		csvin_die(in, row, "column '%s': %s", field->name,
		    buf_text(&cast->note));
	if (slice_equal(buf_slice(&cast->spelled), value))
		buf_add_slice(&cast->line, raw);
	else
		csvout_append(&cast->line, buf_slice(&cast->spelled));
}

static void
cast_all(struct cast *cast, struct csvin *in, struct out *out)
{
	struct csvin_record row;

	if (!csvin_xnext(in, &row))
		return;
	find_columns(cast, in, &row);
	write_header(cast, out);
	while (csvin_xnext(in, &row)) {
		/* whole lines, so that an error leaves none in part */
		buf_clear(&cast->line);
		for (size_t i = 0; i < cast->schema->nfields; i++) {
			if (i)
				buf_putc(&cast->line, ',');
			cast_field(cast, in, &row, i);
		}
		buf_putc(&cast->line, '\n');
		out_slice(out, buf_slice(&cast->line));
	}
}

int
main(int argc, char **argv)
{
	/* what a record of the input can become is bounded by its own size */
	struct cast cast = {.line.limit = SIZE_MAX};
	const char *path = NULL;
	struct schema *schema;
	struct opts opts;
	struct csvin *in;
	struct out out;

	opt_begin(&opts, &tool, argc, argv);
	while (opt_next(&opts) != -1)
		path = opts.arg;
	if (!path)
		opt_usage(&opts, "-s SCHEMA is missing");
	cast.schema = schema = schema_xread(path);
	in = csvin_new(opts.argv, opts.argc, 0);
	out_stdout(&out);
	csvin_tie(in, &out);
	cast_all(&cast, in, &out);
	csvin_free(in);
	schema_free(schema);
	free(cast.column);
	buf_release(&cast.line);
	buf_release(&cast.spelled);
	buf_release(&cast.note);
	return (int)out_finish(&out, STATUS_DONE);
}
