/* SPDX-License-Identifier: ISC */
/*
 * gate - bounds that metrics must keep
 *
 * A gate file is a JSON object that gives, for the name of a metric, an
 * object with min, max or both:
 *	{"r2_score": {"min": 0.5}, "mean_absolute_error": {"max": 100}}
 *
 * What cannot be compared fails: a metric that is unknown, missing or
 * undefined, and a bound that is not a number. A gate that a typing error
 * opens would be none.
 */
#ifndef GATE_H
#define GATE_H

#include "cols.h"
#include "json.h"
#include "metrics.h"

/*
 * Reads a gate file. Returns its rules, which json_free() frees, or NULL with
 * "PATH: reason" appended to error if it is not of that shape or is empty.
 */
struct json *gate_read(const char *path, struct buf *error);

/*
 * Appends to failures one text for each bound that is not kept, in the order
 * of the metrics' names; none if the gate passes.
 */
void gate_check(struct json *gate, const struct metric *metrics, size_t count,
    struct cols *failures);

#endif
