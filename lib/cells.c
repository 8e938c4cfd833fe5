/* SPDX-License-Identifier: ISC */
#include "cells.h"

#include <math.h>
#include <stdlib.h>

#include "num.h"

void
cells_require(struct cells *cells, const struct cols *names, struct csvin *in,
    const struct csvin_record *header)
{
	struct cols present = {0};

	cols_from_header(&present, in, header);
	cells->names = names;
	cells->at = xcalloc(names->count + 1, sizeof(*cells->at));
	cells->values = xcalloc(names->count + 1, sizeof(*cells->values));
	for (size_t i = 0; i < names->count; i++)
		cells->at[i] = cols_require(&present, in, names->names[i]);
	cols_release(&present);
}

void
cells_xheader(struct cells *cells, const struct cols *names, struct csvin *in)
{
	struct csvin_record header;

	if (!csvin_xnext(in, &header))
		die(STATUS_TROUBLE, "%s: empty, without a header",
		    csvin_name(in));
	cells_require(cells, names, in, &header);
}

const char *
cells_xread(
    struct cells *cells, struct csvin *in, const struct csvin_record *record)
{
	const char *missing = NULL;

	for (size_t i = 0; i < cells->names->count; i++) {
		const char *name = cells->names->names[i];
		struct slice text =
		    csvin_value(in, csvin_field(record, cells->at[i]));

		if (text.len == 0) {
			cells->values[i] = NAN;
			missing = missing ? missing : name;
		} else if (num_double(text, &cells->values[i])) {
			csvin_die(in, record,
			    "column '%s': '%.*s' is not a number", name,
			    (int)text.len, text.data);
		}
	}
	return missing;
}

void
cells_release(struct cells *cells)
{
	free(cells->at);
	free(cells->values);
	*cells = (struct cells){0};
}
