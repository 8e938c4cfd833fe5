/* SPDX-License-Identifier: ISC */
/*
 * csvscan - where records and fields end, 64 bytes at a time
 *
 * Each block of 64 bytes becomes masks, bit i for byte i, of its LFs, commas
 * and quotes. A prefix XOR of the quotes tells what lies inside of them; in
 * the same pass every quote is checked to stand where the dialect of
 * sluice(7) allows one, so that a stray quote cannot silently shift what is
 * inside and what is not.
 *
 * Offsets count from the first byte of the data, which may come in pieces:
 * what was scanned is not scanned again.
 */
#ifndef CSVSCAN_H
#define CSVSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No byte is wrong. */
#define CSVSCAN_NONE SIZE_MAX

/* csvscan_restart() makes one ready, out of {0} too. */
struct csvscan {
	bool fields; /* whether .sep is wanted; for the caller to say */

	size_t at;       /* bytes scanned */
	size_t wrong;    /* offset of a byte that must not be; ends the scan */
	uint64_t quoted; /* not 0 if a quote was met */
	uint64_t inner;  /* LFs inside quotes, up to .at; may be forgotten */
	uint32_t *end;   /* of each record, the offset of its LF */
	uint32_t *count; /* of each record, the separators up to that LF */
	size_t nends;
	uint32_t *sep; /* offsets of the separators: a comma, a record's LF */
	size_t nseps;  /* counted if .sep is not wanted, too */
	size_t end_cap, sep_cap;

	uint64_t inside; /* all bits are set if quotes are open */
	uint64_t closed; /* 1 if the last byte is a closing quote */
	uint64_t cr;     /* 1 if it is a CR behind a closing quote */
	uint64_t open;   /* not 0 if one of the three is not */
};

/* The inner loops for one instruction set. */
struct csvscan_code {
	const char *name;
	/* csvscan_run() but for NULs: returns true if there may be one */
	bool (*records)(struct csvscan *scan, const char *data, size_t len);
	bool (*fields)(struct csvscan *scan, const char *data, size_t len);
	size_t (*lines)(const char *data, size_t len); /* counts LFs */
};

/* All that are built, of which those for amd64 may not run here. */
extern const struct csvscan_code csvscan_avx512, csvscan_avx2, csvscan_sse2,
    csvscan_portable;

/* The code for "avx512" or another name; NULL if it cannot run here. */
const struct csvscan_code *csvscan_named(const char *name);

/* The fastest code that runs here. */
const struct csvscan_code *csvscan_best(void);

/*
 * Scans data up to offset len, at most 4 GiB - 64. The byte before the place
 * where the scan was restarted must be readable, and a LF. A NUL is wrong. A
 * CR behind a closing quote is wrong if no LF follows, which shows one byte
 * late. When a byte is wrong, the records that end before it have been found;
 * then the scan must be restarted.
 */
void csvscan_run(struct csvscan *scan, const struct csvscan_code *code,
    const char *data, size_t len);

/* Forgets what was found and goes on at offset at, where a record begins. */
void csvscan_restart(struct csvscan *scan, size_t at);

/*
 * Forgets nends records found and so many bytes, all before the records that
 * stay: offsets count from behind them. data is what is then the first byte.
 */
void csvscan_drop(
    struct csvscan *scan, size_t nends, size_t bytes, const char *data);

/* Frees the memory. */
void csvscan_release(struct csvscan *scan);

#endif
