/* SPDX-License-Identifier: ISC */
/*
 * show - a model for people: the table that R's summary prints
 */
#ifndef SHOW_H
#define SHOW_H

#include "cols.h"
#include "json.h"

/*
 * Appends the table of a model file: coefficients, their errors and tests, how
 * good the fit is, and what to mind. Returns 0, or -1 with a reason appended
 * to error: not a model.
 */
int show_text(struct json *model, struct buf *out, struct buf *error);

/* The same as one JSON object, with all digits and the warnings in a list. */
int show_json(struct json *model, struct buf *out, struct buf *error);

/* What to mind, one sentence each. */
void show_warnings(struct json *model, struct cols *warnings);

#endif
