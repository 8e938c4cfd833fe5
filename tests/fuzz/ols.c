/* SPDX-License-Identifier: ISC */
/* A fit to a table's last column solves the equations, or there is a reason. */
#include "exact.h"
#include "fuzz.h"

static void
fit(const struct ols_task *task)
{
	struct ols_fit f;
	struct buf why = {0};

	if (!ols_fit(&f, task, &why)) {
		PROPERTY(exact_solved(&f, task) && f.sse->sign == !f.perfect);
		PROPERTY(f.r2->sign >= 0 && f.r2->exponent <= 1);
	}
	PROPERTY(!why.len == (f.numbers != NULL));
	ols_release(&f);
	buf_release(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct exact_table table = {0};
	struct state state = {0};
	struct ols_task task = {.state = &state, .level = 0.95};

	exact_table((struct slice){(const char *)data, size}, &table);
	task.x = (const size_t[]){1, 2, 3};
	task.nx = table.columns - 2;
	task.y = table.columns - 1;
	if (table.rows && !exact_sums(&table, EXACT_ROWS, false, &state)) {
		fit(&task);
		task.intercept = true;
		fit(&task);
	}
	state_release(&state);
	exact_free(table.cells, EXACT_COLUMNS * EXACT_ROWS);
	return 0;
}
