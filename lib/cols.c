/* SPDX-License-Identifier: ISC */
#include "cols.h"

#include <stdlib.h>
#include <string.h>

void
cols_add(struct cols *cols, struct slice name)
{
	cols->names =
	    xgrow(cols->names, cols->count, &cols->cap, sizeof(*cols->names));
	cols->names[cols->count++] = xslicedup(name);
}

void
cols_release(struct cols *cols)
{
	for (size_t i = 0; i < cols->count; i++)
		free(cols->names[i]);
	free(cols->names);
	*cols = (struct cols){0};
}

long
cols_find(const struct cols *cols, struct slice name)
{
	for (size_t i = 0; i < cols->count; i++) {
		if (slice_equal(slice_of(cols->names[i]), name))
			return (long)i;
	}
	return -1;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A name that stands twice, or NULL; sorted, since there may be thousands. */
static const char *
find_twin(const struct cols *cols)
{
	char **sorted = xcalloc(cols->count, sizeof(*sorted));
	const char *twin = NULL;

	memcpy(sorted, cols->names, cols->count * sizeof(*sorted));
	qsort(sorted, cols->count, sizeof(*sorted), compare_names);
	for (size_t i = 1; i < cols->count && !twin; i++) {
		if (!strcmp(sorted[i - 1], sorted[i]))
			twin = sorted[i];
	}
	free(sorted);
	return twin;
}

void
cols_from_header(
    struct cols *cols, struct csvin *in, const struct csvin_record *header)
{
	const char *twin;

	for (size_t i = 0; i < header->nfields; i++)
		cols_add(cols, csvin_value(in, csvin_field(header, i)));
	twin = find_twin(cols);
	if (twin)
		csvin_die(in, header, "column '%s' stands twice", twin);
}

/* Takes one name off a list; NULL, or the reason why it cannot be. */
static const char *
take_name(const char **list, struct buf *name)
{
	const char *at = *list;
	bool quoted = *at == '"';

	if (!quoted) {
		size_t len = strcspn(at, ",");

		buf_add(name, at, len);
		*list = at + len;
		return memchr(at, '"', len) ? "quote inside a name" : NULL;
	}
	for (at++; *at && (*at != '"' || at[1] == '"'); at++) {
		buf_putc(name, *at);
		at += *at == '"';
	}
	if (!*at)
		return "unclosed quote";
	*list = at + 1;
	return at[1] && at[1] != ',' ? "text after a closing quote" : NULL;
}

int
cols_from_list(struct cols *cols, const char *list, const char **reason)
{
	*reason = NULL;
	for (bool more = true; more && !*reason;) {
		struct buf name = {0};

		*reason = take_name(&list, &name);
		if (!*reason && name.len == 0)
			*reason = "a name is empty";
		if (!*reason && cols_find(cols, buf_slice(&name)) >= 0)
			*reason = "a name stands twice";
		if (!*reason)
			cols_add(cols, buf_slice(&name));
		more = *list == ',';
		list += more;
		buf_release(&name);
	}
	return *reason ? -1 : 0;
}

void
cols_option(struct cols *cols, const char *option, const char *list)
{
	const char *reason;

	if (cols_from_list(cols, list, &reason))
		die(STATUS_TROUBLE, "%s: '%s': %s", option, list, reason);
}

size_t
cols_require(const struct cols *cols, const struct csvin *in, const char *name)
{
	long found = cols_find(cols, slice_of(name));
	struct buf list = {0};

	if (found >= 0)
		return (size_t)found;
	for (size_t i = 0; i < cols->count; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", cols->names[i]);
	die(STATUS_TROUBLE, "%s: no column '%s'; it has %s", csvin_name(in),
	    name, buf_text(&list));
}
