/* SPDX-License-Identifier: ISC */
/*
 * gate - bounds that metrics must keep
 *
 * A gate file is a JSON object that gives, for the name of a metric, an
 * object with some of min, max, max_drop_abs and max_drop_rel:
 *	{"r2_score": {"min": 0.5, "max_drop_abs": 0.01}}
 * The last two bound the loss against the metrics of an earlier run: by how
 * much the value is worse, in the direction of the metric (metrics.h), as it
 * is or as a share of the earlier value's size.
 *
 * What cannot be compared fails: a metric that is unknown, missing or
 * undefined, now or in the earlier run, and a bound that is not a number. A
 * gate that a typing error opens would be none.
 */
#ifndef GATE_H
#define GATE_H

#include "json.h"
#include "json_out.h"
#include "metrics.h"

struct gate {
	const char *name; /* of the file, borrowed */
	struct json *rules;
	struct json *previous; /* metrics of an earlier run, or NULL */
};

/*
 * Reads a gate file and, unless previous is NULL, the JSON that an earlier run
 * printed. Returns 0, and gate_release() frees; or -1 with "PATH: reason"
 * appended to error if the gate is not of that shape, is empty, or bounds a
 * loss without an earlier run, or if that is no JSON object.
 */
int gate_read(struct gate *gate, const char *path, const char *previous,
    struct buf *error);

/*
 * Adds to an open object "gate", which is "pass" or "fail", and "failed", one
 * text for each bound that is not kept, in the order of the metrics' names;
 * each is also a warning. Returns how many.
 */
size_t gate_report(const struct gate *gate, const struct metric *metrics,
    size_t count, struct json_out *json);

void gate_release(struct gate *gate);

#endif
