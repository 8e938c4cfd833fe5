/* SPDX-License-Identifier: ISC */
/*
 * csvscan - where the fields of a record end
 *
 * The dialect of sluice(7) as a machine over the bytes of one record, which
 * may come in pieces: what was scanned is not scanned again. Offsets count
 * from the record's first byte, so that the record may be moved in between.
 */
#ifndef CSVSCAN_H
#define CSVSCAN_H

#include <stdbool.h>
#include <stddef.h>

enum csvscan_result {
	CSVSCAN_MORE,   /* the record goes on behind the bytes given */
	CSVSCAN_RECORD, /* its LF is at .at */
	CSVSCAN_WRONG,  /* the byte at .at must not stand there */
};

/* {0} is valid and can be released. */
struct csvscan {
	size_t at;    /* bytes scanned */
	int state;    /* private */
	bool quotes;  /* a quote was met */
	size_t quote; /* where the last field with quotes opened */
	size_t *end;  /* where each field ended, but for the last one */
	size_t nend, cap;
};

/* Begins the next record. */
void csvscan_begin(struct csvscan *scan);

/* Scans on; len is the number of bytes of the record that are there. */
enum csvscan_result csvscan_run(
    struct csvscan *scan, const char *record, size_t len);

/*
 * Says that no byte follows the len scanned: CSVSCAN_RECORD, or CSVSCAN_WRONG
 * with .at at the offending byte, which is the opening quote if it is not
 * closed.
 */
enum csvscan_result csvscan_last(struct csvscan *scan, size_t len);

/* What is wrong, after CSVSCAN_WRONG; static. */
const char *csvscan_reason(const struct csvscan *scan, const char *record);

/* After CSVSCAN_WRONG: goes on to the next LF, whatever stands before it. */
void csvscan_skip(struct csvscan *scan);

/* True while a quote is open. */
bool csvscan_quoted(const struct csvscan *scan);

/* Ends a field in front of offset at. */
void csvscan_end_field(struct csvscan *scan, size_t at);

/* Frees the memory. */
void csvscan_release(struct csvscan *scan);

#endif
