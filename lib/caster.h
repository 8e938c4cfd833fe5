/* SPDX-License-Identifier: ISC */
/*
 * caster - records brought into the columns and types of a schema
 *
 * A value that is spelled as its type asks passes as it is, quoting included,
 * and so do the commas between such values: what is left of the input as it
 * was is written in one piece, over many records if need be.
 */
#ifndef CASTER_H
#define CASTER_H

#include "csvin.h"
#include "schema.h"

struct caster;

/*
 * A caster of what in reads, to out; all are borrowed. caster_free() frees.
 */
struct caster *caster_new(
    const struct schema *schema, struct csvin *in, struct out *out);
void caster_free(struct caster *caster);

/*
 * Finds the columns and writes the schema's header. Dies as cols_require()
 * does if one lacks that is required.
 */
void caster_xheader(struct caster *caster, const struct csvin_record *header);

/*
 * Writes the records of a batch. At a value that does not fit its type, or is
 * required and missing, it dies as csvin_die() does; the records before are
 * written, and nothing of this one.
 */
void caster_xbatch(struct caster *caster, const struct csvin_batch *batch);

#endif
