/* SPDX-License-Identifier: ISC */
/*
 * csvin - the CSV reader of every tool
 *
 * Reads one or more inputs as one stream of records. The dialect is that of
 * sluice(7): RFC 4180 made strict. The first record of each input is its
 * header; it fixes the number of fields, and the header of a second input
 * must equal the first one byte by byte and is not delivered again.
 *
 * Records come one by one from csvin_next(), or many at once from
 * csvin_next_batch(), which is faster; both are slices of the reader's buffer
 * with the bytes as they were read, quotes included; csvin_value() takes the
 * quotes off. Memory is one buffer of 256 KiB, which grows only to hold a
 * longer record, up to the limit, and the offsets of what is in 256 KiB.
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
	/*
	 * find only where records end, not where fields do, which is faster;
	 * the number of fields is checked all the same. All records but the
	 * header come without fields.
	 */
	CSVIN_RECORDS = 8,
};

enum {
	CSVIN_RECORD_LIMIT = 64 * 1024 * 1024, /* bytes of a record */
	CSVIN_FIELD_LIMIT = 64 * 1024,         /* fields of a record */
	CSVIN_SLACK = 64, /* bytes behind a batch that can be read */
};

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
 * Records that follow each other in memory, each with a LF behind it; a last
 * one without gets one. The header of the first input is a batch of its own;
 * so is a ragged record under CSVIN_RAGGED and one with an error under
 * CSVIN_RECOVER. All batches but the first and those have .ncolumns of the
 * header; no batch is empty.
 */
struct csvin_batch {
	const char *base; /* the first byte of the first record */
	size_t nrecords;
	/*
	 * end[i] is the offset from base of the LF of record i, which begins
	 * at 0, or at end[i - 1] + 1.
	 */
	const uint32_t *end;
	size_t ncolumns; /* fields of each record */
	/*
	 * sep[i * ncolumns + j] is the offset of what ends field j of record
	 * i: the comma, or the LF. NULL with CSVIN_RECORDS but for the header.
	 */
	const uint32_t *sep;
	uint64_t first_number; /* .number and .line of the first record */
	uint64_t first_line;
	bool quoted;       /* false: there is no quote in any record */
	bool crlf;         /* false: there is no CR before any of the LFs */
	bool ragged;       /* the only record has not the header's ncolumns */
	const char *error; /* the only record's, which then has no fields */
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
 * Fetches the next records: 1, or 0 at the end, or -1 with csvin_error(). The
 * batch and what csvin_value() returned for it last until the next call. It
 * begins behind the last record that csvin_next() delivered, so a tool may
 * take the header with that and the rest in batches. Between both kinds of
 * call the tool must be done with what the other has given.
 */
int csvin_next_batch(struct csvin *in, struct csvin_batch *batch);

/*
 * As if the reader had been made with CSVIN_RECORDS, for a tool that learns
 * from the header that it needs no more. To be called when a header has been
 * fetched and nothing behind it.
 */
void csvin_records_only(struct csvin *in);

/*
 * Record i of the batch that came last, as csvin_next() would deliver it; for
 * a message, or where the speed does not matter. Lasts until the next call.
 */
void csvin_batch_record(struct csvin *in, const struct csvin_batch *batch,
    size_t i, struct csvin_record *record);

/* The offset from base of record i's first byte. */
static inline size_t
csvin_batch_begin(const struct csvin_batch *batch, size_t i)
{
	return i ? batch->end[i - 1] + (size_t)1 : 0;
}

/* Record i of the batch, without its terminator. */
static inline struct slice
csvin_batch_slice(const struct csvin_batch *batch, size_t i)
{
	size_t begin = csvin_batch_begin(batch, i), end = batch->end[i];

	if (batch->crlf && end > begin && batch->base[end - 1] == '\r')
		end--;
	return (struct slice){batch->base + begin, end - begin};
}

/* Field j of record i of the batch, as it stands in the input. */
static inline struct slice
csvin_batch_field(const struct csvin_batch *batch, size_t i, size_t j)
{
	const uint32_t *sep = batch->sep + i * batch->ncolumns + j;
	size_t begin = j ? sep[-1] + (size_t)1 : csvin_batch_begin(batch, i);
	size_t end = *sep;

	if (batch->crlf && j + 1 == batch->ncolumns && end > begin &&
	    batch->base[end - 1] == '\r')
		end--;
	return (struct slice){batch->base + begin, end - begin};
}

/*
 * Goes back to the header of the first input, with CSVIN_REWIND. That a file
 * changed between its first opening and the end of its last reading is an
 * error of csvin_next().
 */
void csvin_rewind(struct csvin *in);

/*
 * Goes on reading the current input, of which the header was delivered, at an
 * offset where a record begins. Returns 0, or -1 with csvin_error() if it
 * cannot be sought. Lines and records are counted on as if there were nothing
 * in between.
 */
int csvin_seek(struct csvin *in, off_t offset);

/* "FILE: line N: record M: reason", after csvin_next() returned -1. */
const char *csvin_error(const struct csvin *in);

/* Inputs have these names in messages, one for each, borrowed. */
void csvin_call(struct csvin *in, char *const *names);

/* The name of the current input in messages. */
const char *csvin_name(const struct csvin *in);

/* The bytes of the record. */
static inline struct slice
csvin_bytes(const struct csvin_record *record)
{
	return (struct slice){record->data, record->len};
}

/* Field i of the record, as it stands in the input. */
struct slice csvin_field(const struct csvin_record *record, size_t i);

/*
 * The value of a field: without its quotes, and each doubled inner quote
 * single. Borrowed until the next csvin_next() or csvin_next_batch().
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
 * csvin_next() and csvin_next_batch() for tools that stop at the first error:
 * true while there are records; at an error they flush the tied output and
 * die with csvin_error() and STATUS_TROUBLE.
 */
bool csvin_xnext(struct csvin *in, struct csvin_record *record);
bool csvin_xnext_batch(struct csvin *in, struct csvin_batch *batch);

#endif
