/* SPDX-License-Identifier: ISC */
/*
 * gcp_endpoint - the address of a service in one spelling
 */
#ifndef GCP_ENDPOINT_H
#define GCP_ENDPOINT_H

#include "buf.h"

/*
 * Appends an address without what may stand around it: scheme is put before
 * it if it has none, and '/' and path ("/storage/v1") are taken from its end.
 */
void gcp_endpoint(
    struct buf *out, const char *address, const char *scheme, const char *path);

#endif
