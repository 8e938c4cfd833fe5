/* SPDX-License-Identifier: ISC */
#include "csvscan.h"

#include <stdlib.h>

#include "buf.h"

/* FIELD, RECORD and WRONG are not states but what the scan must act on. */
enum state {
	START,     /* at the first byte of a field */
	BARE,      /* in a field without quotes */
	QUOTED,    /* between a field's quotes */
	CLOSED,    /* behind a quote that closes, or begins "" */
	CLOSED_CR, /* behind a CR behind a closing quote */
	SKIPPED,   /* on the way to the next LF */
	NSTATES,
	FIELD = NSTATES,
	RECORD,
	WRONG,
};

enum byte_class { OTHER, COMMA, LF, CR, QUOTE, NUL, NCLASSES };

static const unsigned char class_of[256] = {
    ['\0'] = NUL,
    ['\n'] = LF,
    ['\r'] = CR,
    ['"'] = QUOTE,
    [','] = COMMA,
};

static const unsigned char machine[NSTATES][NCLASSES] = {
    [START] = {BARE, FIELD, RECORD, BARE, QUOTED, WRONG},
    [BARE] = {BARE, FIELD, RECORD, BARE, WRONG, WRONG},
    [QUOTED] = {QUOTED, QUOTED, QUOTED, QUOTED, CLOSED, WRONG},
    [CLOSED] = {WRONG, FIELD, RECORD, CLOSED_CR, QUOTED, WRONG},
    [CLOSED_CR] = {WRONG, WRONG, RECORD, WRONG, WRONG, WRONG},
    [SKIPPED] = {SKIPPED, SKIPPED, RECORD, SKIPPED, SKIPPED, SKIPPED},
};

void
csvscan_begin(struct csvscan *scan)
{
	scan->at = scan->nend = 0;
	scan->state = START;
	scan->quotes = false;
}

void
csvscan_end_field(struct csvscan *scan, size_t at)
{
	scan->end = xgrow(scan->end, scan->nend, &scan->cap, sizeof(size_t));
	scan->end[scan->nend++] = at;
}

/* Skips what stays in the state; returns where that ends. */
static size_t
skip_run(const struct csvscan *scan, const unsigned char *record, size_t len)
{
	size_t at = scan->at;

	if (scan->state == QUOTED) {
		while (at < len && record[at] != '"' && record[at] != '\0')
			at++;
	} else if (scan->state == BARE) {
		while (at < len && class_of[record[at]] == OTHER)
			at++;
	}
	return at;
}

enum csvscan_result
csvscan_run(struct csvscan *scan, const char *record, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)record;

	while ((scan->at = skip_run(scan, bytes, len)) < len) {
		int next = machine[scan->state][class_of[bytes[scan->at]]];

		if (next == RECORD)
			return CSVSCAN_RECORD;
		if (next == WRONG)
			return CSVSCAN_WRONG;
		if (next == FIELD) {
			csvscan_end_field(scan, scan->at);
			next = START;
		} else if (next == QUOTED && scan->state == START) {
			scan->quote = scan->at;
			scan->quotes = true;
		}
		scan->state = next;
		scan->at++;
	}
	return CSVSCAN_MORE;
}

enum csvscan_result
csvscan_last(struct csvscan *scan, size_t len)
{
	scan->at = len;
	if (scan->state == QUOTED)
		scan->at = scan->quote;
	else if (scan->state == CLOSED_CR)
		scan->at = len - 1;
	else
		return CSVSCAN_RECORD;
	return CSVSCAN_WRONG;
}

const char *
csvscan_reason(const struct csvscan *scan, const char *record)
{
	if (record[scan->at] == '\0')
		return "NUL byte";
	switch (scan->state) {
	case BARE:
		return "quote inside an unquoted field";
	case QUOTED:
		return "unclosed quote";
	default:
		return "text after a closing quote";
	}
}

void
csvscan_skip(struct csvscan *scan)
{
	scan->state = SKIPPED;
}

bool
csvscan_quoted(const struct csvscan *scan)
{
	return scan->state == QUOTED;
}

void
csvscan_release(struct csvscan *scan)
{
	free(scan->end);
	*scan = (struct csvscan){0};
}
