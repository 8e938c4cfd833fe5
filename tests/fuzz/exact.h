/* SPDX-License-Identifier: ISC */
/*
 * exact - numbers and tables out of a harness's bytes, and what holds for them
 */
#ifndef EXACT_H
#define EXACT_H

#include "gram.h"
#include "ols.h"

/* value * 10^-scale */
struct exact {
	struct bigint value;
	size_t scale;
};

enum { EXACT_COLUMNS = 5, EXACT_ROWS = 64 };

/* Cells by rows. The first column is all ones. {0} can be read into. */
struct exact_table {
	struct exact cells[EXACT_COLUMNS * EXACT_ROWS];
	size_t rows, columns;
};

/*
 * Cuts the rest's bytes up to the next such byte, and reads them as a decimal;
 * -1 if they are none. Holds bigint_text() against decimal_canon().
 */
int exact_cut(struct slice *rest, char byte, struct exact *number);

/* One decimal on each of so many lines; false if one is none. */
bool exact_lines(struct slice text, struct exact *numbers, size_t count);

/* Frees so many numbers. */
void exact_free(struct exact *numbers, size_t count);

/*
 * A table of the decimals between commas; what is none is
 * passed over. The first byte tells its columns: '0' is one beside the ones,
 * '1' two, and so on. An incomplete row is left out. exact_free() frees all
 * cells.
 */
void exact_table(struct slice text, struct exact_table *table);

/*
 * Adds the table's sums of products, those of the terms "1", "a", "b", ..., or
 * takes them off: by gram.h, in blocks of so many rows, or for 0 one product
 * at a time. Returns 0, or -1 beyond the limit.
 */
int exact_sums(const struct exact_table *table, size_t block, bool subtract,
    struct state *state);

/*
 * True if X'X b is X'y in each coefficient's equation, but for what 20 digits
 * of its terms leave out.
 */
bool exact_solved(const struct ols_fit *fit, const struct ols_task *task);

#endif
