/* SPDX-License-Identifier: ISC */
/* A table's sums are those of its products, in any blocks, and come off. */
#include "exact.h"
#include "fuzz.h"

static bool
none_left(const struct state *state)
{
	bool none = true;

	for (size_t i = 0; i < state->terms.count; i++) {
		for (size_t j = 0; j <= i; j++)
			none = none &&
			       !bigint_sign(&state_pair(state, i, j)->value);
	}
	return none;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct exact_table table = {0};
	struct state state = {0};
	struct buf error = {0};

	exact_table((struct slice){(const char *)data, size}, &table);
	if (!exact_sums(&table, 0, false, &state)) {
		PROPERTY(!state_check(&state, &error) == (table.rows > 0));
		PROPERTY(!exact_sums(&table, EXACT_ROWS, true, &state));
		PROPERTY(none_left(&state));
		PROPERTY(!exact_sums(&table, 3, false, &state));
		PROPERTY(!exact_sums(&table, 1, true, &state));
		PROPERTY(none_left(&state));
	}
	buf_release(&error);
	state_release(&state);
	exact_free(table.cells, EXACT_COLUMNS * EXACT_ROWS);
	return 0;
}
