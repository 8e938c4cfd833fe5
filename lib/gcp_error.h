/* SPDX-License-Identifier: ISC */
/*
 * gcp_error - what the body of an answer says about an error
 *
 * JSON as Google's APIs have it ("HTTP status and error codes for JSON" of
 * Cloud Storage, "Error messages" of BigQuery) and as OAuth has it (RFC 6749,
 * 5.2); XML of Cloud Storage; a page of HTML by a front end; another text; a
 * JSON that was cut; nothing.
 */
#ifndef GCP_ERROR_H
#define GCP_ERROR_H

#include "buf.h"

struct json;

enum { GCP_ERROR_TEXT = 600 }; /* most bytes of what is quoted */

/*
 * Appends to text "HTTP 412: conditionNotMet: At least ...", on one line and
 * without secrets, and to reason "conditionNotMet", if it is known. root is
 * the body as a tree, or NULL.
 */
void gcp_error_read(int status, struct slice body, struct json *root,
    struct buf *text, struct buf *reason);

#endif
