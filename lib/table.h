/* SPDX-License-Identifier: ISC */
/*
 * table - records of CSV as a table for people
 *
 * Rows are gathered into a page, whose columns are then as wide as it needs.
 * A column of numbers is flush right. In a table that has to fit a screen,
 * first the longest texts are cut, never the numbers; then the last columns
 * are left out. What cannot stand in its column, because the record is short,
 * long or broken, stands behind the row, with the reason.
 */
#ifndef TABLE_H
#define TABLE_H

#include "csvin.h"

struct table;

struct table_style {
	size_t cell;   /* most columns of a cell, SIZE_MAX for no limit */
	size_t screen; /* columns for the table to fit, SIZE_MAX for none */
	bool colour;
	bool expanded; /* a line for each field */
};

/* A table under a header; table_free() frees. */
struct table *table_new(struct table_style style, struct csvin *in,
    const struct csvin_record *header);
void table_free(struct table *table);

/* The number of the row that is added next; from 1 if not set. */
void table_number(struct table *table, int64_t number);

/*
 * Adds a row. Returns true if the page is full: 1000 rows, 65,536 cells, or
 * 1 MiB.
 */
bool table_add(
    struct table *table, struct csvin *in, const struct csvin_record *row);

/*
 * Appends the page to text, and empties it; one without rows only if it is
 * the first. Returns the columns of its widest
 * line; with expanded, 0.
 */
size_t table_page(struct table *table, struct buf *text);

/* Appends what the last page left out: "; 2 columns not shown: a, b", or
 * nothing. */
void table_left_out(const struct table *table, struct buf *text);

#endif
