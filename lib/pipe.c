/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* for F_SETPIPE_SZ */
#include "pipe.h"

#include <fcntl.h>

void
pipe_widen(int fd)
{
#ifdef F_SETPIPE_SZ
	fcntl(fd, F_SETPIPE_SZ, 1024 * 1024);
#else
	(void)fd;
#endif
}
