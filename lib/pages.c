/* SPDX-License-Identifier: ISC */
#define _DEFAULT_SOURCE /* for MAP_ANONYMOUS and madvise() */
#include "pages.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "buf.h"

enum { HUGE_PAGE = 2 * 1024 * 1024 };

void *
pages_get(size_t size)
{
	size_t before;
	char *pages;

	if (size < HUGE_PAGE)
		return xcalloc(1, size);
	/* room to move the beginning to that of a huge page */
	pages = mmap(NULL, size + HUGE_PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		die(STATUS_TROUBLE, "%s", strerror(errno));
	before = -(uintptr_t)pages % HUGE_PAGE;
	if (before)
		munmap(pages, before);
	munmap(pages + before + size, HUGE_PAGE - before);
#ifdef MADV_HUGEPAGE
	madvise(pages + before, size, MADV_HUGEPAGE);
#endif
	return pages + before;
}

void
pages_free(void *pages, size_t size)
{
	if (size < HUGE_PAGE)
		free(pages);
	else
		munmap(pages, size);
}
