/* SPDX-License-Identifier: ISC */
/*
 * keyset_hash - 64-bit hashes of many values (XXH3)
 *
 * The same on every machine and in every run: for counting, not for tables
 * that an attacker may fill.
 */
#ifndef KEYSET_HASH_H
#define KEYSET_HASH_H

#include <stdint.h>

#include "buf.h"

/* Writes the hash of each of the values. */
void keyset_hash(const struct slice *values, size_t count, uint64_t *hashes);

#endif
