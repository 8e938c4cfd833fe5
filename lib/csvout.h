/* SPDX-License-Identifier: ISC */
/*
 * csvout - CSV fields and records to an output
 *
 * Fields that a tool makes are quoted only where the dialect asks for it;
 * fields that it passes on are written with out_slice(), bytes as they came.
 */
#ifndef CSVOUT_H
#define CSVOUT_H

#include "csvin.h"
#include "io.h"

/* Writes a value as a field: quoted if it holds a comma, quote, CR or LF. */
void csvout_value(struct out *out, struct slice value);

/* Appends to buf what csvout_value() would write. */
void csvout_append(struct buf *buf, struct slice value);

/* Writes a record as it was read, and a LF. */
void csvout_record(struct out *out, const struct csvin_record *record);

/* Writes records of a batch, from one up to but not another, the same way. */
void csvout_records(
    struct out *out, const struct csvin_batch *batch, size_t from, size_t to);

#endif
