/* SPDX-License-Identifier: ISC */
/*
 * http_trace - what requests and answers look like, for -v
 *
 * A line is "> " and what was sent, "< " and what was received, or "* " and
 * what was done about it. Nothing is shown that redact.h hides; session URIs
 * are shown as their host alone. Used by http alone, whose http_trace() turns
 * it on.
 */
#ifndef HTTP_TRACE_H
#define HTTP_TRACE_H

#include <stdbool.h>

#include "buf.h"

bool http_traced(void);

/* Shows each line of a text behind a mark. */
void http_trace_text(char mark, struct slice text);

/* Shows "* " and a line. */
void http_trace_note(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
