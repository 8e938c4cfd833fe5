/* SPDX-License-Identifier: ISC */
/*
 * store_gcs - a store in a bucket of Cloud Storage
 *
 * The object NAME of gs://BUCKET/PREFIX is PREFIX/NAME in the bucket. See
 * gcs_upload.h, gcs_download.h and gcs_list.h for how bytes travel, gcp.h for
 * credentials and for the variable that leads to an emulator. An empty object
 * whose name ends in a slash stands for a folder, and is not listed.
 */
#ifndef STORE_GCS_H
#define STORE_GCS_H

#include "store.h"

/*
 * The store of "//BUCKET" or "//BUCKET/PREFIX", without slashes at the end; the
 * caller fills in location. NULL if that cannot be one.
 */
struct store *store_gcs_new(const char *location);

#endif
