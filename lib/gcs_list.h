/* SPDX-License-Identifier: ISC */
/*
 * gcs_list - the objects of a bucket, page by page
 *
 * (Cloud Storage documentation, JSON API v1, "Objects: list".) In the order
 * of the bytes of their names. Memory is that of a page, 1,000 objects.
 */
#ifndef GCS_LIST_H
#define GCS_LIST_H

#include "gcs_object.h"

struct gcs_list;

/* Lists what begins with prefix; both borrowed. gcs_list_free() frees. */
struct gcs_list *gcs_list_new(
    struct gcp *gcp, const char *bucket, const char *prefix);
void gcs_list_free(struct gcs_list *list);

/*
 * Returns 1 and an object, whose texts live until the next call, 0 at the end,
 * or -1 with a reason in gcs_list_error().
 */
int gcs_list_next(struct gcs_list *list, struct gcs_object *object);

/* Of the last failure; borrowed. */
const char *gcs_list_error(const struct gcs_list *list, enum status *status);

#endif
