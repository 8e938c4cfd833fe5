/* SPDX-License-Identifier: ISC */
/*
 * grouped - the metrics of each group of rows
 *
 * The baseline of a row is the actual value before it in its own group.
 * Percentiles of a group are exact up to GROUPED_EXACT rows; beyond it memory
 * is about 0.4 MB a group (metrics.h).
 */
#ifndef GROUPED_H
#define GROUPED_H

#include "json_out.h"
#include "keyset.h"
#include "metrics.h"

enum { GROUPED_MAX = 1000, GROUPED_EXACT = 16384 };

struct grouped_group {
	char *name;
	struct metrics metrics;
};

/* {0} is valid and empty. */
struct grouped {
	struct keyset *keys; /* of names, to indexes */
	struct grouped_group *groups;
	size_t count, cap;
	size_t last; /* the group of the row before */
};

/*
 * Adds a row to the group of that name, as metrics_add() does. Returns 0, or
 * -1 if it would be one more than GROUPED_MAX groups.
 */
int grouped_add(struct grouped *grouped, struct slice name, double actual,
    double predicted);

/*
 * Adds to an open object "groups": an array with an object for each group, in
 * the order in which they came, of its name in "group" and its metrics, each
 * on a line.
 */
void grouped_report(struct grouped *grouped, struct json_out *json);

void grouped_release(struct grouped *grouped);

#endif
