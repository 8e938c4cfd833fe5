/* SPDX-License-Identifier: ISC */
#include "uuid.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "io.h"

void
uuid_make(char text[UUID_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	static const char source[] = "/dev/urandom";
	unsigned char bytes[16];
	int fd = open(source, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || io_read(fd, bytes, sizeof(bytes)) != sizeof(bytes))
		die(STATUS_TROUBLE, "%s: %s", source, strerror(errno));
	close(fd);
	bytes[6] = (bytes[6] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*text++ = '-';
		*text++ = digits[bytes[i] >> 4];
		*text++ = digits[bytes[i] & 15];
	}
	*text = '\0';
}
