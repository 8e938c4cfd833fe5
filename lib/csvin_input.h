/* SPDX-License-Identifier: ISC */
/*
 * csvin_input - the inside of csvin: its state, its inputs and its buffer
 *
 * For the sources of csvin alone.
 */
#ifndef CSVIN_INPUT_H
#define CSVIN_INPUT_H

#include "arena.h"
#include "csvin.h"
#include "csvscan.h"
#include "source.h"

/*
 * How many bytes are scanned before what was found in them is delivered:
 * few where the scan is likely to be broken off, at a header and after an
 * error, and then twice as many each time.
 */
enum { CSVIN_FIRST_STEP = 512 };

struct csvin {
	char *const *paths;
	char *const *names; /* in messages; NULL: their own */
	int npaths;
	int current;            /* index of the open input */
	struct source *sources; /* of the inputs, for CSVIN_REWIND, or NULL */
	unsigned flags;
	struct out *tied;

	int fd; /* -1 while no input is open */
	bool at_end;
	bool begun; /* the place of a BOM lies behind */
	size_t read_size;
	char *room; /* the buffer: data with spare bytes before and behind */
	char *data;
	size_t cap;
	size_t start; /* first byte of the next record */
	size_t len;

	const struct csvscan_code *code;
	struct csvscan scan; /* of data, from start on */
	size_t head;         /* the scan's first record not delivered */
	size_t step;         /* bytes to scan before the next delivery */
	const char *broken;  /* why the record at start is skipped, or NULL */
	size_t skipped;      /* no LF was found before here, to end it */
	uint64_t lines;      /* LFs before start */
	uint64_t records;    /* delivered from this input */

	size_t columns;    /* of the header */
	struct buf header; /* of the first input, terminator left out */

	struct csvin_batch batch; /* what csvin_next() works off */
	size_t next;              /* the record of it to deliver */
	uint64_t next_line;
	/* a record of the batch that was given, and its line */
	size_t placed;
	uint64_t placed_line;
	size_t *end; /* the offsets of a record */
	size_t end_cap;
	struct arena values;
	struct buf error;
};

/* Sets the error to "FILE: line N: record M: reason", M the next; -1. */
int csvin_fail_at(struct csvin *in, uint64_t line, const char *reason);

/* Gives the buffer room for cap bytes, at most a record's limit. */
void csvin_resize(struct csvin *in, size_t cap);

/* Opens the next input: 1, or 0 if there is none, or -1. */
int csvin_open(struct csvin *in);

/* Ends an input; 0, or -1 if it was changed or could not be closed. */
int csvin_close(struct csvin *in);

/*
 * Reads more behind the record that is begun, which moves to the front of the
 * buffer: 1, or 0 at the end of this input, or -1.
 */
int csvin_fill(struct csvin *in);

/* csvin_seek(), but that it knows nothing of csvin_next(). */
int csvin_jump(struct csvin *in, off_t offset);

/*
 * Puts a LF behind the last record, where none is: CR LF behind a CR, which
 * is data and must not become the terminator's.
 */
void csvin_terminate(struct csvin *in);

/* csvin_next_batch(), but that it knows nothing of csvin_next(). */
int csvin_find(struct csvin *in, struct csvin_batch *batch);

/* The physical line of the byte at an offset of data, start or behind it. */
uint64_t csvin_line(const struct csvin *in, size_t at);

/* The offset in data of the quote last opened in the record begun, before end.
 */
size_t csvin_open_quote(const struct csvin *in, size_t end);

#endif
