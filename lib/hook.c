/* SPDX-License-Identifier: ISC */
#include "hook.h"

#include <stdlib.h>

const char *
hook_text(const char *variable)
{
#ifdef SLUICE_TEST
	return getenv(variable);
#else
	(void)variable;
	return NULL;
#endif
}

size_t
hook_size(const char *variable, size_t usual)
{
	const char *text = hook_text(variable);
	unsigned long size = text ? strtoul(text, NULL, 10) : 0;

	return size ? size : usual;
}
