/* SPDX-License-Identifier: ISC */
/*
 * fuzz - what the harnesses share
 *
 * A harness is one function, LLVMFuzzerTestOneInput(), which holds properties
 * of a module against an input. It is linked either with clang's fuzzer, which
 * makes up inputs (make fuzz), or with replay.c, which reads them from the
 * module's corpus (make check).
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has to hold for every input; the fuzzer keeps one on which we abort. */
static inline void
fuzz_property(bool holds, const char *property, const char *file, int line)
{
	if (!holds) {
		fprintf(stderr, "%s:%d: not so: %s\n", file, line, property);
		abort();
	}
}

#define PROPERTY(holds) fuzz_property((holds), #holds, __FILE__, __LINE__)

/* Cuts off the bytes of rest up to the next such byte, or all of them. */
static inline struct slice
fuzz_cut(struct slice *rest, char byte)
{
	const char *end =
	    rest->len ? memchr(rest->data, byte, rest->len) : NULL;
	size_t len = end ? (size_t)(end - rest->data) : rest->len;
	struct slice cut = {rest->data, len};

	rest->data += len + (end != NULL);
	rest->len -= len + (end != NULL);
	return cut;
}

#endif
