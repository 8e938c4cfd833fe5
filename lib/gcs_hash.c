/* SPDX-License-Identifier: ISC */
#include "gcs_hash.h"

#include <string.h>

/* Copies an item's value if it has the name, and the size of one. */
static void
take_item(
    const char *item, size_t len, const char *name, char *sum, size_t size)
{
	size_t start = strlen(name);

	if (len == start + size - 1 && !memcmp(item, name, start)) {
		memcpy(sum, item + start, size - 1);
		sum[size - 1] = '\0';
	}
}

void
gcs_hash_read(const char *header, struct gcs_hash *hash)
{
	while (*header) {
		size_t len;

		header += strspn(header, ", \t");
		len = strcspn(header, ", \t");
		take_item(
		    header, len, "crc32c=", hash->crc32c, sizeof(hash->crc32c));
		take_item(header, len, "md5=", hash->md5, sizeof(hash->md5));
		header += len;
	}
}
