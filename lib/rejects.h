/* SPDX-License-Identifier: ISC */
/*
 * rejects - the file of rejected records
 *
 * CSV with the columns of the input and six more: _row and _line, where the
 * record was, _field, _error and _note, the first thing that is wrong with
 * it, and _raw. A record with as many fields as the header stands in the
 * input's columns with its own bytes, and _raw is empty. Any other cannot be
 * aligned: the input's columns are empty, and its bytes are the value of _raw,
 * where a NUL, which CSV cannot hold, is U+FFFD.
 */
#ifndef REJECTS_H
#define REJECTS_H

#include "csvin.h"
#include "io.h"
#include "validator.h"

/* Writes the header: that of the input and the names of the six. */
void rejects_header(struct out *out, const struct csvin_record *header);

/* Writes a record; columns is the number of fields in the header. */
void rejects_row(struct out *out, const struct csvin_record *row,
    size_t columns, struct fault fault);

/* How many rejects are allowed: a number, or a share of all rows. */
struct rejects_limit {
	double value;
	bool percent;
};

/* An option's "N" or "N%": returns it, or dies saying what was wanted. */
struct rejects_limit rejects_option(const char *option, const char *text);

bool rejects_exceed(
    struct rejects_limit limit, uint64_t rejected, uint64_t rows);

#endif
