/* SPDX-License-Identifier: ISC */
/*
 * pages - memory for big tables that are read here and there
 *
 * From 2 MiB on it comes in huge pages where the system has them: then the
 * processor finds the memory behind an address several times faster.
 */
#ifndef PAGES_H
#define PAGES_H

#include <stddef.h>

/*
 * size bytes, all 0; pages_free() frees, given the same size. Dies, as
 * xmalloc() does, when memory runs out.
 */
void *pages_get(size_t size);
void pages_free(void *pages, size_t size);

#endif
