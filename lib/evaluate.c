/* SPDX-License-Identifier: ISC */
#include "evaluate.h"

#include "cells.h"
#include "cols.h"

/* The index of the column of groups, or 0 without one. */
static size_t
find_group(const struct evaluate *evaluate, struct csvin *in,
    const struct csvin_record *header)
{
	struct cols present = {0};
	size_t at = 0;

	cols_from_header(&present, in, header);
	if (evaluate->group)
		at = cols_require(&present, in, evaluate->group);
	cols_release(&present);
	return at;
}

void
evaluate_xread(struct evaluate *evaluate, struct csvin *in)
{
	struct cols columns = {0};
	struct cells cells = {0};
	struct csvin_record row;
	size_t group;

	cols_add(&columns, slice_of(evaluate->target));
	cols_add(&columns, slice_of(evaluate->predicted));
	if (!csvin_xnext(in, &row))
		die(STATUS_TROUBLE, "%s: empty, without a header",
		    csvin_name(in));
	cells_require(&cells, &columns, in, &row);
	group = find_group(evaluate, in, &row);
	while (csvin_xnext(in, &row)) {
		cells_xread(&cells, in, &row);
		metrics_add(&evaluate->whole, cells.values[0], cells.values[1]);
		if (evaluate->group &&
		    grouped_add(&evaluate->grouped,
			csvin_value(in, csvin_field(&row, group)),
			cells.values[0], cells.values[1]))
			csvin_die(in, &row, "column '%s': more than %d groups",
			    evaluate->group, GROUPED_MAX);
	}
	cells_release(&cells);
	cols_release(&columns);
}

void
evaluate_release(struct evaluate *evaluate)
{
	metrics_release(&evaluate->whole);
	grouped_release(&evaluate->grouped);
}
