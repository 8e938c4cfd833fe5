/* SPDX-License-Identifier: ISC */
/*
 * csvstrict - the arbiter of CSV syntax: libcsv in strict mode
 *
 * libcsv looks at each byte for as long as the whole of csvin takes for ten,
 * so it is asked only about a record that csvin refuses.
 */
#ifndef CSVSTRICT_H
#define CSVSTRICT_H

#include <stddef.h>

/*
 * The offset of the byte that must not stand in the record, where len bytes
 * of it are known, or len if all of them may.
 */
size_t csvstrict_offence(const char *record, size_t len);

#endif
