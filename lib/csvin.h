/* SPDX-License-Identifier: ISC */
/*
 * csvin - the CSV reader of every tool
 *
 * Reads one or more inputs as one stream of records. The dialect is that of
 * sluice(7): RFC 4180 made strict. The first record of each input is its
 * header; it fixes the number of fields, and the header of a second input
 * must equal the first one byte by byte and is not delivered again.
 *
 * Records come as slices of the reader's buffer with the bytes as they were
 * read, quotes included; csvin_value() takes the quotes off. Memory is one
 * buffer of 256 KiB, which grows only to hold a longer record, up to the
 * limit.
 */
#ifndef CSVIN_H
#define CSVIN_H

#include <stdint.h>

#include "buf.h"
#include "io.h"

struct csvin;

enum csvin_flags {
	/* deliver records whose field count is not that of the header */
	CSVIN_RAGGED = 1,
	/*
	 * deliver a record with a syntax error whole, with .error set and no
	 * fields, and go on behind the next LF
	 */
	CSVIN_RECOVER = 2,
	/* allow csvin_rewind(): what cannot be sought is copied when opened */
	CSVIN_REWIND = 4,
};

enum { CSVIN_RECORD_LIMIT = 64 * 1024 * 1024 };

struct csvin_record {
	const char *data; /* the record's bytes, terminator left out */
	size_t len;
	const size_t *end; /* end[i] is the offset behind field i */
	size_t nfields;
	uint64_t number;   /* the header is 1; counted per input */
	uint64_t line;     /* physical line of the first byte, from 1 */
	const char *error; /* CSVIN_RECOVER: what is wrong, or NULL */
};

/*
 * A reader over the named files, or over standard input if npaths is 0; "-"
 * is standard input. Paths are borrowed. Files are opened when their turn
 * comes. csvin_free() frees.
 */
struct csvin *csvin_new(char *const *paths, int npaths, unsigned flags);
void csvin_free(struct csvin *in);

/*
 * Ties the reader to an output: before a read that would block, what is
 * buffered in out is flushed, so that a slow input is seen through at once;
 * and reading stops with an error as soon as writing has failed.
 */
void csvin_tie(struct csvin *in, struct out *out);

/*
 * Fetches the next record: 1, or 0 at the end, or -1 with csvin_error(). The
 * record and what csvin_value() returned for it last until the next call.
 */
int csvin_next(struct csvin *in, struct csvin_record *record);

/*
 * Goes back to the header of the first input, with CSVIN_REWIND. That a file
 * changed between its first opening and the end of its last reading is an
 * error of csvin_next().
 */
void csvin_rewind(struct csvin *in);

/* "FILE: line N: record M: reason", after csvin_next() returned -1. */
const char *csvin_error(const struct csvin *in);

/* The name of the current input in messages. */
const char *csvin_name(const struct csvin *in);

/* Field i of the record, as it stands in the input. */
struct slice csvin_field(const struct csvin_record *record, size_t i);

/*
 * The value of a field: without its quotes, and each doubled inner quote
 * single. Borrowed until the next csvin_next().
 */
struct slice csvin_value(struct csvin *in, struct slice field);

/*
 * Flushes the tied output, since what was written before an error stays, and
 * dies with "FILE: line N: record M: reason" and STATUS_TROUBLE, where the
 * record is the one given.
 */
_Noreturn void csvin_die(const struct csvin *in,
    const struct csvin_record *record, const char *fmt, ...) PRINTF_LIKE(3, 4);

/*
 * csvin_next() for tools that stop at the first error: true while there are
 * records; at an error it flushes the tied output and dies with csvin_error()
 * and STATUS_TROUBLE.
 */
bool csvin_xnext(struct csvin *in, struct csvin_record *record);

#endif
